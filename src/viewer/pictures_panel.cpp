#include "viewer/pictures_panel.h"

#include <cmath>

#include "viewer/pixel_readout.h"
#include "viewer/shortcuts.h"
#include "viewer/view_toolbar.h"

namespace shadenet {

namespace {

constexpr float kWheelFactor = 1.25f, kKeyFactor = 1.5f;
constexpr float kPanPart = 0.1f;  ///< part of the pane that a key moves
/// Thumbnails are hidden if the pictures would have less than this many times the thumbnails' height.
constexpr float kRoomForBand = 2.5f;

ImVec2 within(const ScreenRectangle& room, ImVec2 point) {
    return {point.x - room.min.x, point.y - room.min.y};
}

bool current_has_target(const PicturesView& view) {
    return view.current < view.pictures.size() && view.pictures[view.current].has_target;
}

/// Without keyboard navigation of the buttons, because the arrow keys move the picture.
constexpr ImGuiWindowFlags kPanelFlags =
    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav;

void take_picture_keys(const PicturesView& view, PicturesWishes& wishes) {
    const int steps = pressed(Action::next_picture) - pressed(Action::previous_picture);
    if (const auto beside = picture_beside(view, steps)) wishes.chosen = beside;
}

bool wipe_is_near(const PaneContext& context, const ScreenRectangle& pane) {
    if (shown_mode(context.settings) != ViewMode::wipe) return false;
    const ImVec2 mouse = within(pane, ImGui::GetIO().MousePos);
    const ScreenRectangle part = context.transform.covered();
    const float line = wipe_line(context, pane) - pane.min.x;
    return std::abs(mouse.x - line) <= wipe_reach() && mouse.y >= part.min.y && mouse.y < part.max.y;
}

void report_state(const PaneContext& context) {
    Layout& layout = context.layout;
    const PictureRectangle seen = context.transform.visible();
    layout.value("picture", context.view.current);
    layout.value("view", mode_names[shown_mode(context.settings)]);
    layout.value("zoom", context.transform.zoom());
    layout.value("wipe", context.settings.wipe);
    layout.value("gain", context.settings.gain);
    layout.value("visible.left", seen.min.x);
    layout.value("visible.top", seen.min.y);
    layout.value("visible.right", seen.max.x);
    layout.value("visible.bottom", seen.max.y);
}

/// The thumbnails, and the pixel's numbers beside them if there is room.
void draw_band(const PicturesView& view, ThumbnailStrip& strip, PicturePainter& painter, Layout& layout,
               PicturesWishes& wishes) {
    const float width = ImGui::GetContentRegionAvail().x, em = ImGui::GetFontSize();
    const auto fits = [&](bool both) { return width >= readout_width(both) + 14 * em; };
    const bool both = fits(true), any = both || fits(false);
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const float taken = any ? readout_width(both) + em : 0;
    strip.draw(view, width - taken, painter, layout, wishes);
    if (!any) return;
    draw_pixel_readout(view, wishes.cursor, current_has_target(view), {min.x + width - taken + em, min.y},
                       both, layout);
}

}  // namespace

PicturesWishes PicturesPanel::draw(const PicturesView& view, PicturePainter& painter, Layout& layout) {
    PicturesWishes wishes;
    if (ImGui::BeginChild("pictures", {0, 0}, false, kPanelFlags)) {
        if (!focused_ && !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) ImGui::SetWindowFocus();
        focused_ = true;
        if (view.pictures.empty()) {
            ImGui::TextDisabled("No pictures yet.");
        } else {
            draw_parts(view, painter, layout, wishes);
        }
    }
    ImGui::EndChild();
    return wishes;
}

void PicturesPanel::draw_parts(const PicturesView& view, PicturePainter& painter, Layout& layout,
                               PicturesWishes& wishes) {
    const bool has_target = current_has_target(view);
    take_picture_keys(view, wishes);
    apply_view_keys(settings_, has_target);
    draw_view_toolbar(settings_, transform_, has_target, layout);

    const ImVec2 room = ImGui::GetContentRegionAvail(), cursor = ImGui::GetCursorScreenPos();
    const float band = std::max(ThumbnailStrip::height(), readout_height());
    const bool with_band = room.y > kRoomForBand * band;
    const float spacing = ImGui::GetStyle().ItemSpacing.y;
    const ImVec2 size = {std::floor(room.x), std::floor(with_band ? room.y - band - spacing : room.y)};
    if (size.x < 1 || size.y < 1) return;

    const float scale = ImGui::GetIO().DisplayFramebufferScale.x;
    const PaneContext context{
        *ImGui::GetWindowDrawList(), painter, layout, view, settings_, transform_, has_target,
        scale > 0 ? scale : 1};
    const ImVec2 min = {std::floor(cursor.x), std::floor(cursor.y)};
    draw_panes(context, {min, {min.x + size.x, min.y + size.y}}, wishes);
    if (with_band) draw_band(view, strip_, painter, layout, wishes);
}

void PicturesPanel::draw_panes(const PaneContext& context, const ScreenRectangle& area,
                               PicturesWishes& wishes) {
    constexpr ImGuiButtonFlags buttons =
        ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle;
    ImGui::InvisibleButton("panes", area.size(), buttons);
    const PicturesView& view = context.view;
    if (view.width == 0 || view.height == 0) return;

    const std::vector<PictureKind> pictures = pane_pictures(settings_, context.has_target);
    const auto panes = arrange_panes(area, pictures.size(), view.width, view.height);
    transform_.set_frame(panes[0].size(), view.width, view.height, context.scale);
    take_zoom_keys(panes[0].size());

    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const bool over = ImGui::IsItemHovered() || ImGui::IsItemActive();
    const auto under = [&](const ScreenRectangle& pane) { return over && pane.contains(mouse); };
    const auto found = std::find_if(panes.begin(), panes.end(), under);
    take_mouse(context, found == panes.end() ? panes[0] : *found);
    if (found != panes.end()) wishes.cursor = transform_.pixel_at(within(*found, mouse));

    for (std::size_t i = 0; i < panes.size(); ++i) {
        draw_pane(context, panes[i], pictures[i]);
        if (wishes.cursor && !under(panes[i])) draw_crosshair(context, panes[i], *wishes.cursor);
    }
    report_state(context);
}

void PicturesPanel::take_mouse(const PaneContext& context, const ScreenRectangle& pane) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool near = ImGui::IsItemHovered() && wipe_is_near(context, pane);
    if (ImGui::IsItemHovered()) {
        if (near) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
        if (io.MouseWheel != 0) {
            transform_.zoom_about(within(pane, io.MousePos), std::pow(kWheelFactor, io.MouseWheel));
        }
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && !near) transform_.fit();
    }
    if (ImGui::IsItemActivated()) wiping_ = near && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    if (ImGui::IsItemActive()) drag(context, pane);
}

