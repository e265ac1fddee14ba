#include "viewer/answers_panel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <imgui.h>

#include "base/one_line.h"
#include "report/confusion.h"
#include "viewer/plot_colours.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

// In heights of the font.
constexpr float largest_cell = 2.6f, share_width = 3.6f, answers_gap = 0.4f;
constexpr float least_cell = 3;  // pixels
constexpr std::size_t pairs_listed = 10, pairs_listed_alone = 40;

float text_width(const std::string& text) {
    return ImGui::CalcTextSize(text.c_str()).x;
}

/// "3 frog": the number stands above a column too. "3" of the class 3.
std::string row_name(const TestResults& test, std::size_t label) {
    const std::string number = std::to_string(label), name = short_class_name(test.classes[label]);
    return name == number ? number : number + " " + name;
}

/// Where the cells of the table are.
struct Cells {
    ImVec2 min;
    float side;
    std::size_t classes;

    ScreenRectangle at(std::size_t label, std::size_t answer) const {
        const ImVec2 corner = {min.x + side * static_cast<float>(answer),
                               min.y + side * static_cast<float>(label)};
        return {corner, {corner.x + side, corner.y + side}};
    }
    ImVec2 max() const { return {min.x + side * static_cast<float>(classes), min.y + height()}; }
    float height() const { return side * static_cast<float>(classes); }
    bool has_names() const { return side >= ImGui::GetTextLineHeight(); }
};

void draw_text(const std::string& text, ImVec2 at, ImGuiCol colour) {
    ImGui::GetWindowDrawList()->AddText(at, ImGui::GetColorU32(colour), text.c_str());
}

void draw_cell(const ConfusionCell& cell, const ScreenRectangle& place) {
    if (cell.count == 0) return;
    const ImU32 opaque = cell.right ? series_training : series_validation;
    const auto alpha = static_cast<ImU32>(std::lround(255 * cell.strength));
    ImGui::GetWindowDrawList()->AddRectFilled(place.min, place.max,
                                              (opaque & ~IM_COL32_A_MASK) | (alpha << IM_COL32_A_SHIFT));
    const std::string number = fmt::format("{}", cell.count);
    const ImVec2 size = ImGui::CalcTextSize(number.c_str());
    const float side = place.max.x - place.min.x;
    if (size.x > side - 2 || size.y > side) return;
    draw_text(number, {(place.min.x + place.max.x - size.x) / 2, (place.min.y + place.max.y - size.y) / 2},
              ImGuiCol_Text);
}

void draw_row_texts(const TestResults& test, const Cells& cells, std::size_t i) {
    if (!cells.has_names()) return;
    const ScreenRectangle place = cells.at(i, i);
    const float y = (place.min.y + place.max.y - ImGui::GetTextLineHeight()) / 2;
    const std::string name = row_name(test, i), share = right_share(test, i);
    draw_text(name, {cells.min.x - em(answers_gap) - text_width(name), y}, ImGuiCol_Text);
    draw_text(share, {cells.max().x + em(answers_gap), y}, ImGuiCol_TextDisabled);
    const std::string number = std::to_string(i);
    if (text_width(number) >= cells.side) return;
    draw_text(
        number,
        {(place.min.x + place.max.x - text_width(number)) / 2, cells.min.y - ImGui::GetTextLineHeight() - 2},
        ImGuiCol_TextDisabled);
}

/// The cell under the mouse tells its counts.
void tell_hovered(const TestResults& test, const Cells& cells) {
    if (!ImGui::IsItemHovered()) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto index = [&](float distance) {
        const auto last = static_cast<float>(cells.classes - 1);
        return static_cast<std::size_t>(std::clamp(std::floor(distance / cells.side), 0.0f, last));
    };
    const ConfusionCell cell =
        confusion_cell(test, index(mouse.y - cells.min.y), index(mouse.x - cells.min.x));
    if (!cell.text.empty()) tooltip(cell.text);
}

void draw_table(const TestResults& test, Layout& layout) {
    const std::size_t classes = test.classes.size();
    float names = 0;
    for (std::size_t i = 0; i < classes; ++i) names = std::max(names, text_width(row_name(test, i)));
    names += em(answers_gap);
    const float room = ImGui::GetContentRegionAvail().x - names - em(share_width);
    const float side =
        std::clamp(std::floor(room / static_cast<float>(classes)), least_cell, std::floor(em(largest_cell)));
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const Cells cells{{corner.x + names, corner.y + ImGui::GetTextLineHeightWithSpacing()}, side, classes};
    ImGui::SetCursorScreenPos(cells.min);
    ImGui::InvisibleButton("answers", {cells.height(), cells.height()});
    layout.last_item("answers");
    for (std::size_t label = 0; label < classes; ++label) {
        draw_row_texts(test, cells, label);
        for (std::size_t answer = 0; answer < classes; ++answer) {
            draw_cell(confusion_cell(test, label, answer), cells.at(label, answer));
        }
    }
    ImGui::GetWindowDrawList()->AddRect(cells.min, cells.max(), ImGui::GetColorU32(ImGuiCol_Border));
    tell_hovered(test, cells);
}

void list_pairs(const TestResults& test, std::size_t most, Layout& layout) {
    const std::vector<ConfusedPair> pairs = confused_pairs(test, most);
    layout.value("answers.pairs", pairs.size());
    if (pairs.empty()) return;
    ImGui::TextDisabled("most confused");
    for (const ConfusedPair& pair : pairs) {
        ImGui::TextWrapped("%s", confusion_cell(test, pair.label, pair.answer).text.c_str());
    }
}

}  // namespace

void draw_answers_panel(const TestResults& test, Layout& layout) {
    if (test.classes.size() > most_classes_drawn) {
        ImGui::TextWrapped("With %zu classes the table of all answers is too large to draw.",
                           test.classes.size());
        list_pairs(test, pairs_listed_alone, layout);
        return;
    }
    ImGui::TextDisabled("rows: true classes; columns: answers; at the right the part that is right");
    draw_table(test, layout);
    list_pairs(test, pairs_listed, layout);
}

}  // namespace shadenet
