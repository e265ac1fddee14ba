// Layers that work value by value, several in one pass: shaders/stack_point*.comp.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/stack/quad_walk.h"
#include "engine/stack/scratch.h"
#include "engine/stack/tiling.h"
#include "point_push.h"
#include "step_numbers.h"

namespace shadenet {

/// The layers of a pass, one at least, in this order: a = dropout(activation((z − mean)·scale + β)).
struct PointLayers {
    bool norm = false;
    std::optional<ActivationKind> activation;
    std::optional<Dropout> dropout;
    std::uint32_t dropout_index = 0;  ///< of the dropout in the network's list of layers
    /// For an activation alone whose input is not kept: the backward passes then are given its result a in
    /// the place of z.
    bool from_result = false;
};

/// What chooses the masks of dropout in a training step, beside the layer; model/philox.h has the rule.
struct DropoutStep {
    std::uint64_t seed = 0;
    std::uint64_t step = 0;           ///< of the run, from 0
    std::uint32_t first_example = 0;  ///< examples of the mini-batch before the first of the tensors given
};

push::DropoutNumbers dropout_numbers(const DropoutStep& step);

/// All tensors of a call have one shape. `coefficients`: those of the norm (NormPasses), or nothing without
/// one. `dropout`: DropoutNumbers, or nothing in an evaluation, where dropout changes nothing; the backward
/// passes take the coefficients and the numbers of the forward pass. All throw InputError when an image is
/// too large to bind.
class PointPasses {
  public:
    /// Keeps a reference to `scratch`.
    PointPasses(const Device& device, const PointLayers& layers, const Shape& largest_z, Scratch& scratch);

    /// Writes a. It may be the memory of z.
    void forward(Recorder& recorder, const PackedView& z, const PackedView& a,
                 const BufferRange& coefficients = {}, const BufferRange& dropout = {}) const;

    /// How the partial sums of z lie.
    static Tiling tiling(const PackedView& z);
    /// Leaves partial sums of g (part 0) and g·x̂ (part 1; 0 without a norm) in the scratch memory, and
    /// returns where: g = slope·mask·da is the gradient of the norm's result, or of z without a norm.
    BufferRange sums(Recorder& recorder, const PackedView& z, const PackedView& da,
                     const BufferRange& coefficients = {}, const BufferRange& dropout = {}) const;

    /// Writes dz = scale·(g − Σg/M − x̂·Σg·x̂/M), after NormPasses::gradients(); without a norm dz = g. It may
    /// be the memory of da.
    void backward(Recorder& recorder, const PackedView& z, const PackedView& da, const PackedView& dz,
                  const BufferRange& coefficients = {}, const BufferRange& dropout = {}) const;

  private:
    /// A kernel with dropout and one without; of the latter the layer may have no need.
    struct Kernels {
        Kernels(const Device& device, const char* shader, std::vector<const char*> bindings,
                const PointLayers& layers);
        const QuadKernel<push::PointPush>& with(bool dropout) const { return dropout ? drops : keeps; }
        QuadKernel<push::PointPush> keeps, drops;
    };
    bool drops(const BufferRange& dropout) const { return dropout.buffer != nullptr && layers_.dropout; }
    push::PointPush push(const push::QuadWalkPush& walk, const Shape& shape) const;

    PointLayers layers_;
    Scratch& scratch_;
    Kernels forward_, sums_, backward_;
};

}  // namespace shadenet
