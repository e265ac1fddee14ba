// y = x + other: the shader stack_add.
#ifndef SHADENET_STACK_ADD_PUSH_H
#define SHADENET_STACK_ADD_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
// Where a tensor's values lie, in vec4s: the first that takes part, and from one image, block and row to the next.
struct AddedPush {
    uint first, image, block, row;
};

struct StackAddPush {
    uint images, blocks, rows, columns;
    AddedPush x, other, y;
};
CONTRACT_END
#endif
