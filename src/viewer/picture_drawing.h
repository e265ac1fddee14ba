// Draws pictures that are on the device among Dear ImGui's own things.
#pragma once

#include <deque>

#include <imgui.h>

#include "gpu/picture_pipeline.h"
#include "gpu/swapchain.h"
#include "viewer/picture_painter.h"

namespace shadenet {

class PictureDrawing {
  public:
    PictureDrawing(const Device& device, VkRenderPass render_pass)
        : painter_(device, render_pass, Swapchain::frames_in_flight) {}

    /// The clip rectangle of the list applies. The frame is shown later, so the buffer must live until
    /// Window::retire() frees it. Throws WorkError when the planes are not in their buffer.
    void draw(ImDrawList& list, const PixelPlanes& picture, const PicturePlace& place) {
        add(list, {this, picture, picture, 0, place});
    }
    /// The same for 0.5 + gain * (a - b), with two pictures of the same size.
    void draw_difference(ImDrawList& list, const PixelPlanes& a, const PixelPlanes& b, float gain,
                         const PicturePlace& place);

    /// To be called when a new frame of Dear ImGui begins: forgets what was drawn before.
    void forget() { items_.clear(); }
    /// To be called before Dear ImGui's draw data are rendered into this frame.
    void begin_frame(const Frame& frame);

  private:
    struct Item {
        PictureDrawing* owner;
        PixelPlanes a, b;
        float gain;
        PicturePlace place;
    };
    void add(ImDrawList& list, const Item& item);
    static void on_draw(const ImDrawList* list, const ImDrawCmd* command);
    void paint(const Item& item, const ImVec4& clip);

    PicturePipeline painter_;
    std::deque<Item> items_;  ///< a deque, because draw lists point to its items
    Frame frame_;
};

}  // namespace shadenet
