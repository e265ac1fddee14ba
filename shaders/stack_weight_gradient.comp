#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The gradient of the weights of a convolution or a dense layer, a matrix product whose inner dimension is pixels:
//   partial[split][o][i][ky][kx] = Σ dy[n,o,r,c] · x[n, i, r·STRIDE + ky − pad, c·STRIDE + kx − pad]
// over the rows of a split, 0 outside x. A thread keeps the sums of 4·OUT4 outputs, 4·IN4 inputs and TAPS neighbouring
// taps of one kernel row; a round of its loop takes COLS pixels of a row. Neighbouring threads are neighbouring tiles of
// weights. Threads: (tiles of weights · splits).
#include "quads.glsl"
#include "linear.glsl"
#include "weight_gradient_push.h"

layout(constant_id = 1) const int TAPS = 3;
layout(constant_id = 2) const int STRIDE = 1;
layout(constant_id = 3) const int OUT4 = 2;
layout(constant_id = 4) const int IN4 = 1;
layout(constant_id = 5) const int COLS = 4;
layout(constant_id = 6) const uint RAGGED = 1;  // the width of y is no multiple of COLS
const int SPAN = (COLS - 1) * STRIDE + TAPS;
const int OUTS = OUT4 * 4, INS = IN4 * 4;

layout(push_constant) uniform Push { WeightGradientPush push; };
QUADS_IN(0, 1, x);
QUADS_IN(2, 3, dy);
QUADS_OUT(4, partial);  // [splits] of the weights' layout: see stack_gemm.comp

void main() {
    int id = int(linear_thread()), splits = int(push.splits);
    int out_tiles = int(push.out_tiles), in_tiles = int(push.in_tiles), tap_tiles = int(push.tap_tiles);
    int kernel = int(push.kernel), tiles = out_tiles * in_tiles * kernel * tap_tiles;
    bool inside = id < tiles * splits;
    id = min(id, tiles * splits - 1);
    int split = int(push.first_split) + id / tiles, tile = id % tiles;
    int first_tap = tile % tap_tiles * TAPS, ky = tile / tap_tiles % kernel;
    int first_in = tile / (tap_tiles * kernel) % in_tiles * IN4, first_out = tile / (tap_tiles * kernel * in_tiles) * OUT4;

    float sums[OUTS * INS * TAPS];
    [[unroll]] for (int s = 0; s < OUTS * INS * TAPS; ++s) sums[s] = 0.0;
    // Software drivers load a push constant at every use, so a loop reads copies.
    int y_width = int(push.y_width), y_height = int(push.y_height), x_width = int(push.x_width);
    int last_row = int(push.x_height) - 1, last_column = x_width - 1, pad = int(push.pad);
    int x_image = int(push.x_image), y_image = int(push.y_image);
    int dy_at[OUT4], x_at[IN4];
    [[unroll]] for (int o = 0; o < OUT4; ++o) dy_at[o] = min(first_out + o, int(push.out_blocks) - 1) * int(push.y_block);
    [[unroll]] for (int i = 0; i < IN4; ++i) x_at[i] = min(first_in + i, int(push.in_blocks) - 1) * int(push.x_block);
    int begin = split * int(push.rows_per_split), end = min(begin + int(push.rows_per_split), int(push.rows));
    int image = begin / y_height, row = begin % y_height, column = 0;
    int rounds = max(end - begin, 0) * ((y_width + COLS - 1) / COLS);
    for (int round = 0; round < rounds; ++round) {
        vec4 g[OUT4 * COLS];
        [[unroll]] for (int o = 0; o < OUT4; ++o) {
            int at = image * y_image + dy_at[o] + row * y_width;
            [[unroll]] for (int c = 0; c < COLS; ++c) {
                if (RAGGED == 0) g[o * COLS + c] = QUAD(dy, at + column + c);
                else g[o * COLS + c] = QUAD(dy, at + min(column + c, y_width - 1)) * (column + c < y_width ? 1.0 : 0.0);
            }
        }
        int x_row = row * STRIDE + ky - pad;
        float row_inside = x_row >= 0 && x_row <= last_row ? 1.0 : 0.0;
        vec4 v[IN4 * SPAN];
        [[unroll]] for (int i = 0; i < IN4; ++i) {
            int at = image * x_image + x_at[i] + clamp(x_row, 0, last_row) * x_width;
            [[unroll]] for (int c = 0; c < SPAN; ++c) {
                int x_column = column * STRIDE + c + first_tap - pad;
                vec4 value = QUAD(x, at + clamp(x_column, 0, last_column));
                v[i * SPAN + c] = value * (x_column >= 0 && x_column <= last_column ? row_inside : 0.0);
            }
        }
        [[unroll]] for (int o = 0; o < OUTS; ++o) {
            [[unroll]] for (int i = 0; i < INS; ++i) {
                [[unroll]] for (int kx = 0; kx < TAPS; ++kx) {
                    float sum = sums[(o * INS + i) * TAPS + kx];
                    [[unroll]] for (int c = 0; c < COLS; ++c) {
                        sum += g[(o / 4) * COLS + c][o % 4] * v[(i / 4) * SPAN + c * STRIDE + kx][i % 4];
                    }
                    sums[(o * INS + i) * TAPS + kx] = sum;
                }
            }
        }
        column += COLS;
        if (column >= y_width) {
            column = 0;
            ++row;
            if (row == y_height) {
                row = 0;
                ++image;
            }
        }
    }
    if (!inside) return;
    int out_blocks = int(push.out_blocks), in_blocks = int(push.in_blocks);
    [[unroll]] for (int o = 0; o < OUTS; ++o) {
        [[unroll]] for (int i = 0; i < IN4; ++i) {
            int out_block = first_out + o / 4, in_block = first_in + i;
            if (out_block < out_blocks && in_block < in_blocks) {
                int block = ((int(push.partial_first) + split) * out_blocks + out_block) * in_blocks + in_block;
                [[unroll]] for (int kx = 0; kx < TAPS; ++kx) {
                    int s = (o * INS + i * 4) * TAPS + kx;
                    if (first_tap + kx < kernel) {
                        partial[((block * kernel + ky) * kernel + first_tap + kx) * 4 + o % 4] =
                            vec4(sums[s], sums[s + TAPS], sums[s + 2 * TAPS], sums[s + 3 * TAPS]);
                    }
                }
            }
        }
    }
}
