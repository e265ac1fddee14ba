// Single floats of buffers of vec4s.
#ifndef COMPONENT_GLSL
#define COMPONENT_GLSL
#include "quads.glsl"

// v[i] without an index that is only known at run time.
float component(vec4 v, uint i) {
    float low = i == 0 ? v.x : v.y, high = i == 2 ? v.z : v.w;
    return i < 2 ? low : high;
}

// Float number i of a buffer.
#define SINGLE(name, i) component(QUAD(name, (i) / 4), (i) % 4)

#endif
