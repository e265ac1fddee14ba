// The optimizers on the device: shaders/include/optimizer.glsl. The rules stand in model/optimizer.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/recorder.h"
#include "model/optimizer.h"
#include "optimizer_push.h"
#include "step_numbers.h"

namespace shadenet {

/// One step of an optimizer.
struct OptimizerStep {
    std::uint64_t number = 1;  ///< counted from 1
    float learning_rate = 0;
};

/// A weight gradient as partial sums: [splits] of the weights in blocks.
struct WeightPartials {
    BufferRange range;
    std::uint32_t splits = 0;
};

/// Adds such sums in their order.
class WeightSum {
  public:
    explicit WeightSum(const Device& device);
    /// Writes the gradient, of the extent's weights in blocks, to `to`.
    void operator()(Recorder& recorder, const WeightExtent& extent, const WeightPartials& gradient,
                    const BufferRange& to) const;

  private:
    QuadKernel<push::UpdatePush> kernel_;
};

class OptimizerKernels {
  public:
    /// Makes a state of zeros for these parameters, which must outlive it.
    OptimizerKernels(const Device& device, const OptimizerOptions& options,
                     const ParameterBuffers& parameters);

    /// Before the calls of a step: which one it is.
    void begin_step(Recorder& recorder, const OptimizerStep& now) const;
    /// Makes one step of every parameter, except held ones and weights in blocks, against its gradient.
    void step(Recorder& recorder) const;

    /// Makes one step of the layer's weights, which lie in blocks, against the sum of the partial gradients,
    /// and writes their copy for the gradient to the input to `turned` (see stack_update.comp), unless that
    /// has no buffer. `weights`: "conv1.weight".
    void step_weights(Recorder& recorder, const std::string& weights, const WeightExtent& extent,
                      const WeightPartials& gradient, BufferRange turned) const;
    /// Writes that sum to the parameter buffers' gradient, and steps nothing.
    void add_gradient(Recorder& recorder, const std::string& weights, const WeightExtent& extent,
                      const WeightPartials& gradient) const;

    /// The moments that are kept between steps, [moments] in the order of files (see ParameterBuffers); empty
    /// for sgd. Waits; see Buffer.
    std::vector<float> download_state() const;
    /// Throws std::invalid_argument when the size differs.
    void upload_state(std::span<const float> state) const;
    /// Floats of download_state().
    std::size_t state_values() const;

  private:
    std::uint32_t moments() const;
    BufferRange moment(std::uint32_t index, const BufferRange& parameters) const;
    push::OptimizerRule rule(bool weights) const;

    OptimizerOptions options_;
    const ParameterBuffers& parameters_;
    Buffer state_;  ///< [moments][parameters.count()]
    Buffer now_;    ///< OptimizerNumbers
    QuadKernel<push::OptimizerPush> step_;
    QuadKernel<push::UpdatePush> step_weights_, step_and_turn_;
    WeightSum sum_;
};

}  // namespace shadenet
