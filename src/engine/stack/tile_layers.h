// The first layers of a network, run over pictures tile by tile: their result stays on the device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/stack/pixel_packing.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/tensor.h"
#include "engine/tiles/tile_window.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/network.h"

namespace shadenet {

/// What is wanted of the layers' result beside the pictures' own pixels.
struct TileMargins {
    /// Rows and columns beyond each picture's edges that tiles are cut from too, where pictures are
    /// continued.
    std::uint32_t beyond = 0;
    /// Rows and columns around each tile whose values are right, too.
    std::uint32_t around = 0;
};

class TileLayers {
  public:
    /// A tile has at most `tile` of its own pixels along each side, or 512, and fewer where a layer would
    /// have too many values. Norms use their moving statistics, in passes of their own: folded into weights
    /// they cost digits where a variance is next to 0. The layers must keep a picture's size.
    TileLayers(const Device& device, const Network& layers, const Parameters& parameters,
               const TileMargins& margins, std::uint32_t tile);

    /// Cuts one axis of a picture into the windows of its tiles: those of all tiles compute equally many
    /// pixels.
    std::vector<TileWindow> cut(std::uint32_t length) const;
    /// The result of the layers for a tile, which the next call overwrites. The recorder must have finished
    /// with the call before. `Kind`: Image, Picture8 or Picture16.
    template <class Kind>
    PackedView run(Recorder& recorder, const Kind& picture, const TileWindow& row, const TileWindow& column);
    /// The same result as planes that the host can read.
    TensorView planar(Recorder& recorder) { return plan_->point(recorder, layers_.layers.size()); }
    /// The most of its own pixels that a tile has along each side.
    std::uint32_t tile() const { return tile_; }
    /// Of the tile's own first pixel in the result.
    std::uint32_t first_of(const TileWindow& window) const { return window.write - (window.read + reads_); }

  private:
    void prepare(const TileWindow& row, const TileWindow& column);

    const Device& device_;
    Network layers_;
    ParameterBuffers parameters_;
    TileMargins margins_;
    std::uint32_t radius_;  ///< what a pixel's tile must read around it
    std::uint32_t reads_;   ///< what the layers read around their result
    std::uint32_t tile_;
    std::optional<StackPlan> plan_;  ///< for tiles of the latest size
    Shape shape_;
    PixelPackings packings_;
    std::optional<Buffer> pixels_;  ///< of a tile
    std::vector<std::byte> input_;
};

}  // namespace shadenet
