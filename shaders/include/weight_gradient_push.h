#ifndef SHADENET_WEIGHT_GRADIENT_PUSH_H
#define SHADENET_WEIGHT_GRADIENT_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// Strides count vec4s.
struct WeightGradientPush {
    uint in_blocks, out_blocks;
    uint x_height, x_width, y_height, y_width;
    uint kernel, pad;
    uint out_tiles, in_tiles, tap_tiles;
    uint splits, rows_per_split, rows;  // rows of all images of this call
    uint x_image, x_block, y_image, y_block;
    uint first_split;    // the call's first split, counted from the first bound image
    uint partial_first;  // splits of the images before
};
CONTRACT_END
#endif
