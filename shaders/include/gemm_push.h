#ifndef SHADENET_GEMM_PUSH_H
#define SHADENET_GEMM_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// What follows the sums: see stack_gemm.comp.
const uint EPILOGUE_NONE = 0;
const uint EPILOGUE_MOMENTS = 1;
const uint EPILOGUE_SLOPE = 2;
const uint ADD_NONE = 0;
const uint ADD_BEFORE_ACTIVATION = 1;
const uint ADD_AFTER_ACTIVATION = 2;

// Strides count vec4s, and tiles are of ROWS x COLS pixels.
struct GemmPush {
    uint in_blocks, out_blocks;
    uint x_height, x_width, y_height, y_width;
    uint kernel_height, kernel_width, step;
    int pad_top, pad_left;  // negative where the first tap lies inside
    uint tiles_x, tiles_y, tiles, first_tile;
    uint x_image, x_block;
    uint y_image, y_block, y_row, y_pixel, y_first;
    uint weight_first, weight_tap, weight_row, weight_in, weight_out;
    uint partial_first;  // tiles before this call's
};
CONTRACT_END
#endif
