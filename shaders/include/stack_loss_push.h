// The losses of packed results: the shaders squared_error, cross_entropy and stack_sum.
#ifndef SHADENET_STACK_LOSS_PUSH_H
#define SHADENET_STACK_LOSS_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct SquaredErrorPush {
    uint images, quads;          // vec4s of an image
    uint image_stride;           // vec4s from one image to the next
    uint quad_stride;            // vec4s from one vec4 of an image to its next
    uint last_block;             // vec4s of an image before its last block of channels
    uint last_channels;          // of the last block
    uint first_partial;          // sums of the images before
    float scale;                 // 2/(number of values of the step)
};

struct CrossEntropyPush {
    uint images, classes;
    uint first_label;  // labels before the first image's
    float scale;       // 1/(images of the step)
};

struct StackSumPush {
    uint rows, row_length, groups;
    uint split;  // rows whose sums go to the first result
    uint first;  // floats of a result before the sums
    float scale;
};
CONTRACT_END
#endif
