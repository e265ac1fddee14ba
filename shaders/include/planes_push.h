// Kernels that go over every value of tensors of one shape [images, channels, height, width].
#ifndef SHADENET_PLANES_PUSH_H
#define SHADENET_PLANES_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct PlanesPush {
    uint channels, height, width;
    uint first_image;      // images whose partial results come before
    uint image_stride;     // floats from one image to the next
    uint rows_per_thread;  // a thread walks down so many rows of one column
};
CONTRACT_END
#endif
