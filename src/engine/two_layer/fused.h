// The plan that trains the two-layer network in two passes over the pictures: shaders/fused_*.comp. The
// statistics of layer 1 come from moments of the input's patches, and the loss' gradient from moments of y;
// the hidden layer is never stored. The shaders have the formulas.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/learning/training_plan.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/reducer.h"
#include "engine/tensors/share_rows.h"
#include "engine/two_layer/fused_network.h"
#include "engine/two_layer/fused_pictures.h"
#include "engine/two_layer/fused_tile.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"

namespace shadenet {

class FusedPlan : public TrainingPlan {
  public:
    /// Pixels of one call of a pass: so few that it ends soon; on a software device within 10 ms if a window
    /// is drawn between the calls.
    static std::uint64_t default_pixels_per_call(const Device& device);
    /// Bytes of the partial results that the forward pass leaves of one picture.
    static std::uint64_t moments_bytes(std::uint32_t width, std::uint32_t height, const FusedTile& tile);

    /// For batches of up to `batch` pairs on this rank, in these shares. Throws InputError for a network that
    /// match_fused() refuses, and where the device cannot bind a picture. The result does not depend on
    /// `pixels_per_call`.
    FusedPlan(const Device& device, const Network& architecture, const ParameterBuffers& parameters,
              const FusedLayout& layout, std::uint32_t batch, const FusedTiles& tiles,
              std::optional<std::uint64_t> pixels_per_call = {}, const Shares& shares = {});

    std::unique_ptr<BatchSource> make_source(const Examples& examples) override;
    void share_step(Recorder& recorder, const Batch& batch, const BatchShares& shares,
                    const StepRecord& record) override;
    void begin_step(Recorder&, std::uint64_t, const BatchShares&) override {}
    void set_decays(Recorder& recorder, std::span<const float> decays) override;
    void freeze_norms(bool frozen) override;

  private:
    /// Images and blocks of rows of one call.
    struct Piece {
        std::uint32_t first_image, images, first_block, blocks;
    };
    /// How a pass divides a batch.
    struct Division {
        FusedTile tile;
        std::uint32_t strips, blocks, block_rows;
        bool ragged;  ///< the last strip reaches beyond the last column
        std::uint32_t slots() const { return strips * blocks; }  ///< partial results of an image
    };

    /// The kernels that depend on the statistics that the norms use; `norm`: NORM of fused_push.h.
    struct NormKernels {
        NormKernels(const Device& device, const FusedNetwork& network, std::uint32_t norm, bool continued);
        Kernel<push::FusedNetworkPush> fold, output, gradients;
    };

    /// `ring`: rows and columns around the picture that have strips too.
    Division divide(FusedTile tile, std::uint64_t slot_bytes, std::uint32_t ring) const;
    bool texels_fit() const;
    std::uint32_t images_per_sum() const;
    std::vector<Piece> pieces(const Division& division, std::uint32_t first, std::uint32_t images) const;
    push::FusedPassPush pass_push(const Division& division, const Piece& piece) const;
    std::vector<Constant> constants(const Division& division) const;
    std::vector<Constant> forward_constants() const;
    std::vector<Constant> backward_constants() const;
    void forward(Recorder& recorder, const TensorView& pairs);
    BufferRange join_moments(Recorder& recorder, const BatchShares& shares);
    BufferRange merge_moments(Recorder& recorder, BufferRange moments, std::uint32_t first_row,
                              std::uint32_t rows);
    void join_sums(Recorder& recorder, const TensorView& pairs, const BatchShares& shares);
    void backward(Recorder& recorder, const TensorView& pairs, std::uint32_t first, std::uint32_t images,
                  BufferRange to, std::uint32_t to_row);
    void backward_part(Recorder& recorder, const TensorView& pairs, std::uint32_t first, std::uint32_t images,
                       BufferRange to, std::uint32_t to_row);
    BufferRange y_range(std::uint32_t first, std::uint32_t images) const;
    BufferRange as_texels(const BufferRange& range, const Division& division) const;

    const Device& device_;
    FusedNetwork network_;
    const ParameterBuffers& parameters_;
    FusedTiles tiles_;
    bool correlates_;  ///< the backward pass leaves correlations
    std::uint64_t pixels_per_call_;
    FusedLayout layout_;
    Shares shares_;
    std::uint32_t batch_, channels_, sum_columns_, y_stride_;
    std::uint32_t all_images_ = 0;  ///< of the step, on all ranks
    Division forward_division_, backward_division_;
    Reducer reducer_;
    push::FusedNetworkPush network_push_;
    std::vector<float> decays_;  ///< of the two norms, if there are any
    Buffer decays_on_device_;    ///< DecayNumbers
    Buffer folded_, y_, moments_, merged_, remerged_, sums_;
    std::optional<ShareRows> share_moments_, share_sums_;  ///< where there are several shares
    NormKernels norm_kernels_;
    std::optional<NormKernels> frozen_kernels_;  ///< made when the norms are first frozen
    bool frozen_ = false;
    Kernel<push::FusedMergePush> merge_;
    Kernel<push::FusedPassPush> forward_, backward_;
    std::optional<Buffer> correlations_;  ///< with compose_, which makes sums of them; only if correlates_
    std::optional<Kernel<push::FusedComposePush>> compose_;
};

}  // namespace shadenet
