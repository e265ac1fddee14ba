// The speed of the run, and when it will be done.
#pragma once

#include <optional>

#include "viewer/layout.h"
#include "viewer/run_story.h"

namespace shadenet {

struct Speed {
    double step_seconds, pictures_per_second, epochs_per_minute, seconds_left;
};

/// From the median duration of the last 20 epochs. None while no epoch has been measured.
std::optional<Speed> speed_of(const RunStory& story);

/// Draws into the current window.
void draw_speed_panel(const RunStory& story, Layout& layout);

}  // namespace shadenet
