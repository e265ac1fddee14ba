// The moving statistics of every norm layer over the epochs.
#pragma once

#include <array>

#include "viewer/epoch_curves.h"
#include "viewer/scale_switch.h"
#include "viewer/selection.h"

namespace shadenet {

class StatisticsPanel {
  public:
    /// For each norm layer a legend and two plots, side by side if the window is wide enough. `height` is the
    /// height of a plot (0: in proportion to its width).
    void draw(const PanelFrame& panel, float height = 0);

  private:
    struct Frame;
    struct Statistic;
    void draw_layer(const Frame& frame, std::size_t layer);
    void draw_statistic(const Frame& frame, std::size_t layer, const Statistic& statistic);

    EpochCurves curves_;
    std::array<ScaleSwitch, 2> variance_scales_;
};

}  // namespace shadenet
