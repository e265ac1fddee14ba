// y = x + other: the shader stack_add.
#ifndef SHADENET_STACK_ADD_PUSH_H
#define SHADENET_STACK_ADD_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct StackAddPush {
    uint images, quads;  // vec4s of an image
    uint image_stride;   // vec4s
};
CONTRACT_END
#endif
