#include "viewer/thumbnail_strip.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/words.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

constexpr PictureGroup kGroups[] = {PictureGroup::training, PictureGroup::validation, PictureGroup::test,
                                    PictureGroup::dropped};

constexpr auto group_names = words_of<PictureGroup>("training", "validation", "test", "dropped");

// In heights of the font.
constexpr float kCell = 6, kPicture = 4, kText = 1.2f, kGroupGap = 1;

/// The pictures of one group: `first` is an index in the order, `left` their beginning in the strip.
struct Stretch {
    PictureGroup group;
    std::size_t first, count;
    float left;

    float at(std::size_t place) const { return left + em(kCell) * static_cast<float>(place - first); }
    float right() const { return at(first + count); }
};

std::vector<Stretch> stretches(const PicturesView& view) {
    std::vector<Stretch> all;
    std::size_t first = 0;
    float left = 0;
    for (const PictureGroup group : kGroups) {
        const auto count = static_cast<std::size_t>(
            std::count_if(view.pictures.begin(), view.pictures.end(),
                          [&](const PictureEntry& entry) { return entry.group == group; }));
        if (count == 0) continue;
        all.push_back({group, first, count, left});
        first += count;
        left = all.back().right() + em(kGroupGap);
    }
    return all;
}

/// The picture's place: as large as the cell allows, in its middle.
ScreenRectangle picture_place(ImVec2 cell, float aspect) {
    const float shape = std::isfinite(aspect) && aspect > 0 ? std::clamp(aspect, 0.01f, 100.0f) : 1;
    const float room_width = em(kCell - 0.5f), room_height = em(kPicture);
    const float width = std::min(room_width, room_height * shape), height = width / shape;
    const ImVec2 min = {cell.x + (em(kCell) - width) / 2, cell.y + (room_height - height) / 2};
    return {min, {min.x + width, min.y + height}};
}

/// Draws one frame of the strip. `origin_` is its upper left corner, even if that is out of sight.
class StripDrawing {
  public:
    StripDrawing(const PicturesView& view, PicturePainter& painter, Layout& layout, PicturesWishes& wishes)
        : view_(view), painter_(painter), layout_(layout), wishes_(wishes) {
        origin_ = ImGui::GetCursorScreenPos();
        seen_left_ = ImGui::GetWindowPos().x - origin_.x;
        seen_right_ = seen_left_ + ImGui::GetWindowSize().x;
    }

    void draw(const Stretch& stretch, const std::vector<std::size_t>& order) {
        if (stretch.right() <= seen_left_ || stretch.left >= seen_right_) return;
        draw_heading(stretch);
        const auto place = [&](float x) {
            const float cell = std::clamp(x / em(kCell), 0.0f, static_cast<float>(stretch.count));
            return stretch.first + static_cast<std::size_t>(cell);
        };
        const std::size_t end = stretch.first + stretch.count;
        const std::size_t last = std::min(place(seen_right_ - stretch.left) + 1, end);
        for (std::size_t i = place(seen_left_ - stretch.left); i < last; ++i) {
            draw_cell(order[i], {origin_.x + stretch.at(i), origin_.y + em(kText)});
        }
    }

  private:
    /// The heading stays visible while its group is.
    void draw_heading(const Stretch& stretch) {
        const std::string text = fmt::format("{} {}", group_names[stretch.group], stretch.count);
        const float width = ImGui::CalcTextSize(text.c_str()).x;
        const float x = std::max(stretch.left, std::min(seen_left_, stretch.right() - width));
        const ImVec4 clip = {origin_.x + stretch.left, origin_.y, origin_.x + stretch.right(),
                             origin_.y + em(kText)};
        ImGui::GetWindowDrawList()->AddText(nullptr, 0, {origin_.x + x, origin_.y},
                                            ImGui::GetColorU32(ImGuiCol_TextDisabled), text.c_str(), nullptr,
                                            0, &clip);
    }

    void draw_cell(std::size_t index, ImVec2 min) {
        const PictureEntry& entry = view_.pictures[index];
        const ImVec2 size = {em(kCell), em(kPicture + kText)};
        ImGui::SetCursorScreenPos(min);
        ImGui::PushID(static_cast<int>(index));
        if (ImGui::InvisibleButton("thumbnail", size)) wishes_.chosen = index;
        ImGui::PopID();
        const bool hovered = ImGui::IsItemHovered();
        if (hovered) ImGui::SetTooltip("%s", entry.name.c_str());

        const ScreenRectangle place = picture_place(min, entry.aspect);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        painter_.draw(list, {PictureKind::thumbnail, index}, {place.min, place.max});
        draw_frame(index == view_.current, hovered, place);
        draw_name(entry.name, {min.x, min.y + em(kPicture)});
        wishes_.thumbnails.push_back(index);
        report(index, place);
    }

