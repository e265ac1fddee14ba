// The numbers of the pixel under the cursor.
#pragma once

#include <optional>

#include "viewer/layout.h"
#include "viewer/pictures_view.h"

namespace shadenet {

/// The width that the readout takes: with 0..1 beside 0..255, or without it.
float readout_width(bool both_scales);
float readout_height();

/// A row each for input, output, target and the output's difference from target or input; x and y above.
/// Stays where it is without a cursor, with dashes.
void draw_pixel_readout(const PicturesView& view, std::optional<PixelPosition> pixel, bool has_target,
                        ImVec2 min, bool both_scales, Layout& layout);

}  // namespace shadenet
