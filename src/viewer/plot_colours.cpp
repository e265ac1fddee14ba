#include "viewer/plot_colours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace shadenet {

namespace {

float srgb(float linear) {
    linear = std::clamp(linear, 0.0f, 1.0f);
    return linear <= 0.0031308f ? 12.92f * linear : 1.055f * std::pow(linear, 1 / 2.4f) - 0.055f;
}

/// A colour in Oklab, where equal lightness looks equally light in every hue.
ImU32 oklch(float lightness, float chroma, float hue) {
    const float a = chroma * std::cos(hue), b = chroma * std::sin(hue);
    const std::array<float, 3> roots = {lightness + 0.3963377774f * a + 0.2158037573f * b,
                                        lightness - 0.1055613458f * a - 0.0638541728f * b,
                                        lightness - 0.0894841775f * a - 1.2914855480f * b};
    const float l = roots[0] * roots[0] * roots[0];
    const float m = roots[1] * roots[1] * roots[1];
    const float s = roots[2] * roots[2] * roots[2];
    return ImGui::ColorConvertFloat4ToU32({srgb(4.0767416621f * l - 3.3077115913f * m + 0.2309699292f * s),
                                           srgb(-1.2684380046f * l + 2.6097574011f * m - 0.3413193965f * s),
                                           srgb(-0.0041960863f * l - 0.7034186147f * m + 1.7076147010f * s),
                                           1});
}

}  // namespace

ImU32 series_training() {
    return IM_COL32(92, 172, 238, 255);
}

ImU32 series_validation() {
    return IM_COL32(244, 164, 76, 255);
}

ImU32 series_floor() {
    return IM_COL32(150, 150, 150, 255);
}

ImU32 channel_colour(std::size_t i, std::size_t n) {
    const float turn = static_cast<float>(i) / static_cast<float>(std::max<std::size_t>(n, 1));
    const float hue = 0.4f + turn * 2 * std::numbers::pi_v<float>;
    return i % 2 == 0 ? oklch(0.68f, 0.15f, hue) : oklch(0.87f, 0.10f, hue);
}

ImU32 faint(ImU32 colour) {
    const ImU32 alpha = (colour & IM_COL32_A_MASK) >> IM_COL32_A_SHIFT;
    return (colour & ~IM_COL32_A_MASK) | (alpha * 3 / 10 << IM_COL32_A_SHIFT);
}

}  // namespace shadenet
