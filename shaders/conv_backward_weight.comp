#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// dweight[o,i,ky,kx] = Σ_n Σ_r Σ_c dy[n,o,r,c] · x[n,i, r·STRIDE + ky − pad, c·STRIDE + kx − pad], as partial sums.
// A thread walks down `rows_per_thread` rows of one column of y, with the taps under it in registers: KERNEL × KERNEL
// taps of IN_TILE input channels, for TILE output channels. It loads a row of taps and a value of dy for each of its
// channels, and uses them for every pair of channels. Its sums are a part of one row of
// partial[slot][group_outs, in, KERNEL, KERNEL]; column_sum adds the rows.
// Threads: (y_width, row blocks, images * input tiles * output tiles of the group).
#include "conv_push.h"
#include "kernel.glsl"

layout(constant_id = 0) const uint KERNEL = 3;
layout(constant_id = 1) const uint STRIDE = 1;
layout(constant_id = 2) const uint TILE = 4;     // output channels of a thread
layout(constant_id = 3) const uint IN_TILE = 1;  // input channels of a thread
const uint TAPS = KERNEL * KERNEL;
const uint KEPT = KERNEL > STRIDE ? KERNEL - STRIDE : 0;  // rows of taps that the next row of y uses again

layout(push_constant) uniform Push { ConvPush push; };
INPUT(0, x);         // [n, in, x_height, x_width]
INPUT(1, dy);        // [n, out, y_height, y_width]
OUTPUT(2, partial);  // [slots][group_outs, in, KERNEL, KERNEL]

float tap(uint plane, uint padded_row, uint padded_column) {
    uint row = padded_row - push.pad, column = padded_column - push.pad;
    bool inside = row < push.x_height && column < push.x_width;
    float value = x[plane + (inside ? row * push.x_width + column : 0)];
    return inside ? value : 0.0;
}

void main() {
    uint tiles = (push.group_outs + TILE - 1) / TILE;
    uint in_tiles = (push.in_channels + IN_TILE - 1) / IN_TILE;
    uint tile = gl_WorkGroupID.z % tiles;
    uint first_in = gl_WorkGroupID.z / tiles % in_tiles * IN_TILE;
    uint image = gl_WorkGroupID.z / tiles / in_tiles;
    uint block = gl_WorkGroupID.y;
    bool inside = gl_GlobalInvocationID.x < push.y_width;
    uint column = min(gl_GlobalInvocationID.x, push.y_width - 1);
    uint first_row = block * push.rows_per_thread;
    uint end_row = min(first_row + push.rows_per_thread, push.y_height);

    uint x_plane = push.x_height * push.x_width, y_plane = push.y_height * push.y_width;
    uint x_first = image * push.x_image_stride + first_in * x_plane;
    uint dy_first = image * push.y_image_stride + (push.first_out + tile * TILE) * y_plane + column;
    uint last_in = push.in_channels - 1 - first_in;       // relative to this tile; may exceed it
    uint last_out = push.group_outs - 1 - tile * TILE;

    float sum[TILE * IN_TILE * TAPS];
    [[unroll]] for (uint k = 0; k < TILE * IN_TILE * TAPS; ++k) sum[k] = 0.0;
    float taps[IN_TILE * TAPS];
    [[unroll]] for (uint i = 0; i < IN_TILE; ++i) {
        [[unroll]] for (uint ky = 0; ky < KERNEL; ++ky) {
            [[unroll]] for (uint kx = 0; kx < KERNEL; ++kx) {
                taps[i * TAPS + ky * KERNEL + kx] =
                    ky < KEPT ? tap(x_first + min(i, last_in) * x_plane, first_row * STRIDE + ky, column * STRIDE + kx)
                              : 0.0;
            }
        }
    }
    for (uint row = first_row; row < end_row; ++row) {
        [[unroll]] for (uint i = 0; i < IN_TILE; ++i) {
            [[unroll]] for (uint ky = KEPT; ky < KERNEL; ++ky) {
                [[unroll]] for (uint kx = 0; kx < KERNEL; ++kx) {
                    taps[i * TAPS + ky * KERNEL + kx] =
                        tap(x_first + min(i, last_in) * x_plane, row * STRIDE + ky, column * STRIDE + kx);
                }
            }
        }
        [[unroll]] for (uint t = 0; t < TILE; ++t) {
            float gradient = dy[dy_first + min(t, last_out) * y_plane + row * push.y_width];
            [[unroll]] for (uint k = 0; k < IN_TILE * TAPS; ++k) sum[t * IN_TILE * TAPS + k] += gradient * taps[k];
        }
        [[unroll]] for (uint i = 0; i < IN_TILE; ++i) {
            [[unroll]] for (uint k = 0; k < KEPT * KERNEL; ++k) {
                taps[i * TAPS + k] = taps[i * TAPS + k + STRIDE * KERNEL];
            }
        }
    }

    uint blocks = (push.y_height + push.rows_per_thread - 1) / push.rows_per_thread;
    uint slot = (image * blocks + block) * push.y_width + column;
    uint columns = push.group_outs * push.in_channels * TAPS;
    [[unroll]] for (uint t = 0; t < TILE; ++t) {
        [[unroll]] for (uint i = 0; i < IN_TILE; ++i) {
            if (inside && t <= last_out && i <= last_in) {
                uint first = slot * columns + ((tile * TILE + t) * push.in_channels + first_in + i) * TAPS;
                [[unroll]] for (uint k = 0; k < TAPS; ++k) partial[first + k] = sum[(t * IN_TILE + i) * TAPS + k];
            }
        }
    }
}
