// Draws pictures that are on the device among Dear ImGui's own things.
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

    /// Draws the part of the picture from `uv_min` to `uv_max` (the whole is 0 to 1) in a rectangle of the
    /// window's coordinates; the clip rectangle of the list applies. The frame is shown later, so the buffer
    /// must live until Window::retire() frees it. Throws WorkError when the planes are not in their buffer.
    void draw(ImDrawList& list, const PixelPlanes& picture, ImVec2 min, ImVec2 max, ImVec2 uv_min = {0, 0},
              ImVec2 uv_max = {1, 1});
    /// The same for 0.5 + gain * (a - b), with two pictures of the same size.
    void draw_difference(ImDrawList& list, const PixelPlanes& a, const PixelPlanes& b, float gain, ImVec2 min,
                         ImVec2 max, ImVec2 uv_min = {0, 0}, ImVec2 uv_max = {1, 1});

    /// To be called when a new frame of Dear ImGui begins: forgets what was drawn before.
    void forget() { items_.clear(); }
    /// To be called before Dear ImGui's draw data are rendered into this frame.
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
    std::deque<Item> items_;  ///< a deque, because draw lists point to its items
    Frame frame_;
};

}  // namespace shadenet
