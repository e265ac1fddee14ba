// How a training step is run: the plans behind one interface, and which of them a network gets.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/tensor.h"
#include "engine/two_layer/fused_tile.h"
#include "gpu/recorder.h"
#include "model/network.h"
#include "model/plan_kind.h"

namespace shadenet {

/// Numbers of pairs, batch by batch.
using Batches = std::vector<std::vector<std::uint32_t>>;

/// `order` cut into batches of `batch`, the last one maybe smaller.
Batches batches_of(const std::vector<std::uint32_t>& order, std::uint32_t batch);

/// Batches of pairs in, gradients and moving statistics out.
class TrainingPlan {
  public:
    virtual ~TrainingPlan() = default;

    /// The batches of the steps to come, each of the numbers of its pairs. None is empty or larger than the
    /// plan was made for. May wait for the recorder. Before the first call they are the pairs in the data
    /// set's order, the last batch maybe smaller: batches_of().
    virtual void set_batches(Recorder& recorder, Batches batches) = 0;

    /// Batch `step`: loss[step] = the mean squared error, the gradients, the moving statistics
    /// and the batch's own into the parameter buffers.
    virtual void step(Recorder& recorder, std::uint32_t step, BufferRange loss) = 0;

    /// Of each norm in the order of the layers, from the next step on.
    virtual void set_decays(std::span<const float> decays) = 0;

    /// From the next step on the norms use and keep the moving statistics (see Mode::frozen), or the batch's
    /// again. Nothing to a network without norms. May take as long as compiling a few small shaders.
    virtual void freeze_norms(bool frozen) = 0;
};

/// `wanted`, or for automatic the fused plan where it takes the network. Throws InputError when fused is
/// wanted and does not take the network.
PlanChoice choose_plan(const Network& network, PlanKind wanted);

/// A plan for batches of up to `batch` of the pairs `input` and `target` [n,3,h,w], which must outlive it.
/// `tiles` are the fused plan's. Throws InputError as the plans do.
std::unique_ptr<TrainingPlan> make_training_plan(PlanKind kind, const Device& device, const Network& network,
                                                 ParameterBuffers& parameters, const Tensor& input,
                                                 const Tensor& target, std::uint32_t batch,
                                                 const FusedTiles& tiles);

}  // namespace shadenet
