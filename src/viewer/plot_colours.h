// The colours of what is drawn by hand.
#pragma once

#include <cstddef>

#include <imgui.h>

namespace shadenet {

ImU32 series_training();
ImU32 series_validation();
ImU32 series_floor();

/// Of channel `i` of `n`: hues evenly around the circle, every second one lighter, so that neighbours differ
/// twice.
ImU32 channel_colour(std::size_t i, std::size_t n);

/// The same colour, hardly there: for what stands behind, or is not pointed at.
ImU32 faint(ImU32 colour);

}  // namespace shadenet
