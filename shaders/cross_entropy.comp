#version 450
#extension GL_EXT_control_flow_attributes : require
#extension GL_GOOGLE_include_directive : require
// The softmax cross-entropy of logits l side by side, a thread an example. With m the largest logit and S the sum of
// e^(l - m) over the other classes, the loss is log(1 + S) + m - l[label]: nothing overflows, and the digits of
// small losses are kept. partial = [the losses][1 where the answer is right, else 0] of all images, which stack_sum
// adds; with GRADIENT dresult = scale * (softmax(l) - 1 at the label), 0 in channels beyond the last class.
#include "component.glsl"
#include "exact_sum.glsl"
#include "exponential.glsl"
#include "linear.glsl"
#include "stack_loss_push.h"

layout(constant_id = 0) const uint GRADIENT = 1;
layout(push_constant) uniform Push { CrossEntropyPush push; };
QUADS_IN(0, 4, result);
layout(binding = 1, std430) readonly buffer labels_block { uint labels[]; };
QUADS_OUT(2, dresult);
OUTPUT(3, partial);

void main() {
    uint images = push.images, classes = push.classes, image = linear_thread();
    if (image >= images) return;
    uint blocks = (classes + 3) / 4, label = labels[push.first_label + image], best = 0;
    bool broken = false;
    float largest = QUAD(result, image).x;
    for (uint block = 0; block < blocks; ++block) {
        vec4 logits = QUAD(result, block * images + image);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint k = block * 4 + i;
            float logit = logits[i];
            broken = broken || k < classes && is_nan(logit);
            if (k < classes && logit > largest) {
                largest = logit;
                best = k;
            }
        }
    }

    ExactSum exact = EMPTY_SUM;
    for (uint block = 0; block < blocks; ++block) {
        vec4 logits = QUAD(result, block * images + image);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint k = block * 4 + i;
            if (k < classes && k != best) add(exact, exp_nonpositive(logits[i] - largest));
        }
    }
    uint known = min(label, classes - 1);
    float of_label = SINGLE(result, (known / 4 * images + image) * 4 + known % 4), others = total(exact);
    // There is no softmax where the largest logit is infinite.
    bool useless = broken || !is_finite(largest) || label != known;
    partial[image] = useless ? not_a_number() : log_one_plus(others) + (largest - of_label);
    partial[images + image] = best == label && !broken ? 1.0 : 0.0;
    if (GRADIENT == 0) return;

    float scale = push.scale, per_sum = useless ? not_a_number() : 1.0 / (1.0 + others);
    for (uint block = 0; block < blocks; ++block) {
        vec4 logits = QUAD(result, block * images + image), gradient = vec4(0.0);
        [[unroll]] for (uint i = 0; i < 4; ++i) {
            uint k = block * 4 + i;
            float share = exp_nonpositive(logits[i] - largest) * per_sum;
            // At the label that has the largest logit 1 would drop the digits of the others' small shares.
            if (k == label) share = k == best ? -others * per_sum : share - 1.0;
            gradient[i] = k < classes ? scale * share : 0.0;
        }
        dresult[block * images + image] = gradient;
    }
}
