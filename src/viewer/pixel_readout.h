// The numbers of the pixel under the cursor.
#pragma once

#include <optional>

#include "viewer/layout.h"
#include "viewer/pictures_view.h"

namespace shadenet {

/// The width of the readout: with the scales 0..1 and 0..255, or only 0..255.
float readout_width(bool both_scales);
float readout_height();

/// Draws x and y, and below a row each for input, output, target and the output's difference from target or
/// input. Without a cursor the rows have dashes.
void draw_pixel_readout(const PicturesView& view, std::optional<PixelPosition> pixel, bool has_target,
                        ImVec2 min, bool both_scales, Layout& layout);

}  // namespace shadenet
