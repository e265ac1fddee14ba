// The walk of kernels over planes: a thread owns one column of one channel of one image and goes down
// `rows_per_thread` rows of it, so that neighbouring threads touch neighbouring values.
// Threads: (width, row blocks, images * channels).
#ifndef PLANES_GLSL
#define PLANES_GLSL
#include "kernel.glsl"
#include "planes_push.h"

struct Walk {
    bool inside;
    uint image, channel;
    uint first;  // index of the first value
    uint rows;   // number of values, `width` apart
    uint slot;   // number of this walk among its channel's walks
};

Walk plane_walk(PlanesPush planes) {
    uint column = gl_GlobalInvocationID.x;
    uint block = gl_WorkGroupID.y;
    uint first_row = block * planes.rows_per_thread;
    Walk walk;
    walk.inside = column < planes.width;
    walk.image = gl_WorkGroupID.z / planes.channels;
    walk.channel = gl_WorkGroupID.z % planes.channels;
    walk.first = walk.image * planes.image_stride + (walk.channel * planes.height + first_row) * planes.width + column;
    walk.rows = min(planes.rows_per_thread, planes.height - first_row);
    uint blocks = (planes.height + planes.rows_per_thread - 1) / planes.rows_per_thread;
    walk.slot = ((planes.first_image + walk.image) * blocks + block) * planes.width + column;
    return walk;
}

#endif
