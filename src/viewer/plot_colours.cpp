#include "viewer/plot_colours.h"

#include <algorithm>
#include <numbers>

#include "report/colour.h"

namespace shadenet {

ImU32 channel_colour(std::size_t i, std::size_t n) {
    const double turns =
        0.2 / std::numbers::pi + static_cast<double>(i) / static_cast<double>(std::max<std::size_t>(n, 1));
    const auto [red, green, blue] = i % 2 == 0 ? oklch(0.68, 0.15, turns) : oklch(0.87, 0.10, turns);
    return ImGui::ColorConvertFloat4ToU32(
        {static_cast<float>(red), static_cast<float>(green), static_cast<float>(blue), 1});
}

ImU32 faint(ImU32 colour) {
    const ImU32 alpha = (colour & IM_COL32_A_MASK) >> IM_COL32_A_SHIFT;
    return (colour & ~IM_COL32_A_MASK) | (alpha * 3 / 10 << IM_COL32_A_SHIFT);
}

}  // namespace shadenet
