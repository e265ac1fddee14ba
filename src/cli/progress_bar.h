// A progress bar with the time that is left, on a terminal only.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/live_block.h"

namespace shadenet {

/// Draws on stderr, below everything that is written meanwhile, at most ten times a second. Where nothing can
/// be redrawn it writes nothing at all.
class ProgressBar {
  public:
    /// Lines to stand above the bar, which find this room there.
    using LinesAbove = std::function<std::vector<std::string>(TerminalSize room)>;

    explicit ProgressBar(bool wanted);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// `done` of `total`, in any unit. The first call starts the clock: what it says is done took no time.
    /// `above` is asked when the bar is drawn.
    void show(double done, double total, const std::string& label, const LinesAbove& above = {});
    /// Wipes the bar and what is above it. The next show() draws it again at once.
    void clear();

  private:
    using Clock = std::chrono::steady_clock;

    bool enabled_;
    bool visible_ = false;
    std::optional<Clock::time_point> start_;
    double done_at_start_ = 0;
    Clock::time_point drawn_;
};

/// The line itself, `columns` wide at most: "epoch 3/200  [=====>    ]  45 %  12 s left". `seconds_left`
/// below zero: not known yet.
std::string progress_text(double fraction, double seconds_left, const std::string& label,
                          std::size_t columns);

}  // namespace shadenet
