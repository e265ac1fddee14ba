// A set of examples that a network is evaluated on with statistics of the whole set in its norms, or with any
// others.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/stack/evaluator.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"
#include "group/shared_work.h"
#include "model/parameters.h"

namespace shadenet {

class Device;

/// `examples` are measured for norm `number` of `norms`, counted from 0.
struct SetProgress {
    std::string norm;
    std::size_t number, norms;
    std::uint32_t examples;
};

/// Keeps the examples on the device, and the memory of a batch; changes no parameters but its own copy.
class WholeSet {
  public:
    /// `chosen`: the numbers of the examples that the set has; empty: it has all. Throws InputError as plans
    /// and buffers do.
    WholeSet(const Device& device, const Network& network, const Parameters& parameters,
             const Examples& examples, const LossKind& loss, const std::vector<std::uint32_t>& chosen = {});

    std::uint32_t size() const { return size_; }

    /// Inference, so without dropout, with the moving statistics of `parameters`; waits. The same bits for
    /// any batch. Throws Stopped soon after `stop`, which may be null, becomes true.
    ExampleScores scores(const Parameters& parameters, const std::atomic<bool>* stop = nullptr);

    /// The parameters with statistics of the whole set in place of the moving ones: mean and biased variance
    /// of each norm's inputs over all examples, without dropout. The norms before it normalise by their own
    /// statistics of the whole set. Batches are merged in float64, in the order of the examples. After each
    /// batch `go_on`, which may be empty, is asked; the result is empty if it says no. The ranks of `work`,
    /// if there are several, take the batches by turns, with the bits of one; it is empty, too, where another
    /// fails.
    std::optional<Parameters> measured(Parameters parameters,
                                       const std::function<bool(const SetProgress&)>& go_on = {},
                                       SharedWork* work = nullptr);

  private:
    bool measure(Parameters& parameters, std::size_t index,
                 const std::function<bool(const SetProgress&)>& go_on, SharedWork& work);
    Texts measure_own(const Parameters& parameters, std::size_t index,
                      const std::function<bool(const SetProgress&)>& go_on, const SharedWork& work);

    Network network_;
    std::uint32_t size_, batch_;
    ParameterBuffers parameters_;
    StackPlan plan_;
    TensorBatches source_;
    Buffer losses_, correct_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
