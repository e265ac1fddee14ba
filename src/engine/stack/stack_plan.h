// The plan that runs any list of layers, forward and backward, in passes over packed feature maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/learning/loss.h"
#include "engine/learning/training_plan.h"
#include "engine/stack/add.h"
#include "engine/stack/packing.h"
#include "engine/stack/share_losses.h"
#include "engine/stack/step_rows.h"
#include "engine/stack/unit_passes.h"
#include "model/network.h"

namespace shadenet {

/// What a batch's results are to be: examples of target_shape(), or a class an example.
struct StackTarget {
    ExampleView values{};
    BufferRange labels{};
};

/// What a plan is to do beside forward().
struct StackOptions {
    const LossKind* loss = nullptr;        ///< of step() and losses_of_each(), which need one
    std::set<std::size_t> kept{};          ///< points (see Skip) that point() is asked for, beside the result
    StackTiles tiles{};                    ///< of training
    std::uint64_t most_bytes = any_bytes;  ///< of feature maps and gradients; see MemoryNeeds
    Shares shares{};                       ///< that steps are made of
};

class StackPlan {
  public:
    /// Takes the memory for batches of up to `largest_input`.n images of each share; for inference without
    /// gradients, and of one share.
    /// Training needs parameters whose weights lie in blocks. Throws InputError when the layers do not fit
    /// the input or one another, and std::invalid_argument for training with dense weights.
    StackPlan(const Device& device, const Network& network, ParameterBuffers& parameters,
              const Shape& largest_input, Purpose purpose, const StackOptions& options = {});

    /// The shape of inputs with the largest batch of this rank, without a margin: the shape that the first
    /// layer takes, or [n,c·h·w,1,1] of networks that begin with a dense layer.
    Shape input_shape() const;
    /// Pixels around an input on each side, where pictures are continued; an input may bring them itself.
    std::uint32_t margin() const { return picture_margin(network_); }
    PicturePadding padding() const { return network_.padding; }
    /// Likewise of targets; none where the loss takes labels.
    std::optional<Shape> target_shape() const;
    /// That steps are made of.
    Shares shares() const { return rows_ ? rows_->shares() : Shares(); }
    /// The loss compares with classes. A plan without a loss has neither.
    bool takes_labels() const { return takes_labels_; }

    /// The network's result for x, of input_shape(), without dropout, in memory of the plan that the next
    /// call overwrites. Throws std::invalid_argument for another mode than inference in a plan for inference.
    TensorView forward(Recorder& recorder, const ExampleView& x, Mode mode);
    /// The same of an input that is written, with_margin(), to the place for so many images. The result is
    /// the plan's, likewise.
    PackedView input(std::uint32_t images);
    PackedView forward(Recorder& recorder, Mode mode);
    /// Of the latest forward pass, likewise: point 0 is its input, point i the output of layer i − 1. Only
    /// points that are kept, and the result of forward().
    TensorView point(Recorder& recorder, std::size_t index);

    /// Before step() of these shares: chooses the masks of dropout.
    void begin_step(Recorder& recorder, const DropoutStep& step, const BatchShares& shares = {});
    /// Forward, loss and backward: the loss of the batch, and the gradients of all but the weights into the
    /// parameter buffers. The weights' gradients wait as partial sums. `shares`: without sizes the batch is
    /// one. With other ranks it waits for them.
    void step(Recorder& recorder, const ExampleView& x, const StackTarget& target, Mode mode,
              const LossRows& losses, const BatchShares& shares = {});
    /// After step(), and the optimizer's begin_step(): a step of all parameters.
    void update(Recorder& recorder, const OptimizerKernels& optimizer) const;
    /// After step(): the weights' gradients too into the parameter buffers.
    void add_gradients(Recorder& recorder, const OptimizerKernels& optimizer) const;

    /// Inference of x, and the loss of each example.
    void losses_of_each(Recorder& recorder, const ExampleView& x, const StackTarget& target,
                        const LossRows& losses);

    /// Sets the decay of each norm, in the order of the layers, from the next forward pass on.
    void set_decays(Recorder& recorder, std::span<const float> decays);

    /// Of all feature maps and gradients.
    FeatureMapMemory feature_maps() const { return {points_.bytes(), points_.remakes()}; }
    /// From now on fills memory with NaN wherever nothing lives that a later pass may read: for checks, which
    /// so see whether one does.
    void poison_free_memory() { poisons_ = true; }

  private:
    /// The examples of a share in a batch.
    struct Part {
        std::uint32_t share, first, count;
    };
    void require_shares(const BatchShares& shares) const;
    void divide(std::uint32_t images, const BatchShares& shares);
    /// Of one share.
    void begin_pass(StackPass& pass, std::uint32_t images);
    BufferRange dropout_of(std::uint32_t share) const;
    /// Calls `use` of a part for each share that has examples.
    template <class Use>
    void for_each_part(StackPass& pass, const Use& use);
    void make_loss(StackPass& pass, const StackTarget& target, const LossRows& losses);
    void finish(StackPass& pass, const LossRows& losses);
    void refresh(Recorder& recorder);
    /// Calls `use` for a unit, whose calls the profiler knows by the name of its first layer (point_names()).
    template <class Use>
    void for_unit(Recorder& recorder, std::size_t unit, const Use& use) const {
        recorder.begin_part(parts_[unit]);
        use(*passes_[unit]);
        recorder.begin_part("");
    }
    void run(Recorder& recorder, const ExampleView& x, StackPass& pass);
    void run_units(StackPass& pass);
    /// After a step of the pass; see StackSteps.
    void end(Recorder& recorder, std::size_t step) const;
    LossTarget pack_target(Recorder& recorder, const StackTarget& target, const Part& part);

    const Device& device_;
    Network network_;
    Purpose purpose_;
    bool takes_labels_ = false;
    bool poisons_ = false;
    std::vector<Unit> units_;
    Packing packing_;
    AddPass add_;
    Scratch scratch_;
    Buffer dropout_;                           ///< DropoutNumbers of each share, aligned
    std::optional<StepRows> rows_;             ///< of several shares
    std::optional<ShareLosses> share_losses_;  ///< likewise
    std::vector<Part> in_hand_;                ///< of the batch
    std::vector<std::uint32_t> empty_;         ///< shares without an example in it
    std::uint32_t step_images_ = 0;            ///< of all shares
    StackPoints points_;
    std::vector<std::unique_ptr<UnitPasses>> passes_;
    std::vector<std::string> parts_;  ///< names of the units, all different
    std::unique_ptr<Loss> loss_;      ///< null without one
};

}  // namespace shadenet
