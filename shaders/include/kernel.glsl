// What every kernel begins with.
#ifndef KERNEL_GLSL
#define KERNEL_GLSL

// Storage buffers by the name of their array. The host knows them by this name and by whether they are written.
#define INPUT(slot, name) layout(binding = slot, std430) readonly buffer name##_block { float name[]; }
#define OUTPUT(slot, name) layout(binding = slot, std430) writeonly buffer name##_block { float name[]; }
#define IN_OUT(slot, name) layout(binding = slot, std430) buffer name##_block { float name[]; }

// 64 threads: a multiple of every vendor's subgroup, half of what Vulkan guarantees. Where it pays to choose, the host
// sets it as the constant LOCAL_SIZE.
#ifdef LOCAL_SIZE_BY_HOST
layout(local_size_x_id = 63) in;
#else
layout(local_size_x = 64) in;
#endif

#endif
