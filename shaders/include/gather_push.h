#ifndef SHADENET_GATHER_PUSH_H
#define SHADENET_GATHER_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct GatherPush {
    uint quads;                    // of an example, 16 bytes each
    uint images, first_image;      // of the batch: those that this call may write, and those before them
    uint examples, first_example;  // those that this call may read, likewise
};
CONTRACT_END
#endif
