// Images side by side are the pixels of one image.
#ifndef SHADENET_STACK_UNPACK_PUSH_H
#define SHADENET_STACK_UNPACK_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct StackUnpackPush {
    uint images, channels, pixels;
    uint planar_image, planar_channel, planar_pixel;  // floats from one to the next
    uint packed_image, packed_block;                  // vec4s from one to the next
    uint first;                                       // vec4s before the first image
};
CONTRACT_END
#endif
