#ifndef SHADENET_POINT_PUSH_H
#define SHADENET_POINT_PUSH_H
#include "quad_walk_push.h"

CONTRACT_BEGIN
// Layers that work value by value; what follows `walk` is for dropout.
struct PointPush {
    QuadWalkPush walk;
    uint side_by_side;   // whether the pixels of a plane are examples
    uint channels;       // of an example; the last block may have more
    uint layer;          // index in the list of layers
    uint threshold;      // a value is kept if 24 random bits are below it
    float factor;        // of the values that are kept
};
CONTRACT_END
#endif
