#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// Sums of products of two pictures' values at a distance, from which the Gram matrix of all patches follows:
//
//   sums[row cell][column cell][lag][i][k][j] = Σ first_i(q)·second_j(q + (first_lag + lag, k − REACH))  over q in the cell
//
// first and second are [3][height][width] of values 0..1, and i may also be a channel of ones. The sums are exact,
// because they are of whole numbers (see patch_gram_push.h). If values lie between 8-bit levels (FRACTIONS), a sum has
// three parts: of HIGH·HIGH', of HIGH·LOW' + LOW·HIGH', and of LOW·LOW'. Beyond the edge `second` repeats its last
// pixel; the host does not use such sums. Threads: (lags·channels, row cells, column cells).
#include "kernel.glsl"
#include "patch_gram_push.h"

layout(constant_id = 0) const uint REACH = 4;
layout(constant_id = 1) const uint FRACTIONS = 1;

#define SPAN (2 * REACH + 1)
#define PRODUCTS (3 * SPAN)
#define LOWS (FRACTIONS != 0 ? PRODUCTS : 1)

layout(push_constant) uniform Push { PatchGramPush push; };
INPUT(0, first);
INPUT(1, second);
layout(binding = 2, std430) readonly buffer cuts_block { uint cuts[]; };  // where row cells begin, then column cells
layout(binding = 3, std430) writeonly buffer sums_block { int sums[]; };

int high[PRODUCTS], mixed[LOWS], low[LOWS];       // the sums
int window_high[PRODUCTS], window_low[LOWS];      // of second, [k][j]

// Every device rounds floats between two whole 255ths in the same way, and whole 255ths become whole levels.
int whole(float value) {
    precise float scaled = value * (255.0 * (1 << GRAM_LEVEL_BITS));
    precise float shifted = scaled + 0.5;
    return int(floor(shifted)) - (GRAM_CENTER << GRAM_LEVEL_BITS);
}
int high_of(int number) { return (number + (1 << (GRAM_LOW_BITS - 1))) >> GRAM_LOW_BITS; }
int low_of(int number) { return number - (high_of(number) << GRAM_LOW_BITS); }

// Moves the window to the next column.
void advance(uint row, int column) {
    [[unroll]] for (uint k = 0; k < PRODUCTS - 3; ++k) {
        window_high[k] = window_high[k + 3];
        if (FRACTIONS != 0) window_low[k] = window_low[k + 3];
    }
    uint at = row * push.width + uint(clamp(column, 0, int(push.width) - 1));
    [[unroll]] for (uint j = 0; j < 3; ++j) {
        int number = whole(second[j * push.height * push.width + at]);
        window_high[PRODUCTS - 3 + j] = high_of(number);
        if (FRACTIONS != 0) window_low[PRODUCTS - 3 + j] = low_of(number);
    }
}

void add_row(uint row, uint second_row, uint begin, uint end, uint channel) {
    for (uint k = 0; k < SPAN - 1; ++k) advance(second_row, int(begin + k) - int(REACH));
    for (uint column = begin; column < end; ++column) {
        advance(second_row, int(column + REACH));
        int number = 1 << GRAM_LEVEL_BITS;
        if (channel < 3) number = whole(first[(channel * push.height + row) * push.width + column]);
        int first_high = high_of(number), first_low = low_of(number);
        [[unroll]] for (uint k = 0; k < PRODUCTS; ++k) {
            high[k] += first_high * window_high[k];
            if (FRACTIONS != 0) {
                mixed[k] += first_high * window_low[k] + first_low * window_high[k];
                low[k] += first_low * window_low[k];
            }
        }
    }
}

void main() {
    uint thread = gl_GlobalInvocationID.x;
    if (thread >= push.lags * push.channels) return;
    [[unroll]] for (uint k = 0; k < PRODUCTS; ++k) {
        high[k] = 0;
        if (FRACTIONS != 0) mixed[k] = low[k] = 0;
    }
    uint row_cell = push.first_row_cell + gl_WorkGroupID.y, column_cell = push.column_cuts + gl_WorkGroupID.z;
    int lag = push.first_lag + int(thread / push.channels);
    for (uint row = cuts[row_cell]; row < cuts[row_cell + 1]; ++row) {
        uint second_row = uint(clamp(int(row) + lag, 0, int(push.height) - 1));
        add_row(row, second_row, cuts[column_cell], cuts[column_cell + 1], thread % push.channels);
    }
    uint cell = gl_WorkGroupID.y * gl_NumWorkGroups.z + gl_WorkGroupID.z;
    uint to = (cell * push.lags * push.channels + thread) * PRODUCTS;
    [[unroll]] for (uint k = 0; k < PRODUCTS; ++k) {
        if (FRACTIONS != 0) {
            sums[(to + k) * 3] = high[k];
            sums[(to + k) * 3 + 1] = mixed[k];
            sums[(to + k) * 3 + 2] = low[k];
        } else {
            sums[to + k] = high[k];
        }
    }
}
