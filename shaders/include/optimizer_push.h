#ifndef SHADENET_OPTIMIZER_PUSH_H
#define SHADENET_OPTIMIZER_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct OptimizerRule {
    float beta1, one_minus_beta1;  // differences are rounded once, from float64
    float beta2, one_minus_beta2;
    float epsilon;
    float momentum;
    float weight_decay;  // 0 for all but weights
};

struct OptimizerPush {
    uint count;  // of vec4s
    OptimizerRule rule;
};

// Extents of the weights [out blocks][in blocks][taps][4] of vec4.
struct UpdatePush {
    uint in_blocks, out_blocks, taps, splits;
    uint in_channels, out_channels;
    OptimizerRule rule;
};
CONTRACT_END
#endif
