// The weights of both convolutions as small pictures.
#pragma once

#include <cstdint>

#include "viewer/layout.h"
#include "viewer/run_story.h"
#include "viewer/selection.h"

namespace shadenet {

/// Draws into the current window: a coloured picture for each filter of conv1, and a row of grey kernels for
/// each output channel of conv2. 0 is mid grey; the layer's largest |weight| is black or white.
void draw_filters_panel(const RunStory& story, std::uint32_t shown_epoch, Selection& selection,
                        Layout& layout);

}  // namespace shadenet
