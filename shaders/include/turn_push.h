#ifndef SHADENET_TURN_PUSH_H
#define SHADENET_TURN_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct TurnPush {
    uint in_blocks, out_blocks, taps;
    uint in_channels, out_channels;
};

struct FoldPush {
    uint in_blocks, out_blocks, taps;
    uint out_channels;
    float epsilon;
};
CONTRACT_END
#endif
