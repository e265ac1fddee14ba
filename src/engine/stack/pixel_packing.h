// Between pixels of a picture's tile and packed feature maps: shaders/stack_read_pixels.comp,
// stack_write_pixels.comp.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "engine/tiles/pixel_access.h"
#include "engine/tiles/tile_window.h"
#include "gpu/recorder.h"
#include "stack_pixels_push.h"

namespace shadenet {

/// For tiles of one format. As TileKernels::record() says; results of integers that are not finite are
/// reported.
class PixelPacking {
  public:
    PixelPacking(const Device& device, PixelFormat format, const PixelRange& range);

    /// to = all that the tile reads of the picture; `to` is one image of 3 channels.
    void read(Recorder& recorder, const PictureTile& tile, const Buffer& picture, const PackedView& to) const;
    /// result = (1 − strength)·input + strength·from, where `from` is what the tile computes, and `input`
    /// what it reads; that is read where the strength is not 1.
    void write(Recorder& recorder, const PictureTile& tile, const PackedView& from, const PackedView& input,
               float strength, const Buffer& result) const;

  private:
    PixelAccess pixels_;
    QuadKernel<push::StackPixelsPush> read_, write_;
};

/// One for each format, made when it is first asked for.
class PixelPackings {
  public:
    PixelPackings(const Device& device, const PixelRange& range) : device_(device), range_(range) {}
    const PixelPacking& of(PixelFormat format) {
        std::optional<PixelPacking>& made = made_.at(static_cast<std::size_t>(format));
        return made ? *made : made.emplace(device_, format, range_);
    }

  private:
    const Device& device_;
    PixelRange range_;
    std::array<std::optional<PixelPacking>, 3> made_;
};

}  // namespace shadenet
