#ifndef SHADENET_OPTIMIZER_PUSH_H
#define SHADENET_OPTIMIZER_PUSH_H
#include "contract.h"

CONTRACT_BEGIN
struct OptimizerPush {
    uint count;  // number of parameters; the state has as many values per moment
    float learning_rate;
    float beta1, one_minus_beta1;  // differences and corrections are rounded once, from float64
    float beta2, one_minus_beta2;
    float correction1, correction2;  // 1/(1 - beta^step)
    float epsilon;
    float momentum;
};
CONTRACT_END
#endif
