// How fast the run goes, and when it will be done.
#pragma once

#include <optional>

#include "viewer/layout.h"
#include "viewer/run_story.h"

namespace shadenet {

struct Speed {
    double step_seconds, pictures_per_second, epochs_per_minute, seconds_left;
};

/// From the median duration of the last 20 epochs. Nothing while no epoch has been measured.
std::optional<Speed> speed_of(const RunStory& story);

/// Into the current window.
void draw_speed_panel(const RunStory& story, Layout& layout);

}  // namespace shadenet
