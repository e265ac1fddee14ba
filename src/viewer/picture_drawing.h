// Pictures that lie on the device, drawn among Dear ImGui's own things.
#pragma once

#include <deque>

#include <imgui.h>

#include "gpu/picture_pipeline.h"
#include "gpu/swapchain.h"

namespace shadenet {

class PictureDrawing {
  public:
    PictureDrawing(const Device& device, VkRenderPass render_pass)
        : painter_(device, render_pass, Swapchain::frames_in_flight) {}

    /// The part of the picture from `uv_min` to `uv_max`, the whole being 0 to 1, in the rectangle of the
    /// window's coordinates; the clip rectangle of the list applies. Shown when the frame is: the buffer must
    /// live until Window::retire() lets it go. Throws WorkError when the planes are not in their buffer.
    void draw(ImDrawList& list, const PixelPlanes& picture, ImVec2 min, ImVec2 max, ImVec2 uv_min = {0, 0},
              ImVec2 uv_max = {1, 1});
    /// The same of 0.5 + gain * (a - b), of two pictures of one size.
    void draw_difference(ImDrawList& list, const PixelPlanes& a, const PixelPlanes& b, float gain, ImVec2 min,
                         ImVec2 max, ImVec2 uv_min = {0, 0}, ImVec2 uv_max = {1, 1});

    /// What was drawn before is forgotten: a new frame of Dear ImGui begins.
    void forget() { items_.clear(); }
    /// Before Dear ImGui's draw data is rendered into this frame.
    void begin_frame(const Frame& frame);

  private:
    struct Item {
        PictureDrawing* owner;
        PixelPlanes a, b;
        float gain;
        ImVec2 min, max, uv_min, uv_max;
    };
    void add(ImDrawList& list, const Item& item);
    static void on_draw(const ImDrawList* list, const ImDrawCmd* command);
    void paint(const Item& item, const ImVec4& clip);

    PicturePipeline painter_;
    std::deque<Item> items_;  ///< the lists point to them
    Frame frame_;
};

}  // namespace shadenet
