// The kernels of folded inference: shaders/folded_*.comp on one tile of a picture.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "engine/two_layer/folded_network.h"
#include "engine/two_layer/folded_pixels.h"
#include "engine/two_layer/folded_tile.h"
#include "folded_push.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "gpu/transfer_buffer.h"

namespace shadenet {

class FoldedKernels {
  public:
    /// `linear` takes the single convolution, which a network without activation allows. Windows will be at
    /// most `side` pixels high, and wide but for the last strip.
    FoldedKernels(const Device& device, const FoldedNetwork& network, bool linear, const FoldedTiles& tiles,
                  std::uint32_t side);

    /// Records that the kernels take the weights of another network of the same form. No work recorded before
    /// with these kernels may be under way.
    void set_network(Recorder& recorder, const FoldedNetwork& network);

    /// Windows are whole strips wide.
    std::uint32_t strip() const { return tile_.strip; }
    /// Rows above and below of a window, and columns to its sides, that are read and not written.
    std::uint32_t row_margin() const { return kernel_ - 1; }
    std::uint32_t margin() const { return FOLDED_MARGIN(kernel_); }

    /// The window of a picture of `width` × `height`, out of `picture` into `result`.
    void record(Recorder& recorder, const FoldedWindow& window, std::uint32_t width, std::uint32_t height,
                const Buffer& picture, const Buffer& result);

  private:
    using FoldedKernel = Kernel<push::FoldedPush>;
    /// Rows and strips of the picture, the last ones not included.
    struct Region {
        std::uint32_t first_row, last_row, first_strip, last_strip;
    };
    struct Call {
        Recorder& recorder;
        const FoldedWindow& window;
        std::uint32_t width, height;
        const Buffer &picture, &result;
    };

    struct Kernels {
        std::unique_ptr<FoldedKernel> two_layer, linear;  ///< the second where the plan is linear
    };

    std::unique_ptr<FoldedKernel> make_kernel(bool packed, bool linear) const;
    const Kernels& kernels(bool packed);
    void record(const Call& call, bool linear, Region region);

    const Device& device_;
    std::uint32_t hidden_, kernel_, activation_;
    bool norm_after_, linear_;
    float residual_;
    FoldedTile tile_;
    TransferBuffer two_layer_weights_;
    std::optional<TransferBuffer> linear_weights_;  ///< where the plan is linear
    /// For float and for packed pixels, made when first called: compiling is most of what a small picture
    /// takes.
    std::array<Kernels, 2> kernels_;
};

}  // namespace shadenet
