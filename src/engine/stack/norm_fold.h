// A norm with its moving statistics as part of the layer with weights before it: shaders/stack_fold.comp.
#pragma once

#include <string>

#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/network.h"
#include "turn_push.h"

namespace shadenet {

/// With s = γ/√(variance + ε): weights·s, and (bias − mean)·s + β.
class NormFold {
  public:
    /// `layer`: the name of the layer with weights; `norm` has a channel for each of its outputs.
    NormFold(const Device& device, const ParameterBuffers& parameters, const std::string& layer,
             const WeightExtent& extent, const BatchNorm& norm);

    /// From weights in blocks and the layer's bias, and the norm's parameters and statistics as they are.
    void fold(Recorder& recorder, const BufferRange& weights, const BufferRange& bias) const;
    /// Of the latest fold().
    BufferRange weights() const { return weights_.whole(); }
    BufferRange bias() const { return bias_.whole(); }

  private:
    WeightExtent extent_;
    float epsilon_;
    BufferRange gamma_, beta_, mean_, variance_;
    Buffer weights_, bias_;
    QuadKernel<push::FoldPush> kernel_;
};

}  // namespace shadenet
