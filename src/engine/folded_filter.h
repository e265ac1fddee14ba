// Inference of a two-layer network in one kernel: shaders/folded_*.comp over the tiles of a picture.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/folded_network.h"
#include "engine/folded_pixels.h"
#include "engine/folded_tile.h"
#include "folded_push.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "image/image.h"

namespace shadenet {

/// Tiles are as wide as whole strips. The result does not depend on them, bit for bit.
class FoldedFilter {
  public:
    /// `linear` takes the single convolution, which a network without activation allows. `tile`: at most this
    /// many pixels high, and wide but for the last strip.
    FoldedFilter(const Device& device, const FoldedNetwork& network, bool linear, std::uint32_t tile,
                 const FoldedTiles& tiles);

    /// The network's output for a picture with at least one pixel. 8-bit pictures are clamped to 0..1 and
    /// rounded to nearest, a half upwards, and want a network that is bounded().
    Image apply(const Image& picture);
    Picture8 apply(const Picture8& picture);

  private:
    using FoldedKernel = Kernel<push::FoldedPush>;
    struct Kernels {
        std::unique_ptr<FoldedKernel> two_layer, linear;  ///< each only where it is called
    };
    /// Rows and strips of the picture, the last ones not included.
    struct Region {
        std::uint32_t first_row, last_row, first_strip, last_strip;
    };

    template <class Picture>
    Picture run(const Picture& picture);
    const Kernels& kernels(bool packed);
    void make_room(std::uint64_t words, std::uint64_t result_words);
    void record_tile(const FoldedWindow& window, std::uint32_t width, std::uint32_t height,
                     const Buffer& result);
    void record(const FoldedWindow& window, std::uint32_t width, std::uint32_t height, const Buffer& result,
                bool linear, Region region);

    const Device& device_;
    std::uint32_t hidden_, kernel_, activation_;
    bool norm_after_, residual_, linear_;
    FoldedTile tile_;
    std::uint32_t tile_side_;
    Buffer two_layer_weights_;
    std::optional<Buffer> linear_weights_;  ///< where the plan is linear
    std::array<Kernels, 2> kernels_;        ///< for float and for packed pixels, made when first wanted
    std::unique_ptr<Buffer> picture_;
    std::array<std::unique_ptr<Buffer>, 2> results_;  ///< one is read while the other is written
    std::vector<std::uint32_t> words_, result_words_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
