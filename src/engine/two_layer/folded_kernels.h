// The kernels of folded inference: shaders/folded_*.comp on one tile of a picture.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/tiles/tile_kernels.h"
#include "engine/two_layer/folded_network.h"
#include "engine/two_layer/folded_tile.h"
#include "folded_push.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "gpu/transfer_buffer.h"

namespace shadenet {

/// Memory of a tile stays small, and every binding within what all devices bind.
inline constexpr std::uint32_t largest_folded_tile = 2048;

/// Tiles are as wide as whole strips.
class FoldedKernels : public TileKernels {
  public:
    /// `linear` takes the single convolution, which a network without activation allows. Tiles will be at
    /// most `side` pixels high, and wide but for the last strip.
    FoldedKernels(const Device& device, const FoldedNetwork& network, bool linear, const FoldedTiles& tiles,
                  std::uint32_t side);

    /// Records that the kernels take the weights of another network of the same form. No work recorded before
    /// with these kernels may be under way.
    void set_network(Recorder& recorder, const FoldedNetwork& network);

    bool packs() const override { return packs_; }
    std::vector<TileWindow> cut_rows(std::uint32_t height) const override;
    std::vector<TileWindow> cut_columns(std::uint32_t width) const override;
    /// A whole picture of floats, which may be larger than other tiles.
    PictureTile whole(std::uint32_t width, std::uint32_t height) const;

    void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                const Buffer& result) override;

  private:
    using FoldedKernel = Kernel<push::FoldedPush>;
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
        std::unique_ptr<FoldedKernel> two_layer, linear;  ///< the second where the plan is linear
    };

    std::uint32_t row_margin() const { return kernel_ - 1; }
    std::uint32_t column_margin() const { return FOLDED_MARGIN(kernel_); }
    std::unique_ptr<FoldedKernel> make_kernel(bool packed, bool linear) const;
    const Kernels& kernels(bool packed);
    void record(const Call& call, bool linear, Region region);

    const Device& device_;
    std::uint32_t hidden_, kernel_, activation_;
    bool norm_after_, linear_;
    bool packs_;
    PixelRange range_;
    float residual_;
    std::uint32_t side_;
    FoldedTile tile_;
    TransferBuffer two_layer_weights_;
    std::optional<TransferBuffer> linear_weights_;  ///< where the plan is linear
    /// For float and for packed pixels, made when first called: compiling is most of what a small picture
    /// takes.
    std::array<Kernels, 2> kernels_;
};

}  // namespace shadenet
