// The mean over rows and columns: the shaders stack_average and stack_average_backward.
#ifndef SHADENET_STACK_AVERAGE_PUSH_H
#define SHADENET_STACK_AVERAGE_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// A stage: `pixels` vec4s of each block of channels become `sums`. Strides and `first` count vec4s.
struct StackAveragePush {
    uint images, channels, pixels, sums;
    uint image_stride, block_stride;
    uint first, sum_image_stride, sum_block_stride;  // where the sums go
    float scale;
};

struct StackAverageBackwardPush {
    uint images, channels, pixels;
    uint image_stride, block_stride;  // of dx, in vec4s
    uint all_images;                  // vec4s from one block of dy to the next
    uint first_image;                 // images of dy that come before
    float scale;                      // 1/pixels
};
CONTRACT_END
#endif
