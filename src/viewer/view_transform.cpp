#include "viewer/view_transform.h"

#include <algorithm>
#include <cmath>

namespace shadenet {

namespace {

double at_least_one(double value) {
    return std::isfinite(value) ? std::max(value, 1.0) : 1.0;
}

/// The centre nearest to `centre` that leaves enough of the picture in the pane.
double keep_in_sight(double centre, double picture, double pane, double unit) {
    const double overlap = std::min(picture * unit, pane / 4);
    const double reach = (pane / 2 - overlap) / unit;
    return std::clamp(centre, -reach, picture + reach);
}

float clamped(double value, double end) {
    return static_cast<float>(std::clamp(value, 0.0, end));
}

}  // namespace

void ViewTransform::set_frame(ImVec2 pane, std::uint32_t width, std::uint32_t height, float scale) {
    const double new_width = std::max(width, 1u), new_height = std::max(height, 1u);
    centre_.x *= new_width / width_;
    centre_.y *= new_height / height_;
    width_ = new_width;
    height_ = new_height;
    pane_width_ = at_least_one(pane.x);
    pane_height_ = at_least_one(pane.y);
    scale_ = std::isfinite(scale) && scale > 0 ? scale : 1;
    settle();
}

double ViewTransform::fit_zoom() const {
    const double whole = std::min(pane_width_ * scale_ / width_, pane_height_ * scale_ / height_);
    return std::min(whole, kLargestZoom);
}

void ViewTransform::fit() {
    fitted_ = true;
    settle();
}

void ViewTransform::one_to_one() {
    set_zoom(1);
    settle();
}

void ViewTransform::zoom_about(ImVec2 point, double factor) {
    const double x = point.x - pane_width_ / 2, y = point.y - pane_height_ / 2, before = unit();
    set_zoom(zoom_ * factor);
    centre_.x += x / before - x / unit();
    centre_.y += y / before - y / unit();
    settle();
}

void ViewTransform::pan(ImVec2 by) {
    if (by.x == 0 && by.y == 0) return;
    fitted_ = false;
    centre_.x -= by.x / unit();
    centre_.y -= by.y / unit();
    settle();
}

/// 1:1 can always be reached, even if the picture is so small that a quarter of "fit" is larger.
void ViewTransform::set_zoom(double zoom) {
    fitted_ = false;
    zoom_ = std::clamp(zoom, std::min(fit_zoom() / 4, 1.0), kLargestZoom);
}

void ViewTransform::settle() {
    if (fitted_) {
        zoom_ = fit_zoom();
        centre_ = {width_ / 2, height_ / 2};
        return;
    }
    set_zoom(zoom_);
    centre_.x = keep_in_sight(centre_.x, width_, pane_width_, unit());
    centre_.y = keep_in_sight(centre_.y, height_, pane_height_, unit());
}

/// On the grid of the frame buffer, so that at integer zooms all pixels look the same.
PicturePoint ViewTransform::origin() const {
    return {std::round((pane_width_ / 2 - centre_.x * unit()) * scale_) / scale_,
            std::round((pane_height_ / 2 - centre_.y * unit()) * scale_) / scale_};
}

ImVec2 ViewTransform::to_pane(PicturePoint point) const {
    const PicturePoint corner = origin();
    return {static_cast<float>(corner.x + point.x * unit()), static_cast<float>(corner.y + point.y * unit())};
}

PicturePoint ViewTransform::to_picture(ImVec2 point) const {
    const PicturePoint corner = origin();
    return {(point.x - corner.x) / unit(), (point.y - corner.y) / unit()};
}

std::optional<PixelPosition> ViewTransform::pixel_at(ImVec2 point) const {
    const PicturePoint place = to_picture(point);
    const bool inside = place.x >= 0 && place.y >= 0 && place.x < width_ && place.y < height_;
    if (!inside) return std::nullopt;
    return PixelPosition{static_cast<std::uint32_t>(place.x), static_cast<std::uint32_t>(place.y)};
}

ScreenRectangle ViewTransform::covered() const {
    const PicturePoint corner = origin();
    const double right = corner.x + std::max(width_ * unit(), 1 / scale_);
    const double bottom = corner.y + std::max(height_ * unit(), 1 / scale_);
    return {{clamped(corner.x, pane_width_), clamped(corner.y, pane_height_)},
            {clamped(right, pane_width_), clamped(bottom, pane_height_)}};
}

PictureRectangle ViewTransform::visible() const {
    const ScreenRectangle part = covered();
    const PicturePoint first = to_picture(part.min), last = to_picture(part.max);
    return {{std::clamp(first.x, 0.0, width_), std::clamp(first.y, 0.0, height_)},
            {std::clamp(last.x, 0.0, width_), std::clamp(last.y, 0.0, height_)}};
}

}  // namespace shadenet
