// The colours of everything that is not a widget of Dear ImGui.
#pragma once

#include <cstddef>

#include <imgui.h>

namespace shadenet {

inline constexpr ImU32 series_training = IM_COL32(92, 172, 238, 255);
inline constexpr ImU32 series_validation = IM_COL32(244, 164, 76, 255);
inline constexpr ImU32 series_floor = IM_COL32(150, 150, 150, 255);

/// The colour of channel `i` of `n`. Hues lie evenly around the circle, and every second colour is lighter,
/// so that neighbours differ in two ways.
ImU32 channel_colour(std::size_t i, std::size_t n);

/// The same colour, much fainter: for things in the background, or not under the mouse.
ImU32 faint(ImU32 colour);

}  // namespace shadenet
