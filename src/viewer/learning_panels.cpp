#include "viewer/learning_panels.h"

#include "viewer/answers_panel.h"
#include "viewer/parameter_panels.h"
#include "viewer/speed_panel.h"

namespace shadenet {

namespace {

/// A tab whose content scrolls. The content is drawn only if the tab is open.
template <class Content>
void tab(const char* title, const char* name, Layout& layout, const Content& content) {
    const bool open = ImGui::BeginTabItem(title);
    layout.last_item(name);
    if (!open) return;
    ImGui::BeginChild(title, {0, 0}, false, ImGuiWindowFlags_NoBackground);
    content();
    ImGui::EndChild();
    ImGui::EndTabItem();
}

}  // namespace

std::optional<std::uint32_t> LearningPanels::draw(const RunStory& story, std::uint32_t shown_epoch,
                                                  Layout& layout) {
    const PanelFrame frame{story, shown_epoch, selection_, layout};
    selection_.begin_frame();
    if (!ImGui::BeginTabBar("learning")) return std::nullopt;
    tab("Learning", "tab.learning", layout, [&] {
        loss_.draw(frame);
        both_.draw(frame);
        statistics_.draw(frame);
        draw_speed_panel(story, layout);
    });
    tab("Parameters", "tab.parameters", layout, [&] {
        draw_filters_panel(frame);
        draw_table_panel(frame);
    });
    if (story.test) tab("Answers", "tab.answers", layout, [&] { draw_answers_panel(*story.test, layout); });
    ImGui::EndTabBar();
    return selection_.asked_epoch;
}

}  // namespace shadenet
