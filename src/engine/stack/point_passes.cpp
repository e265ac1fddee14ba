#include "engine/stack/point_passes.h"

#include <algorithm>

#include "engine/tensors/activation_constant.h"
#include "model/philox.h"

namespace shadenet {

namespace {

std::vector<Constant> point_constants(const PointLayers& layers, bool dropout) {
    return {{"KIND", activation_constant(layers.activation)},
            {"NORM", layers.norm},
            {"DROPOUT", dropout},
            {"FROM_RESULT", layers.from_result}};
}

std::uint32_t low_word(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

std::uint32_t high_word(std::uint64_t value) {
    return static_cast<std::uint32_t>(value >> 32U);
}

}  // namespace

push::DropoutNumbers dropout_numbers(const DropoutStep& step) {
    return {.step_low = low_word(step.step),
            .step_high = high_word(step.step),
            .seed_low = low_word(step.seed),
            .seed_high = high_word(step.seed),
            .first_example = step.first_example};
}

PointPasses::Kernels::Kernels(const Device& device, const char* shader, std::vector<const char*> bindings,
                              const PointLayers& layers)
    : keeps(device, shader, bindings, point_constants(layers, false), walk_local_size),
      drops(device, shader, bindings, point_constants(layers, true), walk_local_size) {}

PointPasses::PointPasses(const Device& device, const PointLayers& layers, const Shape& largest_z,
                         Scratch& scratch)
    : layers_(layers),
      scratch_(scratch),
      forward_(device, "stack_point_forward", {"z", "coefficients", "a", "numbers"}, layers),
      sums_(device, "stack_point_sums", {"z", "da", "coefficients", "partial", "numbers"}, layers),
      backward_(device, "stack_point_backward", {"z", "da", "coefficients", "dz", "numbers"}, layers) {
    const PackedView z{nullptr, 0, largest_z};
    scratch_.reserve(tiling(z).bytes(z.blocks()));
}

Tiling PointPasses::tiling(const PackedView& z) {
    return Tiling::of_runs(z, push::PIXELS_PER_SUM_RUN);
}

push::PointPush PointPasses::push(const push::QuadWalkPush& walk, const Shape& shape) const {
    push::PointPush push{.walk = walk, .side_by_side = shape.plane() == 1, .channels = shape.c};
    if (!layers_.dropout) return push;
    push.layer = layers_.dropout_index;
    push.threshold = dropout_threshold(layers_.dropout->keep);
    push.factor = dropout_factor(layers_.dropout->keep);
    return push;
}

void PointPasses::forward(Recorder& recorder, const PackedView& z, const PackedView& a,
                          const BufferRange& coefficients, const BufferRange& dropout) const {
    for (const QuadCall& call : quad_calls(recorder.device(), z, push::PIXELS_PER_POINT_RUN)) {
        const BufferRange part = z.images(call.images.first, call.images.count).range();
        forward_.with(drops(dropout))(recorder,
                                      {{"z", part},
                                       {"coefficients", layers_.norm ? coefficients : part},
                                       {"numbers", drops(dropout) ? dropout : part},
                                       {"a", a.images(call.images.first, call.images.count).range()}},
                                      push(call.walk, z.shape), {call.walk.threads});
    }
}

BufferRange PointPasses::sums(Recorder& recorder, const PackedView& z, const PackedView& da,
                              const BufferRange& coefficients, const BufferRange& dropout) const {
    const BufferRange partials = scratch_.range(tiling(z).bytes(z.blocks()));
    for (const QuadCall& call : quad_calls(recorder.device(), z, push::PIXELS_PER_SUM_RUN)) {
        const BufferRange part = z.images(call.images.first, call.images.count).range();
        sums_.with(drops(dropout))(recorder,
                                   {{"z", part},
                                    {"da", da.images(call.images.first, call.images.count).range()},
                                    {"coefficients", layers_.norm ? coefficients : part},
                                    {"numbers", drops(dropout) ? dropout : part},
                                    {"partial", partials}},
                                   push(call.walk, z.shape), {call.walk.threads});
    }
    return partials;
}

void PointPasses::backward(Recorder& recorder, const PackedView& z, const PackedView& da,
                           const PackedView& dz, const BufferRange& coefficients,
                           const BufferRange& dropout) const {
    for (const QuadCall& call : quad_calls(recorder.device(), z, push::PIXELS_PER_POINT_RUN)) {
        const BufferRange part = z.images(call.images.first, call.images.count).range();
        backward_.with(drops(dropout))(recorder,
                                       {{"z", part},
                                        {"da", da.images(call.images.first, call.images.count).range()},
                                        {"coefficients", layers_.norm ? coefficients : part},
                                        {"numbers", drops(dropout) ? dropout : part},
                                        {"dz", dz.images(call.images.first, call.images.count).range()}},
                                       push(call.walk, z.shape), {call.walk.threads});
    }
}

}  // namespace shadenet
