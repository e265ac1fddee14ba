// The numbers of every channel in a table.
#pragma once

#include <cstdint>

#include "viewer/layout.h"
#include "viewer/run_story.h"
#include "viewer/selection.h"

namespace shadenet {

/// Draws into the current window: for each norm layer γ, β and the moving statistics of its channels after
/// the shown epoch, or the biases of the convolutions in a network without norm. Long tables scroll.
void draw_table_panel(const RunStory& story, std::uint32_t shown_epoch, Selection& selection, Layout& layout);

}  // namespace shadenet
