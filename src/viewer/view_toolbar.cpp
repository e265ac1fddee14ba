#include "viewer/view_toolbar.h"

#include "viewer/shortcuts.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

/// Places an item beside the last one, or below if it does not fit.
class Row {
  public:
    void next(float width) {
        if (!first_) same_line_if_fits(width);
        first_ = false;
    }

  private:
    bool first_ = true;
};

float button_width(const std::string& label) {
    return ImGui::CalcTextSize(label.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
}

bool tool_button(Row& row, const std::string& label, Action action, bool chosen, const std::string& name,
                 Layout& layout) {
    row.next(button_width(label));
    if (chosen) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive));
    const bool clicked = ImGui::Button((label + "###" + name).c_str());
    if (chosen) ImGui::PopStyleColor();
    action_tooltip(action);
    layout.last_item("button." + name);
    return clicked;
}

void mode_buttons(Row& row, ViewSettings& settings, Layout& layout) {
    struct Choice {
        const char* label;
        Action action;
        ViewMode mode;
        const char* name;
    };
    constexpr Choice choices[] = {
        {"Side by side", Action::side_by_side, ViewMode::side_by_side, "side_by_side"},
        {"Wipe", Action::wipe, ViewMode::wipe, "wipe"},
        {"Single", Action::single, ViewMode::single, "single"},
        {"Difference", Action::difference, ViewMode::difference, "difference"},
    };
    for (const Choice& choice : choices) {
        const bool chosen = settings.mode == choice.mode;
        if (tool_button(row, choice.label, choice.action, chosen, choice.name, layout)) {
            settings.mode = choice.mode;
        }
    }
}

/// The button shows the current choice, and a click takes the next.
void sides_button(Row& row, ViewSettings& settings, bool has_target, Layout& layout) {
    std::string label;
    if (settings.mode == ViewMode::wipe) {
        const auto sides = wipe_sides(settings, has_target);
        label = fmt::format("{} | {}", kind_names[sides[0]], kind_names[sides[1]]);
    } else if (settings.mode == ViewMode::single) {
        label = kind_names[pane_pictures(settings, has_target).front()];
    } else {
        return;
    }
    if (tool_button(row, label, Action::sides, false, "sides", layout)) take_next_sides(settings, has_target);
}

void gain_slider(Row& row, ViewSettings& settings, Layout& layout) {
    if (settings.mode != ViewMode::difference) return;
    const float width = 10 * ImGui::GetFontSize();
    row.next(width);
    ImGui::SetNextItemWidth(width);
    constexpr ImGuiSliderFlags flags = ImGuiSliderFlags_Logarithmic | ImGuiSliderFlags_AlwaysClamp;
    ImGui::SliderFloat("##gain", &settings.gain, 1, ViewSettings::kLargestGain, "gain %.1f", flags);
    // The user may type NaN.
    if (!(settings.gain >= 1)) settings.gain = 1;
    action_tooltip(Action::gain);
    layout.last_item("slider.gain");
}

void zoom_buttons(Row& row, ViewTransform& transform, Layout& layout) {
    if (tool_button(row, "Fit", Action::fit, transform.fitted(), "fit", layout)) transform.fit();
    const bool whole = !transform.fitted() && transform.zoom() == 1;
    if (tool_button(row, "1:1", Action::one_to_one, whole, "one_to_one", layout)) transform.one_to_one();
}

/// Last in the row: its width changes.
void zoom_text(Row& row, const ViewTransform& transform) {
    const double parts = 100 * transform.zoom();
    const std::string percent = fmt::format("{:.{}f} %", parts, parts < 10 ? 1 : 0);
    row.next(ImGui::CalcTextSize(percent.c_str()).x);
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("%s", percent.c_str());
}

}  // namespace

void draw_view_toolbar(ViewSettings& settings, ViewTransform& transform, bool has_target, Layout& layout) {
    Row row;
    mode_buttons(row, settings, layout);
    zoom_buttons(row, transform, layout);
    sides_button(row, settings, has_target, layout);
    gain_slider(row, settings, layout);
    zoom_text(row, transform);
}

}  // namespace shadenet
