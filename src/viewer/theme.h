// How the window looks.
#pragma once

#include <array>
#include <string>

namespace shadenet {

/// The colour that every frame begins with: red, green, blue, alpha.
std::array<float, 4> background_colour();

/// The length of `heights` times the height of the current font, in pixels.
float em(float heights);

/// Shows the text while the mouse is over the item drawn last.
void tooltip(const std::string& text);
/// Begins an item of this width beside the one drawn last, or below it if there is no room.
void same_line_if_fits(float width);

/// Sets colours and sizes of the current Dear ImGui context, for a screen where things are `scale` times as
/// large as usual. The plots' colours are in plot_colours.h.
void apply_theme(float scale);

}  // namespace shadenet
