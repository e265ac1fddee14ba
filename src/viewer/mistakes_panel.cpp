#include "viewer/mistakes_panel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>
#include <imgui.h>

#include "base/one_line.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

// In heights of the font.
constexpr float mistake_side = 6, mistake_gap = 1;

/// The names of classes are the user's.
std::string class_text(const TestResults& test, std::uint32_t number) {
    return on_one_line(test.classes[number]);
}

/// Below the picture, cut off at the end of its cell.
void draw_line(const std::string& text, ImVec2 at, ImGuiCol colour) {
    const ImVec4 clip = {at.x, at.y, at.x + em(mistake_side), at.y + ImGui::GetTextLineHeight()};
    ImGui::GetWindowDrawList()->AddText(nullptr, 0, at, ImGui::GetColorU32(colour), text.c_str(), nullptr, 0,
                                        &clip);
}

/// As large as the cell allows, in its middle.
ScreenRectangle place_in_cell(ImVec2 cell, float aspect) {
    const float side = em(mistake_side);
    const float shape = std::isfinite(aspect) && aspect > 0 ? std::clamp(aspect, 0.01f, 100.0f) : 1;
    const float width = std::min(side, side * shape), height = std::min(side, side / shape);
    const ImVec2 min = {cell.x + (side - width) / 2, cell.y + (side - height) / 2};
    return {min, {min.x + width, min.y + height}};
}

}  // namespace

PicturesWishes draw_mistakes_panel(const TestResults& test, const PicturesView& view, PicturePainter& painter,
                                   Layout& layout) {
    PicturesWishes wishes;
    if (ImGui::BeginChild("mistakes", {0, 0}, false, ImGuiWindowFlags_NoBackground)) {
        const std::size_t shown = std::min(view.pictures.size(), test.worst.size());
        ImGui::TextDisabled("%s", fmt::format("the worst mistakes on the test pictures: {} of {}", shown,
                                              test.pictures() - test.correct())
                                      .c_str());
        const float line = ImGui::GetTextLineHeight(), width = em(mistake_side);
        for (std::size_t i = 0; i < shown; ++i) {
            const Mistake& mistake = test.worst[i];
            if (i > 0) same_line_if_fits(width + em(mistake_gap));
            const ImVec2 cell = ImGui::GetCursorScreenPos();
            ImGui::PushID(static_cast<int>(i));
            ImGui::InvisibleButton("mistake", {width, width + 3 * line});
            ImGui::PopID();
            if (!ImGui::IsItemVisible()) continue;
            wishes.thumbnails.push_back(i);
            const ScreenRectangle place = place_in_cell(cell, view.pictures[i].aspect);
            painter.draw(*ImGui::GetWindowDrawList(), {PictureKind::thumbnail, i}, {place.min, place.max});
            layout.region(fmt::format("mistake.{}", i), place);
            const std::string answer =
                fmt::format("{} {:.1f} %", class_text(test, mistake.answer), 100 * mistake.probability);
            const std::string label = fmt::format("is {} {:.1f} %", class_text(test, mistake.label),
                                                  100 * mistake.right_probability);
            draw_line(answer, {cell.x, cell.y + width + 2}, ImGuiCol_Text);
            draw_line(label, {cell.x, cell.y + width + 2 + line}, ImGuiCol_TextDisabled);
            tooltip(fmt::format("{}\nanswer: {}\n{}", on_one_line(mistake.name), answer, label));
        }
        layout.value("mistakes", shown);
    }
    ImGui::EndChild();
    return wishes;
}

std::string no_mistakes_text(const TestResults* test) {
    if (test == nullptr) {
        return "The worst mistakes on the test pictures appear here when the run has ended, if its data has "
               "a "
               "test part.";
    }
    return test->worst.empty() ? "Every test picture got the right answer."
                               : "The run's folder has no pictures of the worst mistakes.";
}

}  // namespace shadenet
