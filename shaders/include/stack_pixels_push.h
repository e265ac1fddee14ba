// Between a picture's pixels and a packed image of three channels: the shaders stack_read_pixels, stack_write_pixels.
#ifndef SHADENET_STACK_PIXELS_PUSH_H
#define SHADENET_STACK_PIXELS_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct StackPixelsPush {
    uint width, height;
    uint pitch, plane;              // words of a row and of a plane of the picture, and of the result
    uint own_column, own_columns;   // where values that are not finite are reported
    uint own_row, own_rows;
    float strength;                 // result = (1 − strength)·picture + strength·packed
};
CONTRACT_END
#endif
