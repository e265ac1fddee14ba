// x [n, in_channels, x_height, x_width] -> y [n, out_channels, y_height, y_width]; gradients have the same extents.
#ifndef SHADENET_CONV_PUSH_H
#define SHADENET_CONV_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct ConvPush {
    uint in_channels, out_channels;
    uint x_height, x_width;
    uint y_height, y_width;
    uint x_image_stride, y_image_stride;  // floats from one image to the next
    uint pad;                             // rows and columns of zeros around x
    // Only conv_backward_weight:
    uint rows_per_thread;                 // rows of y that one thread sums over
    uint first_out, group_outs;           // the output channels of this call
};
CONTRACT_END
#endif
