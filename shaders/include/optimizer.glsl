// The rules by which a parameter moves against its gradient g:
//   adam      m = β1·m + (1−β1)·g, v = β2·v + (1−β2)·g², step = m̂/(√v̂ + ε), m̂ = m/(1−β1^t), v̂ = v/(1−β2^t)
//             (Kingma & Ba 2015, algorithm 1)
//   amsgrad   the same with the largest v so far in place of v (Reddi et al. 2018)
//   momentum  m = momentum·m + g, step = m
//   sgd       step = g
// and p −= lr·(step + decay·p), decoupled as in Loshchilov & Hutter 2019.
#ifndef OPTIMIZER_GLSL
#define OPTIMIZER_GLSL
#include "optimizer_push.h"
#include "step_numbers.h"

layout(constant_id = 20) const uint OPTIMIZER = 0;
const uint ADAM = 0, AMSGRAD = 1, MOMENTUM = 2, SGD = 3;  // OptimizerKind of the host
const bool HAS_SECOND = OPTIMIZER == ADAM || OPTIMIZER == AMSGRAD;
const bool HAS_FIRST = HAS_SECOND || OPTIMIZER == MOMENTUM;
const bool HAS_LARGEST = OPTIMIZER == AMSGRAD;

struct Moments {
    vec4 first, second, largest;
};

// The parameter after the step; the moments move along.
vec4 optimizer_step(OptimizerRule rule, OptimizerNumbers now, vec4 parameter, vec4 g, inout Moments moments) {
    vec4 step = g;
    if (OPTIMIZER == MOMENTUM) {
        moments.first = rule.momentum * moments.first + g;
        step = moments.first;
    } else if (HAS_SECOND) {
        moments.first = rule.beta1 * moments.first + rule.one_minus_beta1 * g;
        moments.second = rule.beta2 * moments.second + rule.one_minus_beta2 * (g * g);
        vec4 v = moments.second;
        if (HAS_LARGEST) {
            moments.largest = max(moments.largest, v);
            v = moments.largest;
        }
        step = moments.first * now.correction1 / (sqrt(v * now.correction2) + rule.epsilon);
    }
    if (rule.weight_decay != 0.0) step += rule.weight_decay * parameter;
    return parameter - now.learning_rate * step;
}

#endif
