#version 450
#extension GL_GOOGLE_include_directive : require
// One step of every parameter against its gradient. Threads: parameters.
//   adam      m = β1·m + (1−β1)·g, v = β2·v + (1−β2)·g², p −= lr · m̂/(√v̂ + ε), m̂ = m/(1−β1^t), v̂ = v/(1−β2^t)
//             (Kingma & Ba 2015, algorithm 1)
//   amsgrad   the same with the largest v so far in place of v (Reddi et al. 2018)
//   momentum  m = momentum·m + g, p −= lr·m
//   sgd       p −= lr·g
#include "kernel.glsl"
#include "optimizer_push.h"

layout(constant_id = 0) const uint KIND = 0;
const uint ADAM = 0, AMSGRAD = 1, MOMENTUM = 2, SGD = 3;  // OptimizerKind of the host

layout(push_constant) uniform Push { OptimizerPush push; };
INPUT(0, gradient);
IN_OUT(1, parameter);
IN_OUT(2, state);  // [moments of the kind][count]

void main() {
    uint p = gl_GlobalInvocationID.x;
    if (p >= push.count) return;
    float g = gradient[p];
    float step = g;
    if (KIND == MOMENTUM) {
        step = push.momentum * state[p] + g;
        state[p] = step;
    } else if (KIND == ADAM || KIND == AMSGRAD) {
        uint second = push.count + p;
        float m = push.beta1 * state[p] + push.one_minus_beta1 * g;
        float v = push.beta2 * state[second] + push.one_minus_beta2 * (g * g);
        state[p] = m;
        state[second] = v;
        if (KIND == AMSGRAD) {
            uint largest = 2 * push.count + p;
            v = max(state[largest], v);
            state[largest] = v;
        }
        step = m * push.correction1 / (sqrt(v * push.correction2) + push.epsilon);
    }
    parameter[p] -= push.learning_rate * step;
}
