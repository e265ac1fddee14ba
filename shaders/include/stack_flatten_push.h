// Between packed maps and features side by side: the shader stack_flatten.
#ifndef SHADENET_STACK_FLATTEN_PUSH_H
#define SHADENET_STACK_FLATTEN_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct StackFlattenPush {
    uint images, channels, pixels;
    uint image_stride, block_stride;  // of maps, in vec4s
    uint all_images;                  // vec4s from one block of features to the next
    uint first_image;                 // images whose features come before
};
CONTRACT_END
#endif