    /// Adds the visible part of the picture to the layout.
    void report(std::size_t index, const ScreenRectangle& place) {
        const float left = std::max(place.min.x, origin_.x + seen_left_);
        const float right = std::min(place.max.x, origin_.x + seen_right_);
        if (left >= right) return;
        layout_.region(fmt::format("thumbnail.{}", index), {{left, place.min.y}, {right, place.max.y}});
    }

    void draw_frame(bool current, bool hovered, const ScreenRectangle& place) {
        if (!current && !hovered) return;
        const ImU32 colour = ImGui::GetColorU32(current ? ImGuiCol_Text : ImGuiCol_TextDisabled);
        ImGui::GetWindowDrawList()->AddRect({place.min.x - 2, place.min.y - 2},
                                            {place.max.x + 2, place.max.y + 2}, colour, 0, 0, 2);
    }

    /// Draws the name in the middle of its cell, or cut off at the end.
    void draw_name(const std::string& name, ImVec2 min) {
        const float room = em(kCell - 0.5f), width = ImGui::CalcTextSize(name.c_str()).x;
        const float x = min.x + em(0.25f) + std::max(room - width, 0.0f) / 2;
        const ImVec4 clip = {min.x, min.y, min.x + em(0.25f) + room, min.y + em(kText) + 2};
        ImGui::GetWindowDrawList()->AddText(nullptr, 0, {x, min.y + 2}, ImGui::GetColorU32(ImGuiCol_Text),
                                            name.c_str(), nullptr, 0, &clip);
    }

    const PicturesView& view_;
    PicturePainter& painter_;
    Layout& layout_;
    PicturesWishes& wishes_;
    ImVec2 origin_;
    float seen_left_ = 0, seen_right_ = 0;
};

/// Scrolls the current picture to the middle, as far as the strip allows.
void scroll_to_current(const PicturesView& view, const std::vector<Stretch>& all,
                       const std::vector<std::size_t>& order) {
    const auto found = std::find(order.begin(), order.end(), view.current);
    const auto place = static_cast<std::size_t>(found - order.begin());
    for (const Stretch& stretch : all) {
        if (place < stretch.first || place >= stretch.first + stretch.count) continue;
        const float middle = stretch.at(place) + em(kCell) / 2 - ImGui::GetWindowSize().x / 2;
        ImGui::SetScrollX(std::max(middle, 0.0f));
    }
}

/// The wheel without Shift scrolls the strip, which has only one direction.
void scroll_by_wheel() {
    const float wheel = ImGui::GetIO().MouseWheel;
    if (wheel == 0 || ImGui::GetIO().KeyShift || !ImGui::IsWindowHovered()) return;
    ImGui::SetScrollX(std::clamp(ImGui::GetScrollX() - wheel * em(kCell), 0.0f, ImGui::GetScrollMaxX()));
}

}  // namespace

std::vector<std::size_t> picture_order(const PicturesView& view) {
    std::vector<std::size_t> order;
    order.reserve(view.pictures.size());
    for (const PictureGroup group : kGroups) {
        for (std::size_t i = 0; i < view.pictures.size(); ++i) {
            if (view.pictures[i].group == group) order.push_back(i);
        }
    }
    return order;
}

std::optional<std::size_t> picture_beside(const PicturesView& view, int steps) {
    const std::vector<std::size_t> order = picture_order(view);
    const auto found = std::find(order.begin(), order.end(), view.current);
    if (found == order.end() || steps == 0) return std::nullopt;
    const auto wanted = (found - order.begin()) + steps;
    const auto last = static_cast<std::ptrdiff_t>(order.size()) - 1;
    const std::size_t beside = order[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(wanted, 0, last))];
    if (beside == view.current) return std::nullopt;
    return beside;
}

float ThumbnailStrip::height() {
    return em(2 * kText + kPicture) + ImGui::GetStyle().ScrollbarSize + 4;
}

void ThumbnailStrip::draw(const PicturesView& view, float width, PicturePainter& painter, Layout& layout,
                          PicturesWishes& wishes) {
    const std::vector<Stretch> all = stretches(view);
    if (all.empty()) return;
    const std::vector<std::size_t> order = picture_order(view);
    constexpr ImGuiWindowFlags flags =
        ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav;
    ImGui::SetNextWindowContentSize({all.back().right(), em(2 * kText + kPicture)});
    const bool seen = ImGui::BeginChild("thumbnails", {width, height()}, false, flags);
    if (seen) {
        if (scrolled_to_ != view.current) scroll_to_current(view, all, order);
        scrolled_to_ = view.current;
        scroll_by_wheel();
        StripDrawing drawing(view, painter, layout, wishes);
        for (const Stretch& stretch : all) drawing.draw(stretch, order);
    }
    ImGui::EndChild();
    layout.last_item("thumbnails");
}

}  // namespace shadenet
