// How the window looks.
#pragma once

#include <array>

namespace shadenet {

/// What every frame begins with: red, green, blue, alpha.
std::array<float, 4> background_colour();

/// A length in heights of the current letters, in pixels.
float em(float heights);

/// Colours and sizes of the current Dear ImGui context, for a screen where things are `scale` times as large
/// as usual. Those of the plots are in plot_colours.h.
void apply_theme(float scale);

}  // namespace shadenet
