// The optimizers on the device: shaders/optimizer_step.comp. The rules stand in model/optimizer.h.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensors/parameter_buffers.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "model/optimizer.h"
#include "optimizer_push.h"

namespace shadenet {

class OptimizerKernels {
  public:
    /// Makes a state of zeros for `count` parameters.
    OptimizerKernels(const Device& device, const OptimizerOptions& options, std::uint32_t count);

    /// Makes one step of every parameter, except held ones, against its gradient. `step` counts from 1.
    void step(Recorder& recorder, const ParameterBuffers& parameters, std::uint64_t step,
              float learning_rate);

    /// The moments that are kept between steps, [moments][count]; empty for sgd. Waits; see Buffer.
    std::vector<float> download_state() const;
    /// Throws std::invalid_argument when the size differs.
    void upload_state(std::span<const float> state) const;

  private:
    std::size_t state_values() const;

    OptimizerOptions options_;
    std::uint32_t count_;
    Buffer state_;
    Kernel<push::OptimizerPush> step_;
};

}  // namespace shadenet
