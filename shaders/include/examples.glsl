// Common to the kernels that pack examples: a batch is a list of numbers of examples, and a call binds a range of all
// examples. The layout of examples is in engine/tensors/example_tensor.h.
#ifndef EXAMPLES_GLSL
#define EXAMPLES_GLSL
#include "quads.glsl"
#include "linear.glsl"
#include "unit_value.glsl"
#include "stack_pack_push.h"

layout(constant_id = 0) const uint LEVELS = 0;  // a value is a byte: 1: a 255th, 2: in a range of its own

layout(push_constant) uniform Push { StackPackPush push; };
WORDS_IN(0, 3, all);
layout(binding = 1, std430) readonly buffer numbers_block { uint numbers[]; };
QUADS_OUT(2, packed);

const uint PER_QUAD = LEVELS != 0 ? 16 : 4;

// Value i of a quad.
float value(uvec4 quad, uint i) {
    if (LEVELS == 0) return uintBitsToFloat(quad[i]);
    uint level = quad[i / 4] >> i % 4 * 8 & 255u;
    return LEVELS == 1 ? unit_value_8(level) : push.low + push.step * float(level);
}

// The first quad of the image's example; false where another call has it.
bool find(uint image, out uint first) {
    uint example = push.first_listed + push.first_image + image;
    if (push.numbered != 0) example = numbers[example];
    example -= push.first_example;  // enormous for an earlier one
    first = example * push.example_quads;
    return example < push.examples;
}

// Value i of a run of them.
float value_at(uint first_quad, uint i) { return value(WORDS(all, first_quad + i / PER_QUAD), i % PER_QUAD); }

#endif
