#include "viewer/theme.h"

#include <cstdint>

#include <imgui.h>

namespace shadenet {

namespace {

/// 0xRRGGBB
ImVec4 rgb(std::uint32_t code, float alpha = 1) {
    return {static_cast<float>(code >> 16 & 255) / 255, static_cast<float>(code >> 8 & 255) / 255,
            static_cast<float>(code & 255) / 255, alpha};
}

const struct {
    ImVec4 window, panel, frame, text, faint_text, accent, grid;
} colours{.window = rgb(0x16191f),
          .panel = rgb(0x1e222a),
          .frame = rgb(0x2b313c),
          .text = rgb(0xe4e7ec),
          .faint_text = rgb(0x98a1b0),
          .accent = rgb(0x4c8dd6),
          .grid = rgb(0xffffff, 0.10f)};

ImVec4 mixed(const ImVec4& a, const ImVec4& b, float share) {
    const auto mix = [&](float x, float y) { return x + (y - x) * share; };
    return {mix(a.x, b.x), mix(a.y, b.y), mix(a.z, b.z), mix(a.w, b.w)};
}

ImVec4 transparent(ImVec4 colour, float alpha) {
    colour.w = alpha;
    return colour;
}

/// Sets the colours for idle, under the mouse, and pressed.
void set_three(ImGuiStyle& style, ImGuiCol first, const ImVec4& idle) {
    style.Colors[first] = idle;
    style.Colors[first + 1] = mixed(idle, colours.accent, 0.35f);
    style.Colors[first + 2] = mixed(idle, colours.accent, 0.65f);
}

void set_colours(ImGuiStyle& style) {
    const auto& t = colours;
    auto& c = style.Colors;
    c[ImGuiCol_Text] = t.text;
    c[ImGuiCol_TextDisabled] = t.faint_text;
    c[ImGuiCol_TextSelectedBg] = transparent(t.accent, 0.4f);
    c[ImGuiCol_WindowBg] = t.window;
    c[ImGuiCol_ChildBg] = t.panel;
    c[ImGuiCol_PopupBg] = t.panel;
    c[ImGuiCol_MenuBarBg] = t.panel;
    c[ImGuiCol_Border] = mixed(t.panel, t.faint_text, 0.3f);
    c[ImGuiCol_TitleBg] = c[ImGuiCol_TitleBgCollapsed] = t.panel;
    c[ImGuiCol_TitleBgActive] = t.frame;
    c[ImGuiCol_ScrollbarBg] = transparent(t.window, 0.5f);
    c[ImGuiCol_CheckMark] = c[ImGuiCol_NavHighlight] = c[ImGuiCol_SliderGrabActive] = t.accent;
    c[ImGuiCol_SliderGrab] = mixed(t.frame, t.accent, 0.7f);
    c[ImGuiCol_Tab] = t.panel;
    c[ImGuiCol_TabHovered] = mixed(t.frame, t.accent, 0.6f);
    c[ImGuiCol_TabActive] = mixed(t.frame, t.accent, 0.35f);
    c[ImGuiCol_TableHeaderBg] = t.frame;
    c[ImGuiCol_TableBorderStrong] = c[ImGuiCol_Border];
    c[ImGuiCol_TableBorderLight] = t.grid;
    c[ImGuiCol_TableRowBgAlt] = transparent(t.faint_text, 0.06f);
    set_three(style, ImGuiCol_FrameBg, t.frame);
    set_three(style, ImGuiCol_Button, mixed(t.frame, t.accent, 0.15f));
    set_three(style, ImGuiCol_Header, mixed(t.frame, t.accent, 0.2f));
    set_three(style, ImGuiCol_Separator, c[ImGuiCol_Border]);
    set_three(style, ImGuiCol_ResizeGrip, t.frame);
    set_three(style, ImGuiCol_ScrollbarGrab, mixed(t.frame, t.faint_text, 0.3f));
}

}  // namespace

std::array<float, 4> background_colour() {
    const ImVec4& colour = colours.panel;
    return {colour.x, colour.y, colour.z, colour.w};
}

float em(float heights) {
    return heights * ImGui::GetFontSize();
}

void tooltip(const std::string& text) {
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", text.c_str());
}

void same_line_if_fits(float width) {
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    if (ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width <= right) ImGui::SameLine();
}

void apply_theme(float scale) {
    ImGuiStyle style;
    ImGui::StyleColorsDark(&style);
    set_colours(style);
    style.WindowPadding = {10, 10};
    style.FramePadding = {8, 4};
    style.ItemSpacing = {8, 6};
    style.FrameRounding = style.GrabRounding = style.TabRounding = 4;
    style.WindowRounding = style.ChildRounding = style.PopupRounding = 6;
    style.WindowBorderSize = 0;
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

}  // namespace shadenet
