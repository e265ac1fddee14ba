// The loss over the epochs.
#pragma once

#include "viewer/epoch_curves.h"
#include "viewer/scale_switch.h"
#include "viewer/selection.h"

namespace shadenet {

class LossPanel {
  public:
    /// The key L changes between linear and logarithmic. A floor of the loss is a horizontal line, within the
    /// axis.
    void draw(const PanelFrame& frame);

  private:
    void draw_numbers(std::uint32_t shown_epoch, const RunStory& story, Layout& layout) const;

    EpochCurves curves_;
    Curve floor_;  ///< the floor for every epoch; empty if there is none
    ScaleSwitch scale_;
};

}  // namespace shadenet
