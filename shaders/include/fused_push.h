// The two-pass training step: what its kernels are told, and where their shared buffers hold what.
//
// PATCH = 3·KERNEL² is the length of a patch of x, and of conv2's weights for one hidden channel. CHANNELS are the
// hidden channels, rounded up to whole groups; those added have weights of zero. `pictures` holds, for every image,
// input and target with FUSED_PAD·(KERNEL − 1) zeros on every side; `y` is laid out alike.
//
// `folded`: [CHANNELS][FUSED_ROW] weights with layer 1's norm folded in, then FUSED_TAIL numbers of the output, then
// the mean patch [PATCH], then [CHANNELS][1 + PATCH]: 1/σ of layer 1 and the patches' covariance times its weights.
// `sums`: [CHANNELS][FUSED_ROW] and the loss: of a hidden channel Σ u·dz [PATCH], Σ dz, Σ a·dy [PATCH].
#ifndef SHADENET_FUSED_PUSH_H
#define SHADENET_FUSED_PUSH_H
#include "contract.h"

#define FUSED_ROW(patch) (2 * (patch) + 1)

CONTRACT_BEGIN
// Numbers of the three output channels, three floats each, with r = input − target as the pictures hold them:
const uint TAIL_BIAS = 0;          // what y begins with
const uint TAIL_DY_Y = 3;          // dy = TAIL_DY_Y·y + TAIL_DY_R·r + TAIL_DY_1
const uint TAIL_DY_R = 6;
const uint TAIL_DY_1 = 9;
const uint TAIL_ERROR_Y = 12;      // result − target = TAIL_ERROR_Y·y + TAIL_ERROR_R·r + TAIL_ERROR_1
const uint TAIL_ERROR_R = 15;
const uint TAIL_ERROR_1 = 18;
const uint TAIL_DGAMMA = 21;       // gradients of bn2's gamma and beta
const uint TAIL_DBETA = 24;        // without a norm: of conv2's bias
const uint FUSED_TAIL = 27;
// Moments of y and r that the forward pass leaves for every output channel: count, means, Σ(y − ȳ)², Σ(y − ȳ)(r − r̄).
const uint FUSED_MOMENTS = 5;

// Both passes. Strips of columns and blocks of rows are counted over a whole image.
struct FusedPassPush {
    uint width, height;
    uint pitch, plane;                   // floats from one row, and from one colour, to the next
    uint picture_stride, target_offset;  // floats from one image to the next, and from an input to its target
    uint y_stride;
    uint strips, blocks, block_rows;     // block_rows: rows of a thread
    uint first_block, first_image;       // where this call begins
    float residual;                      // r = residual·input − target
    float loss_scale;
};

// fused_fold and fused_gradients: where a network's tensors lie, in floats.
struct FusedNetworkPush {
    uint conv1_weight, conv1_bias, gamma1, beta1, moving_mean1, moving_variance1;
    uint conv2_weight, conv2_bias, gamma2, beta2, moving_mean2, moving_variance2;
    uint hidden, channels;
    float epsilon1, epsilon2;
    float decay1, one_minus_decay1, decay2, one_minus_decay2;
    float pixel_scale;  // a pixel's value is this times what the pictures hold
};

struct FusedMergePush {
    uint rows, per_group;
};
CONTRACT_END
#endif
