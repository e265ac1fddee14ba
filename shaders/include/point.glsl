// What the passes of layers that work value by value share: a = dropout(activation((z − mean)·scale + beta)), of which
// each layer may be missing. To be included after the buffers `coefficients` and `numbers`.
#ifndef POINT_GLSL
#define POINT_GLSL
#include "activation_quads.glsl"
#include "coefficients.h"
#include "philox.glsl"
#include "point_push.h"
#include "quad_walk.glsl"

layout(constant_id = 1) const uint NORM = 0;
layout(constant_id = 2) const uint DROPOUT = 0;
layout(constant_id = 3) const uint FROM_RESULT = 0;  // z is the activation's result

struct Norm {
    vec4 mean, inverse, scale, beta;
};

Norm norm_of(uint block) {
    if (NORM == 0) return Norm(vec4(0.0), vec4(1.0), vec4(1.0), vec4(0.0));
    uint at = block * COEFFICIENT_QUADS;
    return Norm(QUAD(coefficients, at + COEFFICIENT_MEAN), QUAD(coefficients, at + COEFFICIENT_INVERSE),
                QUAD(coefficients, at + COEFFICIENT_SCALE), QUAD(coefficients, at + COEFFICIENT_BETA));
}

// The activation's argument.
vec4 normed(Norm norm, vec4 z) { return NORM != 0 ? (z - norm.mean) * norm.scale + norm.beta : z; }

vec4 slopes_at(Norm norm, vec4 z) {
    if (KIND == IDENTITY) return vec4(1.0);
    return slopes_at_result(FROM_RESULT != 0 ? z : activations(normed(norm, z)));
}

// What dropout multiplies four neighbours by, which begin with element a·s + b of the tensor [n, c, h, w]: of the number
// e of an element, word e%4 of counter e/4 decides.
vec4 dropout_factors(PointPush push, uint a, uint s, uint b) {
    uint high, low, carry;
    umulExtended(a, s, high, low);
    low = uaddCarry(low, b, carry);
    high += carry;
    uint quad = high << 30 | low >> 2, shift = low & 3u;
    DropoutNumbers now = numbers[0];
    uvec3 rest = uvec3(push.layer, now.step_low, now.step_high);
    uvec2 key = uvec2(now.seed_low, now.seed_high);
    uvec4 words = philox_4x32_10(uvec4(quad, rest), key);
    if (shift != 0u) {
        uvec4 next = philox_4x32_10(uvec4(quad + 1, rest), key);
        words = shift == 1u   ? uvec4(words.yzw, next.x)
                : shift == 2u ? uvec4(words.zw, next.xy)
                              : uvec4(words.w, next.xyz);
    }
    return mix(vec4(0.0), vec4(push.factor), lessThan(words >> 8, uvec4(push.threshold)));
}

// The factors of four neighbouring pixels of a run, a column for each; `pixel`: the first one's place in its plane.
mat4 dropout_of_pixels(PointPush push, QuadRun run, uint pixel) {
    mat4 factors;
    if (push.side_by_side != 0) {  // neighbours are the channels of an example
        uint example = numbers[0].first_example + pixel;
        [[unroll]] for (uint i = 0; i < 4; ++i) factors[i] = dropout_factors(push, example + i, push.channels, 4 * run.block);
        return factors;
    }
    uint channel = (numbers[0].first_example + push.walk.images_before + run.image) * push.channels + 4 * run.block;
    [[unroll]] for (uint i = 0; i < 4; ++i) factors[i] = dropout_factors(push, channel + i, push.walk.pixels, pixel);
    return transpose(factors);
}

#endif
