// A product of a layer with weights: shaders/stack_gemm.comp, or its staged form.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/stack/gemm_tile.h"
#include "engine/stack/scratch.h"
#include "engine/stack/tiling.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "gemm_push.h"
#include "gpu/recorder.h"
#include "model/network.h"

namespace shadenet {

class GemmPass {
  public:
    /// What follows the sums: see gemm_push.h.
    struct End {
        std::optional<ActivationKind> activation{};
        std::uint32_t epilogue = push::EPILOGUE_NONE;
        bool bias = false;
        std::uint32_t add = push::ADD_NONE;
    };
    /// `partials` holds the epilogue's partial results.
    GemmPass(const Device& device, const GemmTile& tile, const End& end, Scratch& partials);

    /// Announces the partial results of passes that write `to`, whose rows and columns a stride of the
    /// gradient to the input cuts into classes.
    void reserve_partials(const Shape& to, std::uint32_t stride);

    struct Product {
        PackedView from, to;
        BufferRange weights, bias;
        PackedView other;                 ///< what is added
        PackedView result;                ///< of the activation whose slope is wanted
        push::GemmPush push{};            ///< all but its tiles
        std::uint64_t first_partial = 0;  ///< tiles of earlier products of the pass
    };
    /// Returns the product's tiles.
    Tiling operator()(Recorder& recorder, Product product) const;

  private:
    const Device& device_;
    GemmTile tile_;
    bool leaves_partials_;
    Scratch& partials_;
    QuadKernel<push::GemmPush> kernel_;
};

/// Whether a product sees images of one pixel as one image.
inline bool both_side_by_side(const PackedView& from, const PackedView& to) {
    return from.side_by_side() && to.side_by_side();
}

}  // namespace shadenet
