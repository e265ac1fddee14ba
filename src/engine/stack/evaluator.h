// The losses and answers of a network on examples, by inference in batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/examples.h"
#include "engine/stack/stack_plan.h"
#include "engine/stack/tensor_batches.h"
#include "gpu/buffer.h"

namespace shadenet {

/// Of each example.
struct ExampleScores {
    std::vector<float> losses;
    std::vector<float> correct;  ///< 1: the right answer; 0: another. Of losses that take labels, else empty

    /// The share of right answers.
    double accuracy() const;
};

/// Keeps the examples on the device, and the memory of a batch.
class Evaluator {
  public:
    /// How many examples to evaluate together: all, but no more than keep every layer's output below some
    /// millions of values.
    static std::uint32_t fitting_batch(const Network& network, const Shape& input, std::uint32_t examples);

    /// `batch`: examples that are evaluated together; 0: fitting_batch(). The parameters must outlive it.
    /// Throws InputError when the layers do not fit the examples, and as buffers do.
    Evaluator(const Device& device, const Network& network, ParameterBuffers& parameters,
              const Examples& examples, const LossKind& loss, std::uint32_t batch = 0);

    /// Of each example with the parameters as they are; waits. The same bits for any batch. `results`, where
    /// it is not null, then has the network's results for the examples, one after the other.
    ExampleScores scores(Recorder& recorder, std::vector<float>* results = nullptr);
    std::vector<float> losses(Recorder& recorder) { return scores(recorder).losses; }

  private:
    std::uint32_t examples_, batch_;
    std::size_t result_;  ///< the point of the network's results
    StackPlan plan_;
    TensorBatches source_;
    Buffer losses_, correct_;
};

}  // namespace shadenet
