#ifndef SHADENET_QUAD_WALK_PUSH_H
#define SHADENET_QUAD_WALK_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// Pixels of a plane, which is one block of four channels of one image, that a thread handles one after the other.
const uint PIXELS_PER_POINT_RUN = 8;    // where every value is written
const uint PIXELS_PER_MOMENT_RUN = 16;  // kept in registers
const uint PIXELS_PER_SUM_RUN = 64;

// The runs of a call: all runs of some planes, or some runs of one plane.
struct QuadWalkPush {
    uint threads;  // planes * runs
    uint first_image, first_block, first_run;
    uint runs;            // of a plane in this call
    uint images_before;   // of the tensor before the first one that is bound
    uint blocks, pixels;  // of an image, and of a plane
    uint image_stride;    // vec4s
};

struct MomentsPush {
    QuadWalkPush walk;
};

struct BiasSumsPush {
    QuadWalkPush walk;
};
CONTRACT_END
#endif
