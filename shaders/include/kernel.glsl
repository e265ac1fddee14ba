// The beginning of every kernel.
#ifndef KERNEL_GLSL
#define KERNEL_GLSL

// Storage buffers with the name of their array. The host knows this name, and whether they are written.
#define INPUT(slot, name) layout(binding = slot, std430) readonly buffer name##_block { float name[]; }
#define OUTPUT(slot, name) layout(binding = slot, std430) writeonly buffer name##_block { float name[]; }
#define IN_OUT(slot, name) layout(binding = slot, std430) buffer name##_block { float name[]; }

// 64 threads: a multiple of every vendor's subgroup, half of what Vulkan guarantees. If a choice pays, the host sets
// the number as the constant LOCAL_SIZE.
#ifdef LOCAL_SIZE_BY_HOST
layout(local_size_x_id = 63) in;
#else
layout(local_size_x = 64) in;
#endif

#endif
