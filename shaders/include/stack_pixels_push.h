// Between a picture's pixels and a packed image of three channels: the shaders stack_read_pixels, stack_write_pixels.
#ifndef SHADENET_STACK_PIXELS_PUSH_H
#define SHADENET_STACK_PIXELS_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct StackPixelsPush {
    uint width, height;             // of what is read or made
    uint pitch, plane;              // words of a row and of a plane of the picture, or of the result
    uint input_first, input_row;    // of the packed input: the pixel that stands under the result's first; pixels of a row
    uint own_column, own_columns;   // where values that are not finite are reported
    uint own_row, own_rows;
    float strength;                 // result = (1 − strength)·input + strength·packed
};
CONTRACT_END
#endif
