// The two-pass training step: the kernels' push constants, and the layout of their shared buffers.
//
// PATCH = 3·KERNEL² is the length of a patch of x, and of conv2's weights for one hidden channel. CHANNELS are the
// hidden channels, rounded up to whole groups; the added channels have weights of zero. `pictures` holds, for every
// image, input and target with FUSED_PAD·(KERNEL − 1) zeros on every side; `y` has the same layout.
//
// `folded`: [CHANNELS][FUSED_ROW] weights with layer 1's norm folded in, then FUSED_TAIL numbers of the output, then
// the mean patch [PATCH], then [CHANNELS][1 + PATCH]: 1/σ of layer 1 and the patches' covariance times its weights;
// with frozen norms 1/σ, the batch's mean minus the moving mean, and unused numbers.
// `sums`: [CHANNELS][FUSED_ROW] and the loss: for each hidden channel Σ u·dz [PATCH], Σ dz, Σ a·dy [PATCH].
// `correlations`: [PATCH][PATCH] Σ u·dy, [PATCH] Σ dy, and the loss; see fused_correlate.
#ifndef SHADENET_FUSED_PUSH_H
#define SHADENET_FUSED_PUSH_H
#include "contract.h"

#define FUSED_ROW(patch) (2 * (patch) + 1)
#define FUSED_CORRELATIONS(patch) ((patch) * ((patch) + 1) + 1)

CONTRACT_BEGIN
// NORM of fused_fold, fused_output and fused_gradients: what the norms normalise by.
const uint NORM_NONE = 0;    // no norms
const uint NORM_BATCH = 1;   // the batch's statistics, which update the moving ones
const uint NORM_FROZEN = 2;  // the moving statistics, which stay

// Numbers of the three output channels, three floats each, with r = input − target as the pictures hold them, and the
// centers (the means, if there is a norm) subtracted from y and r:
const uint TAIL_BIAS = 0;          // start of y; frozen: the bias minus the moving mean
const uint TAIL_CENTER_Y = 3;
const uint TAIL_CENTER_R = 6;
const uint TAIL_DY_Y = 9;          // dy = TAIL_DY_Y·y + TAIL_DY_R·r + TAIL_DY_1
const uint TAIL_DY_R = 12;
const uint TAIL_DY_1 = 15;         // the centers' rounding; frozen: the mean error
const uint TAIL_ERROR_Y = 18;      // result − target = TAIL_ERROR_Y·y + TAIL_ERROR_R·r + TAIL_ERROR_1
const uint TAIL_ERROR_R = 21;
const uint TAIL_ERROR_1 = 24;
const uint TAIL_DGAMMA = 27;       // gradients of bn2's gamma and beta
const uint TAIL_DBETA = 30;        // times TAIL_ERROR_Y: of conv2's bias, unless NORM_BATCH
const uint FUSED_TAIL = 33;
// Moments of y and r that the forward pass writes for every output channel. A mean has with it the rest that its
// rounding lost: dy sums to zero only if it is centred to more than float32's digits.
const uint MOMENT_COUNT = 0;
const uint MOMENT_MEAN_Y = 1, MOMENT_REST_Y = 2;
const uint MOMENT_MEAN_R = 3, MOMENT_REST_R = 4;
const uint MOMENT_YY = 5;  // Σ(y − ȳ)²
const uint MOMENT_YR = 6;  // Σ(y − ȳ)(r − r̄)
const uint FUSED_MOMENTS = 7;

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
    float levels;                        // the pictures' number for the value 1
};

// fused_fold, fused_output and fused_gradients: the places of a network's tensors, in floats.
struct FusedNetworkPush {
    uint conv1_weight, conv1_bias, gamma1, beta1, moving_mean1, moving_variance1;
    uint conv2_weight, conv2_bias, gamma2, beta2, moving_mean2, moving_variance2;
    uint to_batch;  // from a moving statistic to the batch's, which are kept for display
    uint hidden, channels;
    float epsilon1, epsilon2;
    float pixel_scale;  // factor from the pictures' number to a pixel's value
};

struct FusedComposePush {
    float levels;
};

struct FusedMergePush {
    uint rows, per_group;
    uint first_row;  // of `partial`
};
CONTRACT_END
#endif
