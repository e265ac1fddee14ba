#ifndef SHADENET_BIAS_PUSH_H
#define SHADENET_BIAS_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct BiasPush {
    uint channels;
    float count;  // M, the number of a channel's values
};
CONTRACT_END
#endif
