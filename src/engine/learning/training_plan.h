// How a training step is run: what all plans have in common.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "data/examples.h"
#include "engine/learning/batch.h"
#include "engine/learning/optimizer.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Where the loss of a step goes.
struct StepRecord {
    BufferRange losses;
    std::uint32_t row = 0;  ///< losses[row] = the mean of the examples' losses
    /// correct[row] = the right answers of the batch, where the loss takes labels; nothing without a buffer.
    BufferRange correct{};
};

/// What a plan keeps of feature maps and their gradients.
struct FeatureMapMemory {
    std::uint64_t bytes = 0;
    bool remade = false;  ///< norms, activations and dropout make their results again on the way back
};

/// A batch in, gradients and moving statistics out. What changes from step to step is told before: the calls
/// of step() and update() are the same as long as the number of examples is, and whether the norms are
/// frozen.
class TrainingPlan {
  public:
    virtual ~TrainingPlan() = default;

    /// Uploads the examples in the layout that step() reads. They must be of the shapes that the plan was
    /// made for. Crops, which are others in every epoch, must outlive the source; others are not needed
    /// afterwards. The source must not outlive the plan's device. Throws InputError as buffers do.
    virtual std::unique_ptr<BatchSource> make_source(const Examples& examples) = 0;

    /// Before share_step() of these shares, for step `number` of the run, counted from 0: chooses the masks
    /// of dropout.
    virtual void begin_step(Recorder& recorder, std::uint64_t number, const BatchShares& shares) = 0;
    void begin_step(Recorder& recorder, std::uint64_t number) { begin_step(recorder, number, {}); }

    /// Forward, loss, backward: the loss, the moving statistics, the batch's own, and the gradients, which go
    /// into the parameter buffers as far as add_gradients() is not needed for it. `batch` comes from a source
    /// of make_source(), and is this rank's part of a step of the shares that the plan was made for; without
    /// sizes it is all, and one share. Waits for the device and the other ranks, where there are others.
    virtual void share_step(Recorder& recorder, const Batch& batch, const BatchShares& shares,
                            const StepRecord& record) = 0;
    void step(Recorder& recorder, const Batch& batch, const StepRecord& record) {
        share_step(recorder, batch, {}, record);
    }

    /// After step(), and the optimizer's begin_step(): moves all parameters against their gradients.
    virtual void update(Recorder& recorder, const OptimizerKernels& optimizer) const {
        optimizer.step(recorder);
    }
    /// After step(), for those who want to look: makes the gradients in the parameter buffers complete.
    virtual void add_gradients(Recorder&, const OptimizerKernels&) const {}

    /// Sets the decay of each norm, in the order of the layers, from the next step on.
    virtual void set_decays(Recorder& recorder, std::span<const float> decays) = 0;

    /// From the next step on the norms use the moving statistics without updating them (see Mode::frozen), or
    /// the batch's statistics again. Does nothing to a network without norms. May take as long as compiling a
    /// few small shaders.
    virtual void freeze_norms(bool frozen) = 0;

    /// Nothing for a plan that keeps none.
    virtual FeatureMapMemory feature_maps() const { return {}; }
};

}  // namespace shadenet
