// How a training step is run: what all plans have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "data/examples.h"
#include "engine/learning/batch.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// A batch in, gradients and moving statistics out.
class TrainingPlan {
  public:
    virtual ~TrainingPlan() = default;

    /// Uploads the examples in the layout that step() reads. They must be of the shapes that the plan was
    /// made for, and are not needed afterwards. The source must not outlive the plan's device. Throws
    /// InputError as buffers do.
    virtual std::unique_ptr<BatchSource> make_source(const Examples& examples) = 0;

    /// Forward, loss, backward: losses[row] = the mean of the examples' losses; the gradients, the moving
    /// statistics and the batch's own go into the parameter buffers. `batch` comes from a source of
    /// make_source().
    virtual void step(Recorder& recorder, const Batch& batch, BufferRange losses, std::uint32_t row) = 0;

    /// Sets the decay of each norm, in the order of the layers, from the next step on.
    virtual void set_decays(std::span<const float> decays) = 0;

    /// From the next step on the norms use the moving statistics without updating them (see Mode::frozen), or
    /// the batch's statistics again. Does nothing to a network without norms. May take as long as compiling a
    /// few small shaders.
    virtual void freeze_norms(bool frozen) = 0;
};

}  // namespace shadenet
