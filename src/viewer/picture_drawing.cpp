#include "viewer/picture_drawing.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

/// Converts the window's coordinates to pixels of the frame.
struct ToPixels {
    ImVec2 origin, scale;

    float x(float value) const { return (value - origin.x) * scale.x; }
    float y(float value) const { return (value - origin.y) * scale.y; }
};

VkRect2D scissor_of(const ToPixels& to, const ImVec4& clip, const Frame& frame) {
    const auto width = static_cast<float>(frame.width), height = static_cast<float>(frame.height);
    const float left = std::clamp(to.x(clip.x), 0.0f, width), right = std::clamp(to.x(clip.z), left, width);
    const float top = std::clamp(to.y(clip.y), 0.0f, height), bottom = std::clamp(to.y(clip.w), top, height);
    const auto x = static_cast<std::int32_t>(left), y = static_cast<std::int32_t>(top);
    return {{x, y},
            {static_cast<std::uint32_t>(right) - static_cast<std::uint32_t>(x),
             static_cast<std::uint32_t>(bottom) - static_cast<std::uint32_t>(y)}};
}

}  // namespace

void PictureDrawing::draw_difference(ImDrawList& list, const PixelPlanes& a, const PixelPlanes& b, float gain,
                                     const PicturePlace& place) {
    if (a.width != b.width || a.height != b.height) {
        throw WorkError(fmt::format("pictures of {} x {} and {} x {} have no difference to draw", a.width,
                                    a.height, b.width, b.height));
    }
    add(list, {this, a, b, gain, place});
}

void PictureDrawing::add(ImDrawList& list, const Item& item) {
    painter_.check(item.a);
    painter_.check(item.b);
    items_.push_back(item);
    list.AddCallback(on_draw, &items_.back());
    list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void PictureDrawing::begin_frame(const Frame& frame) {
    frame_ = frame;
    painter_.begin_frame(frame.slot);
}

void PictureDrawing::on_draw(const ImDrawList*, const ImDrawCmd* command) {
    const Item& item = *static_cast<const Item*>(command->UserCallbackData);
    item.owner->paint(item, command->ClipRect);
}

void PictureDrawing::paint(const Item& item, const ImVec4& clip) {
    const ImDrawData& data = *ImGui::GetDrawData();
    const ToPixels to{data.DisplayPos, data.FramebufferScale};
    const VkRect2D scissor = scissor_of(to, clip, frame_);
    if (scissor.extent.width == 0 || scissor.extent.height == 0) return;
    const PicturePlace& at = item.place;
    painter_.paint(frame_.commands, frame_.width, frame_.height,
                   {.a = item.a,
                    .b = item.b,
                    .gain = item.gain,
                    .screen = {to.x(at.min.x), to.y(at.min.y), to.x(at.max.x), to.y(at.max.y)},
                    .uv = {at.uv_min.x, at.uv_min.y, at.uv_max.x, at.uv_max.y},
                    .scissor = scissor});
}

}  // namespace shadenet
