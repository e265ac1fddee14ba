#ifndef SHADENET_STACK_PACK_PUSH_H
#define SHADENET_STACK_PACK_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct StackPackPush {
    uint channels, pixels;
    uint plane_quads, example_quads;  // quads from one plane, and example, to the next
    uint packed_image, packed_block;  // vec4s from one to the next; images side by side are one image
    uint images, first_image;         // images of the batch that this call writes, and images before the first of them
    uint examples, first_example;     // examples that this call reads, and examples before the first of them
    uint numbered;                    // 0: image i of the batch is example i
    uint first_listed;                // images of the list, or of all examples, before the batch's first
    uint margin;                      // pixels around examples in what is packed, on each side
    uint rows, columns;               // of an example, where there is a margin, or it is moved
    float low, step;                  // of levels in a range of their own: level 0's value, and from one to the next
};
CONTRACT_END
#endif
