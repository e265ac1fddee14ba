// Buffers of vec4s. A software driver reads them fastest through the texture unit; where a buffer is larger than a
// device's texel buffers, or the device has no gain from it, kernels read storage. The host makes a kernel of either
// kind, and gives each buffer once.
#ifndef QUADS_GLSL
#define QUADS_GLSL
#define LOCAL_SIZE_BY_HOST
#include "kernel.glsl"

layout(constant_id = 60) const uint TEXELS = 0;

// `twin` is the number of the texel buffer, in the same count as `slot`.
#define QUADS_IN(slot, twin, name) \
    layout(binding = slot, std430) readonly buffer name##_block { vec4 name[]; }; \
    layout(binding = twin) uniform samplerBuffer name##_quads
// A value that is read and then written, by one thread alone.
#define QUADS_IN_OUT(slot, twin, name) \
    layout(binding = slot, std430) buffer name##_block { vec4 name[]; }; \
    layout(binding = twin) uniform samplerBuffer name##_quads
// Any four words, which need not be floats.
#define WORDS_IN(slot, twin, name) \
    layout(binding = slot, std430) readonly buffer name##_block { uvec4 name[]; }; \
    layout(binding = twin) uniform samplerBuffer name##_quads
#define QUADS_OUT(slot, name) layout(binding = slot, std430) writeonly buffer name##_block { vec4 name[]; }

#define QUAD(name, i) (TEXELS != 0 ? texelFetch(name##_quads, int(i)) : name[i])
#define WORDS(name, i) (TEXELS != 0 ? floatBitsToUint(texelFetch(name##_quads, int(i))) : name[i])

#endif
