#ifndef SHADENET_FUSED_GATHER_PUSH_H
#define SHADENET_FUSED_GATHER_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct FusedGatherPush {
    uint quads;                    // of an example, 16 bytes each
    uint images, first_image;      // images of the batch that this call writes, and images before the first of them
    uint examples, first_example;  // examples that this call reads, and examples before the first of them
};
CONTRACT_END
#endif
