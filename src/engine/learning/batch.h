// Batches of examples on the device: what a step learns from.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batches.h"
#include "engine/tensors/example_tensor.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Which part of a step the examples of this rank are.
struct BatchShares {
    /// The number of examples of each of this rank's shares, which may be 0. The batch holds the examples
    /// share after share.
    std::vector<std::uint32_t> sizes{};
    std::uint32_t all = 0;     ///< examples of the step, on all ranks
    std::uint32_t before = 0;  ///< those of the ranks before
};

/// Some examples on the device, in the layout of the plan that made their source.
struct Batch {
    ExampleView input{};       ///< of the stack plan, which reads them among all examples
    ExampleView target{};      ///< likewise; none if they are labels
    BufferRange labels{};      ///< a 32-bit word an example: its class, counted from 0
    TensorView pairs{};        ///< of the fused plan: inputs with targets, one after the other
    BufferRange statistics{};  ///< numbers of the host about the inputs of the step, on all ranks
};

/// Gives a plan its batches.
class BatchSource {
  public:
    virtual ~BatchSource() = default;

    /// Sets the batches of the next steps. None may be larger than the source was made for, or be empty where
    /// the plan has one share. `pass`: counted from 0, of examples that are others in every pass over them.
    virtual void set_batches(Batches batches, std::uint32_t pass = 0) = 0;
    /// Makes the batch of step `step` the one that gather() is for.
    virtual void choose(Recorder& recorder, std::uint32_t step) = 0;
    /// The chosen batch, valid until the next choose(). Its calls are the same for any batch of as many
    /// examples.
    virtual Batch gather(Recorder& recorder) = 0;

    Batch batch(Recorder& recorder, std::uint32_t step) {
        choose(recorder, step);
        return gather(recorder);
    }
};

}  // namespace shadenet
