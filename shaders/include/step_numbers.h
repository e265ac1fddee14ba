// What changes from one training step to the next. Kernels read it from small buffers, which the host writes between the
// steps, and not from their push constants: so the calls of a step, recorded once, serve for many steps.
#ifndef SHADENET_STEP_NUMBERS_H
#define SHADENET_STEP_NUMBERS_H
#include "contract.h"

CONTRACT_BEGIN
// Of the optimizer.
struct OptimizerNumbers {
    float learning_rate;
    float correction1, correction2;  // 1/(1 - beta^step), rounded once, from float64
};

// Of a norm's moving statistics.
struct DecayNumbers {
    float decay;
    float one_minus_decay;  // rounded once, from float64
};

// Of dropout: what chooses the masks, beside the layer and the place of a value.
struct DropoutNumbers {
    uint step_low, step_high, seed_low, seed_high;
    uint first_example;  // examples of the mini-batch before the first of the tensors
};
CONTRACT_END
#endif
