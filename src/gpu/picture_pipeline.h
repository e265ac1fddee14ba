// Draws pictures straight from the buffers that kernels write: no copies, no textures.
#pragma once

#include <cstdint>
#include <vector>

#include "gpu/buffer.h"
#include "gpu/device.h"
#include "gpu/pipeline_parts.h"

namespace shadenet {

struct Rectangle {
    float left = 0, top = 0, right = 0, bottom = 0;
};

/// A picture, or the difference of two pictures of the same size, and its place in the frame.
struct PaintedPicture {
    PixelPlanes a;
    PixelPlanes b;       ///< the second picture of a difference
    float gain = 0;      ///< 0 shows a; any other value shows 0.5 + gain * (a - b)
    Rectangle screen;    ///< pixels of the frame
    Rectangle uv;        ///< the part that is shown; the whole picture goes from 0 to 1
    VkRect2D scissor{};  ///< pixels of the frame outside are left alone
};

class PicturePipeline {
  public:
    /// For frames of this render pass, of which `slots` are in flight at once. All of them must be done when
    /// the pipeline is destroyed.
    PicturePipeline(const Device& device, VkRenderPass render_pass, std::size_t slots);

    /// Throws WorkError, which names the buffer, when the planes exceed their range or the device's limits.
    void check(const PixelPlanes& planes) const;

    /// Frees what the slot's previous frame used.
    void begin_frame(std::size_t slot);
    /// To be called within the render pass. Changes pipeline, viewport and scissor. The picture's buffers
    /// must live until the frame is done.
    void paint(VkCommandBuffer commands, std::uint32_t frame_width, std::uint32_t frame_height,
               const PaintedPicture& picture);

  private:
    void create_pipeline(VkRenderPass render_pass);
    VkDescriptorSet bind(const BufferRange& a, const BufferRange& b);

    const Device& device_;
    PipelineLayout layout_;
    Pipeline pipeline_;
    std::vector<DescriptorSets> slots_;
    std::size_t current_ = 0;
};

}  // namespace shadenet
