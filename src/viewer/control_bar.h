// The controls of a run: start and pause, steps, rates, the shown statistics and the shown epoch.
#pragma once

#include <cstdint>
#include <optional>

#include "train/options/options.h"
#include "viewer/layout.h"
#include "viewer/stage.h"
#include "viewer/training_session.h"

namespace shadenet {

struct ControlView {
    std::optional<RunStatus> run;  ///< none when nothing is trained
    bool can_begin_again = false;  ///< there are options for a new run
    bool has_norm = false;
    ShownStatistics statistics = ShownStatistics::moving;
    bool statistics_fit = true;
    std::uint32_t last_epoch = 0, epochs = 0;  ///< epochs so far, and epochs of the whole run
    std::uint32_t shown_epoch = 0;
    bool follows = true;  ///< always shows the latest epoch
};

struct ControlWishes {
    bool start_pause = false, one_step = false, one_epoch = false, stop = false, new_run = false;
    std::optional<Rates> rates;
    std::optional<ShownStatistics> statistics;
    std::optional<std::uint32_t> epoch;  ///< the epoch to show
    bool follow = false;                 ///< always show the latest epoch
};

class ControlBar {
  public:
    /// Draws into the current window, and handles the frame's keys.
    ControlWishes draw(const ControlView& view, Layout& layout);

  private:
    void draw_rates(const ControlView& view, ControlWishes& wishes, Layout& layout);

    Rates edited_{};  ///< the rates while a field is being edited
    bool editing_ = false;
};

}  // namespace shadenet
