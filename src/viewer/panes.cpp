#include "viewer/panes.h"

#include <cmath>

namespace shadenet {

namespace {

constexpr float kGap = 2;
constexpr double kGridFromZoom = 8;
constexpr ImU32 kLight = IM_COL32(255, 255, 255, 220), kShadow = IM_COL32(0, 0, 0, 160);
/// Grey, because a colour beside a picture changes how the picture looks.
constexpr ImU32 kBehind = IM_COL32(32, 32, 32, 255);
constexpr ImU32 kGridLine = IM_COL32(128, 128, 128, 70);

ImVec2 plus(ImVec2 a, ImVec2 b) {
    return {a.x + b.x, a.y + b.y};
}

ScreenRectangle covered_in(const PaneContext& context, const ScreenRectangle& pane) {
    const ScreenRectangle part = context.transform.covered();
    return {plus(pane.min, part.min), plus(pane.min, part.max)};
}

bool empty(const ScreenRectangle& part) {
    return part.max.x <= part.min.x || part.max.y <= part.min.y;
}

/// Where the part of the pane is on the screen and in the picture.
PicturePlace place_of(const PaneContext& context, const ScreenRectangle& pane, const ScreenRectangle& part) {
    const auto share = [](double at, std::uint32_t length) {
        return static_cast<float>(std::clamp(at / std::max(length, 1u), 0.0, 1.0));
    };
    const auto uv_at = [&](ImVec2 point) -> ImVec2 {
        const PicturePoint at = context.transform.to_picture({point.x - pane.min.x, point.y - pane.min.y});
        return {share(at.x, context.view.width), share(at.y, context.view.height)};
    };
    return {part.min, part.max, uv_at(part.min), uv_at(part.max)};
}

void draw_part(const PaneContext& context, const ScreenRectangle& pane, const ScreenRectangle& part,
               PictureKind picture) {
    if (empty(part)) return;
    context.painter.draw(context.list, {picture}, place_of(context, pane, part));
    context.layout.region(kind_names[picture], part);
}

void draw_difference(const PaneContext& context, const ScreenRectangle& pane) {
    const ScreenRectangle part = covered_in(context, pane);
    if (empty(part)) return;
    context.painter.draw_difference(context.list, {PictureKind::output},
                                    {difference_base(context.has_target)}, context.settings.gain,
                                    place_of(context, pane, part));
    context.layout.region("difference", part);
}

void draw_wipe_line(const PaneContext& context, const ScreenRectangle& part, float x) {
    const float middle = (part.min.y + part.max.y) / 2, grip = ImGui::GetFontSize() * 0.35f;
    const float pixel = 1 / context.scale;
    context.list.AddRectFilled({x - 2 * pixel, part.min.y}, {x + 2 * pixel, part.max.y}, kShadow);
    context.list.AddRectFilled({x - pixel, part.min.y}, {x + pixel, part.max.y}, kLight);
    context.list.AddCircleFilled({x, middle}, grip + 1, kShadow);
    context.list.AddCircleFilled({x, middle}, grip, kLight);
    context.layout.region("wipe", {{x - wipe_reach(), part.min.y}, {x + wipe_reach(), part.max.y}});
}

void draw_wipe(const PaneContext& context, const ScreenRectangle& pane) {
    const ScreenRectangle part = covered_in(context, pane);
    const float x = wipe_line(context, pane);
    const auto sides = wipe_sides(context.settings, context.has_target);
    draw_part(context, pane, {part.min, {x, part.max.y}}, sides[0]);
    draw_part(context, pane, {{x, part.min.y}, part.max}, sides[1]);
    draw_wipe_line(context, part, x);
}

/// Lines between pixels, if the pixels are large enough to be seen one by one.
void draw_grid(const PaneContext& context, const ScreenRectangle& pane) {
    if (context.transform.zoom() < kGridFromZoom) return;
    const ScreenRectangle part = covered_in(context, pane);
    const PictureRectangle seen = context.transform.visible();
    const float pixel = 1 / context.scale;
    for (double x = std::ceil(seen.min.x); x <= seen.max.x; ++x) {
        const float at = pane.min.x + context.transform.to_pane({x, 0}).x;
        context.list.AddRectFilled({at, part.min.y}, {at + pixel, part.max.y}, kGridLine);
    }
    for (double y = std::ceil(seen.min.y); y <= seen.max.y; ++y) {
        const float at = pane.min.y + context.transform.to_pane({0, y}).y;
        context.list.AddRectFilled({part.min.x, at}, {part.max.x, at + pixel}, kGridLine);
    }
}

const std::string& label_of(const PicturesView& view, PictureKind picture) {
    if (picture == PictureKind::target) return view.target_label;
    return picture == PictureKind::output ? view.output_label : view.input_label;
}

/// Draws a label in the upper left or upper right corner of its room; cut off if the room is too narrow.
void draw_label(ImDrawList& list, const ScreenRectangle& room, const std::string& text, bool right) {
    const ImVec2 padding = {ImGui::GetFontSize() * 0.4f, ImGui::GetFontSize() * 0.2f};
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    const float width = std::min(size.x + 2 * padding.x, room.max.x - room.min.x);
    if (width <= 2 * padding.x) return;
    const ImVec2 min = {right ? room.max.x - width : room.min.x, room.min.y};
    const ImVec2 max = {min.x + width, min.y + size.y + 2 * padding.y};
    list.AddRectFilled(min, max, IM_COL32(0, 0, 0, 150));
    const ImVec4 clip = {min.x, min.y, max.x - padding.x, max.y};
    list.AddText(nullptr, 0, plus(min, padding), IM_COL32(235, 235, 235, 255), text.c_str(), nullptr, 0,
                 &clip);
}

void draw_labels(const PaneContext& context, const ScreenRectangle& pane, PictureKind picture) {
    const ViewMode mode = shown_mode(context.settings);
    if (mode == ViewMode::difference) {
        const std::string text =
            fmt::format("output - {}, {:.3g} times", kind_names[difference_base(context.has_target)],
                        context.settings.gain);
        draw_label(context.list, pane, text, false);
    } else if (mode == ViewMode::wipe) {
        const float middle = (pane.min.x + pane.max.x) / 2;
        const auto sides = wipe_sides(context.settings, context.has_target);
        draw_label(context.list, {pane.min, {middle - kGap, pane.max.y}}, label_of(context.view, sides[0]),
                   false);
        draw_label(context.list, {{middle + kGap, pane.min.y}, pane.max}, label_of(context.view, sides[1]),
                   true);
    } else {
        draw_label(context.list, pane, label_of(context.view, picture), false);
    }
}

}  // namespace

std::vector<ScreenRectangle> arrange_panes(ScreenRectangle area, std::size_t count, std::uint32_t width,
                                           std::uint32_t height) {
    const float n = static_cast<float>(count);
    const auto [area_width, area_height] = area.size();
    const float column = std::floor((area_width - (n - 1) * kGap) / n);
    const float line = std::floor((area_height - (n - 1) * kGap) / n);
    const auto zoom = [&](float room_width, float room_height) {
        return std::min(room_width / static_cast<float>(std::max(width, 1u)),
                        room_height / static_cast<float>(std::max(height, 1u)));
    };
    const bool row = zoom(column, area_height) >= zoom(area_width, line);
    const ImVec2 size = row ? ImVec2{column, area_height} : ImVec2{area_width, line};
    std::vector<ScreenRectangle> panes;
    for (std::size_t i = 0; i < count; ++i) {
        const float at = static_cast<float>(i);
        const ImVec2 min = row ? ImVec2{area.min.x + at * (column + kGap), area.min.y}
                               : ImVec2{area.min.x, area.min.y + at * (line + kGap)};
        panes.push_back({min, plus(min, size)});
    }
    return panes;
}

float wipe_line(const PaneContext& context, const ScreenRectangle& pane) {
    const ScreenRectangle part = covered_in(context, pane);
    const float x = part.min.x + context.settings.wipe * (part.max.x - part.min.x);
    return std::clamp(std::round(x * context.scale) / context.scale, part.min.x, part.max.x);
}

float wipe_reach() {
    return ImGui::GetFontSize() * 0.5f;
}

void draw_pane(const PaneContext& context, const ScreenRectangle& pane, PictureKind picture) {
    context.list.PushClipRect(pane.min, pane.max, true);
    context.list.AddRectFilled(pane.min, pane.max, kBehind);
    const ViewMode mode = shown_mode(context.settings);
    if (mode == ViewMode::difference) {
        draw_difference(context, pane);
    } else if (mode == ViewMode::wipe) {
        draw_wipe(context, pane);
    } else {
        draw_part(context, pane, covered_in(context, pane), picture);
    }
    draw_grid(context, pane);
    draw_labels(context, pane, picture);
    context.list.PopClipRect();
}

/// Four arms that leave the pixel itself free, light on dark so that any picture shows them.
void draw_crosshair(const PaneContext& context, const ScreenRectangle& pane, PixelPosition pixel) {
    const PicturePoint corner = {static_cast<double>(pixel.x), static_cast<double>(pixel.y)};
    const ImVec2 first = plus(pane.min, context.transform.to_pane(corner));
    const ImVec2 last = plus(pane.min, context.transform.to_pane({corner.x + 1, corner.y + 1}));
    const ImVec2 middle = {(first.x + last.x) / 2, (first.y + last.y) / 2};
    const float line = 1 / context.scale, arm = ImGui::GetFontSize();
    const float right = std::max((last.x - first.x) / 2, 0.0f) + 2, down = (last.y - first.y) / 2 + 2;
    const auto bar = [&](ImVec2 from, ImVec2 to) {
        context.list.AddRectFilled({from.x - line, from.y - line}, {to.x + 2 * line, to.y + 2 * line},
                                   kShadow);
        context.list.AddRectFilled(from, {to.x + line, to.y + line}, kLight);
    };
    context.list.PushClipRect(pane.min, pane.max, true);
    bar({middle.x - right - arm, middle.y}, {middle.x - right, middle.y});
    bar({middle.x + right, middle.y}, {middle.x + right + arm, middle.y});
    bar({middle.x, middle.y - down - arm}, {middle.x, middle.y - down});
    bar({middle.x, middle.y + down}, {middle.x, middle.y + down + arm});
    context.list.PopClipRect();
}

}  // namespace shadenet
