#include "viewer/help_overlay.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "viewer/shortcuts.h"

namespace shadenet {

namespace {

struct HelpRow {
    ActionGroup group;
    std::string keys;
    const char* description;
};

/// Actions that share a description are one row: "Home, End".
std::vector<HelpRow> help_rows() {
    std::vector<HelpRow> rows;
    for (const Shortcut& shortcut : shortcuts()) {
        const bool same = !rows.empty() && rows.back().group == shortcut.group &&
                          std::string_view(rows.back().description) == shortcut.description;
        if (same) {
            rows.back().keys += std::string(", ") + shortcut.keys;
        } else {
            rows.push_back({shortcut.group, shortcut.keys, shortcut.description});
        }
    }
    return rows;
}

void draw_row(const char* keys, const char* description, float key_width) {
    const float left = ImGui::GetCursorPosX();
    ImGui::TextUnformatted(keys);
    ImGui::SameLine();
    ImGui::SetCursorPosX(left + key_width);
    ImGui::TextDisabled("%s", description);
}

void draw_group(const std::vector<HelpRow>& rows, ActionGroup group, float key_width) {
    ImGui::TextUnformatted(group_titles[group]);
    ImGui::Separator();
    for (const HelpRow& row : rows) {
        if (row.group == group) draw_row(row.keys.c_str(), row.description, key_width);
    }
    ImGui::Spacing();
}

/// Two columns if the screen is wide enough, otherwise one that scrolls.
void draw_columns(float width) {
    const std::vector<HelpRow> rows = help_rows();
    float keys = 0, descriptions = 0;
    for (const HelpRow& row : rows) {
        keys = std::max(keys, ImGui::CalcTextSize(row.keys.c_str()).x);
        descriptions = std::max(descriptions, ImGui::CalcTextSize(row.description).x);
    }
    keys += 2 * ImGui::GetFontSize();
    const float column = keys + descriptions, gap = 3 * ImGui::GetFontSize();
    const bool two = 2 * column + gap <= width;
    if (!ImGui::BeginTable("keys", two ? 2 : 1, ImGuiTableFlags_SizingFixedFit)) return;
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, column + gap / 2);
    if (two) ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, column + gap / 2);
    ImGui::TableNextColumn();
    draw_group(rows, ActionGroup::training, keys);
    draw_group(rows, ActionGroup::zoom, keys);
    ImGui::TableNextColumn();
    draw_group(rows, ActionGroup::view, keys);
    draw_group(rows, ActionGroup::window, keys);
    ImGui::TextUnformatted("Mouse, fields");
    ImGui::Separator();
    for (const Gesture& gesture : gestures()) draw_row(gesture.keys, gesture.description, keys);
    ImGui::Spacing();
    ImGui::EndTable();
}

}  // namespace

void HelpOverlay::draw(Layout& layout) {
    if (pressed(Action::help)) toggle();
    if (pressed(Action::close_help)) open_ = false;
    const bool appears = open_ && !shown_;
    shown_ = open_;
    if (!open_) return;

    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const ImVec2 most = {std::max(screen.x * 0.95f, 1.0f), std::max(screen.y * 0.95f, 1.0f)};
    if (appears) ImGui::SetNextWindowFocus();
    ImGui::SetNextWindowPos({screen.x / 2, screen.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
    ImGui::SetNextWindowSizeConstraints({0, 0}, most);
    ImGui::SetNextWindowBgAlpha(1);
    constexpr ImGuiWindowFlags flags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                       ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                                       ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings |
                                       ImGuiWindowFlags_NoNav;
    if (ImGui::Begin("###help", nullptr, flags)) draw_columns(most.x - 2 * ImGui::GetStyle().WindowPadding.x);
    const ImVec2 min = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    layout.region("help", {min, {min.x + size.x, min.y + size.y}});
    ImGui::End();
}

}  // namespace shadenet
