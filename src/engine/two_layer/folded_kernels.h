// The kernels of folded inference: shaders/folded_*.comp on one tile of a picture.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/tiles/pixel_access.h"
#include "engine/tiles/tile_kernels.h"
#include "engine/two_layer/folded_network.h"
#include "engine/two_layer/folded_tile.h"
#include "folded_push.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "gpu/transfer_buffer.h"

namespace shadenet {

/// Keeps the memory of a tile small, and every binding within what all devices bind.
inline constexpr std::uint32_t largest_folded_tile = 2048;

/// Tiles are as wide as whole strips.
class FoldedKernels : public TileKernels {
  public:
    /// `linear`: run the single convolution, for networks without an activation. `side`: the most pixels of a
    /// tile's height, and of its width before it is rounded up to whole strips.
    FoldedKernels(const Device& device, const FoldedNetwork& network, bool linear, const FoldedTiles& tiles,
                  std::uint32_t side);

    /// Records the upload of the weights of another network of the same form. No work with these kernels may
    /// be under way.
    void set_network(Recorder& recorder, const FoldedNetwork& network);

    std::vector<TileWindow> cut_rows(std::uint32_t height) const override;
    std::vector<TileWindow> cut_columns(std::uint32_t width) const override;
    /// A whole picture of floats, which may be larger than other tiles.
    PictureTile whole(std::uint32_t width, std::uint32_t height) const;

    void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                const Buffer& result) override;

  private:
    /// Rows and strips of the picture, the last ones not included.
    struct Region {
        std::uint32_t first_row, last_row, first_strip, last_strip;
    };
    struct Call {
        Recorder& recorder;
        const PictureTile& tile;
        const Buffer &picture, &result;
    };

    struct Kernels {
        std::optional<PixelAccess> pixels;
        /// None where they are not used: the linear plan takes two_layer for a ring at the edges alone, and
        /// none where pictures are continued.
        std::optional<AnyKernel> two_layer, linear;
    };

    std::uint32_t row_margin() const { return kernel_ - 1; }
    std::uint32_t column_margin() const { return FOLDED_MARGIN(kernel_); }
    AnyKernel make_kernel(const PixelAccess& pixels, bool linear) const;
    const Kernels& kernels(PixelFormat format);
    void record(const Call& call, bool linear, Region region);

    const Device& device_;
    std::uint32_t hidden_, kernel_, activation_;
    bool norm_after_, linear_;
    bool checked_;
    PixelRange range_;
    PicturePadding padding_;
    float residual_;
    std::uint32_t side_;
    FoldedTile tile_;
    TransferBuffer two_layer_weights_;
    std::optional<TransferBuffer> linear_weights_;  ///< only if the plan is linear
    /// For each format, made when it is first called: compiling takes most of the time of a small picture.
    std::array<Kernels, 3> kernels_;
};

}  // namespace shadenet
