// The activations of four values at once.
#ifndef ACTIVATION_QUADS_GLSL
#define ACTIVATION_QUADS_GLSL
#include "activation.glsl"

vec4 activations(vec4 x) { return vec4(activation(x.x), activation(x.y), activation(x.z), activation(x.w)); }

vec4 slopes_at_result(vec4 y) {
    return vec4(slope_at_result(y.x), slope_at_result(y.y), slope_at_result(y.z), slope_at_result(y.w));
}

#endif
