// How the window looks.
#pragma once

#include <array>

namespace shadenet {

/// The colour that every frame begins with: red, green, blue, alpha.
std::array<float, 4> background_colour();

/// The length of `heights` times the height of the current font, in pixels.
float em(float heights);

/// Sets colours and sizes of the current Dear ImGui context, for a screen where things are `scale` times as
/// large as usual. The plots' colours are in plot_colours.h.
void apply_theme(float scale);

}  // namespace shadenet
