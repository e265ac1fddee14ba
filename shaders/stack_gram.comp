#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Sums of products of feature maps at a distance, from which the Gram matrix of a convolution's patches follows:
//   sums[row cell][column cell][lag][chunk][I][J][k][i][j] = Σ z_{4I+i}(q)·z_{4J+j}(q + (first_lag + lag, right))
// over the pixels q of the cell, with right = chunk·LAGS + k − reach. z is [blocks][height][width] of vec4. A thread
// keeps the sums of four channels by four for LAGS lags of a row. A round of its loop takes COLS pixels and adds the
// sum of their products to the total, which so takes one addition, and one rounding, for COLS products. A pixel beyond
// the maps reads their last pixel; the host does not use sums with such pixels.
// Threads: (lags·chunks·first_blocks·second_blocks, row cells, column cells).
#include "quads.glsl"
#include "feature_gram_push.h"

layout(constant_id = 0) const int LAGS = 5;
const int COLS = 4;

layout(push_constant) uniform Push { FeatureGramPush push; };
QUADS_IN(0, 1, z);
layout(binding = 2, std430) readonly buffer cuts_block { uint cuts[]; };  // where row cells begin, then column cells
QUADS_OUT(3, sums);

void main() {
    int thread = int(gl_GlobalInvocationID.x), pairs = push.first_blocks * push.second_blocks;
    int threads = push.lags * push.chunks * pairs;
    bool inside = thread < threads;
    int id = min(thread, threads - 1);
    int second_block = id % push.second_blocks, first_block = id / push.second_blocks % push.first_blocks;
    int chunk = id / pairs % push.chunks, lag = push.first_lag + id / pairs / push.chunks;
    // Software drivers load a push constant at every use, so a loop reads copies.
    int width = push.width, last_row = push.height - 1, last_column = push.width - 1;
    int first = (push.first_block + first_block) * push.height * width;
    int second = (push.second_block + second_block) * push.height * width;
    int right = chunk * LAGS - push.reach;
    uint row_cell = push.first_row_cell + gl_WorkGroupID.y, column_cell = push.column_cuts + gl_WorkGroupID.z;
    int row = int(cuts[row_cell]), rows = int(cuts[row_cell + 1]) - row;
    int begin = int(cuts[column_cell]), end = int(cuts[column_cell + 1]), column = begin;
    int rounds = rows * ((end - begin + COLS - 1) / COLS);

    vec4 total[LAGS * 4];
    [[unroll]] for (int s = 0; s < LAGS * 4; ++s) total[s] = vec4(0.0);
    for (int round = 0; round < rounds; ++round) {
        vec4 a[COLS], b[COLS + LAGS - 1];
        int at = first + row * width, from = second + clamp(row + lag, 0, last_row) * width;
        [[unroll]] for (int c = 0; c < COLS; ++c) {
            a[c] = QUAD(z, at + min(column + c, end - 1)) * (column + c < end ? 1.0 : 0.0);
        }
        [[unroll]] for (int c = 0; c < COLS + LAGS - 1; ++c) {
            b[c] = QUAD(z, from + clamp(column + c + right, 0, last_column));
        }
        [[unroll]] for (int k = 0; k < LAGS; ++k) {
            [[unroll]] for (int i = 0; i < 4; ++i) {
                vec4 some = a[0][i] * b[k];
                [[unroll]] for (int c = 1; c < COLS; ++c) some += a[c][i] * b[k + c];
                total[k * 4 + i] += some;
            }
        }
        column += COLS;
        if (column >= end) {
            column = begin;
            ++row;
        }
    }
    if (!inside) return;
    uint cell = gl_WorkGroupID.y * gl_NumWorkGroups.z + gl_WorkGroupID.z;
    uint to = (cell * uint(threads) + uint(thread)) * (LAGS * 4);
    [[unroll]] for (int s = 0; s < LAGS * 4; ++s) sums[to + s] = total[s];
}
