// How well a network does by the statistics of a whole set of examples in the norms, and by the moving ones:
// what lies between the two shows how far the moving ones lag behind.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/stack/stack_plan.h"
#include "engine/stack/tensor_batches.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"
#include "model/network.h"
#include "task/task.h"
#include "train/logs/records.h"

namespace shadenet {

class Device;

/// Examples that are scored in both ways.
struct ScoredSet {
    const char* name;  ///< "train", "validation" or "test"
    const Examples& examples;
};
/// Those of training, and, where there are any, those of validation and of the test.
std::vector<ScoredSet> sets_to_score(const Task& task);

/// Keeps a set on the device, and the memory of a batch; changes no parameters but its own copy.
class SetScorer {
  public:
    /// Throws InputError as plans and buffers do.
    SetScorer(const Device& device, const Network& network, const Parameters& parameters,
              const ScoredSet& set, const LossKind& loss);

    /// With the statistics of the whole set: each norm normalises by the mean and variance of its inputs over
    /// all examples, those of the norms before it included. Losses are added in float64, in the order of the
    /// examples. A loss that is no number makes that score's loss NaN.
    SetScores scores(const Parameters& parameters);

  private:
    Score score(const Parameters& parameters);
    /// Sets the moving statistics of norm `index` to those of the whole set.
    void measure(Parameters& parameters, std::size_t index);

    const char* name_;
    Network network_;
    double to_unit_range_;
    std::uint32_t examples_, batch_;
    ParameterBuffers parameters_;
    StackPlan plan_;
    TensorBatches source_;
    Buffer losses_, correct_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
