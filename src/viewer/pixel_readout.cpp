#include "viewer/pixel_readout.h"

#include <cmath>

#include <fmt/format.h>

#include "viewer/theme.h"

namespace shadenet {

namespace {

// In heights of the font.
constexpr float kName = 5, kBetween = 0.4f, kLine = 1.2f, kLines = 5;

/// Always short, so that no column runs into the next.
std::string number(float value, int digits) {
    if (std::isfinite(value) && std::abs(value) >= 10000) return fmt::format("{:.0e}", value);
    return fmt::format("{:.{}f}", value, digits);
}

void text_right(ImVec2 right_top, const std::string& text, ImU32 colour) {
    const float width = ImGui::CalcTextSize(text.c_str()).x;
    ImGui::GetWindowDrawList()->AddText({right_top.x - width, right_top.y}, colour, text.c_str());
}

/// Three columns of one scale: where they begin, the width of each, the number shown for 1, and the digits.
struct Scale {
    float left, column, factor;
    int digits;
    float right(std::size_t c) const { return em(left + column * static_cast<float>(c + 1)); }
};
constexpr Scale kBytes = {kName, 3.4f, 255, 1};
constexpr Scale kUnits = {kName + 3 * 3.4f + kBetween, 3.9f, 1, 4};

void draw_numbers(const PixelValue& value, ImVec2 min, const Scale& scale, ImU32 colour) {
    for (std::size_t c = 0; c < 3; ++c) {
        const std::string text = value ? number((*value)[c] * scale.factor, scale.digits) : "-";
        text_right({min.x + scale.right(c), min.y}, text, colour);
    }
}

void draw_channel_names(ImVec2 min, const Scale& scale, ImU32 colour) {
    constexpr const char* names[] = {"R", "G", "B"};
    for (std::size_t c = 0; c < 3; ++c) text_right({min.x + scale.right(c), min.y}, names[c], colour);
}

PixelValue minus(const PixelValue& a, const PixelValue& b) {
    if (!a || !b) return std::nullopt;
    return std::array<float, 3>{(*a)[0] - (*b)[0], (*a)[1] - (*b)[1], (*a)[2] - (*b)[2]};
}

void report(Layout& layout, const std::string& name, const PixelValue& value) {
    constexpr const char* channels[] = {".red", ".green", ".blue"};
    for (std::size_t c = 0; value && c < 3; ++c) layout.value("pixel." + name + channels[c], (*value)[c]);
}

void draw_readout_heading(std::optional<PixelPosition> pixel, ImVec2 min, bool both_scales, ImU32 colour) {
    const std::string place = pixel ? fmt::format("x {}  y {}", pixel->x, pixel->y) : "no pixel";
    ImGui::GetWindowDrawList()->AddText(min, ImGui::GetColorU32(ImGuiCol_Text), place.c_str());
    draw_channel_names(min, kBytes, colour);
    if (both_scales) draw_channel_names(min, kUnits, colour);
}

}  // namespace

float readout_width(bool both_scales) {
    return both_scales ? kUnits.right(2) : kBytes.right(2);
}

float readout_height() {
    return em(kLines * kLine);
}

void draw_pixel_readout(const PicturesView& view, std::optional<PixelPosition> pixel, bool has_target,
                        ImVec2 min, bool both_scales, Layout& layout) {
    struct Line {
        const char* name;
        PixelValue value;
    };
    const PixelValues values = pixel ? view.values : PixelValues{};
    const PixelValue target = has_target ? values.target : std::nullopt;
    const Line lines[] = {{"input", values.input},
                          {"output", values.output},
                          {"target", target},
                          {"difference", minus(values.output, has_target ? target : values.input)}};
    const ImU32 text = ImGui::GetColorU32(ImGuiCol_Text), dim = ImGui::GetColorU32(ImGuiCol_TextDisabled);
    draw_readout_heading(pixel, min, both_scales, dim);
    ImVec2 at = min;
    for (const Line& line : lines) {
        at.y += em(kLine);
        ImGui::GetWindowDrawList()->AddText(at, dim, line.name);
        draw_numbers(line.value, at, kBytes, text);
        if (both_scales) draw_numbers(line.value, at, kUnits, text);
        report(layout, line.name, line.value);
    }
    layout.region("readout", {min, {min.x + readout_width(both_scales), min.y + readout_height()}});
}

}  // namespace shadenet