void PicturesPanel::drag(const PaneContext& context, const ScreenRectangle& pane) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!wiping_) {
        // Movement before the button went down is not part of the drag.
        if (!ImGui::IsItemActivated()) transform_.pan(io.MouseDelta);
        return;
    }
    const ScreenRectangle part = context.transform.covered();
    const float width = part.max.x - part.min.x;
    if (shown_mode(settings_) != ViewMode::wipe || width <= 0) return;
    settings_.wipe = std::clamp((io.MousePos.x - pane.min.x - part.min.x) / width, 0.0f, 1.0f);
}

void PicturesPanel::take_zoom_keys(ImVec2 pane) {
    const ImVec2 middle = {pane.x / 2, pane.y / 2};
    if (pressed(Action::zoom_in)) transform_.zoom_about(middle, kKeyFactor);
    if (pressed(Action::zoom_out)) transform_.zoom_about(middle, 1 / kKeyFactor);
    if (pressed(Action::fit)) transform_.fit();
    if (pressed(Action::one_to_one)) transform_.one_to_one();
    const auto steps = [](Action forth, Action back) {
        return static_cast<float>(pressed(forth) - pressed(back)) * kPanPart;
    };
    // To show what is further right, the picture moves left.
    transform_.pan({-steps(Action::pan_right, Action::pan_left) * pane.x,
                    -steps(Action::pan_down, Action::pan_up) * pane.y});
}

}  // namespace shadenet
