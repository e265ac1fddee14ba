#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// A two-layer network without activation as one convolution of SIDE × SIDE: result = start + conv(x), with the skip in
// the middle weights. It is wrong where conv2 would see outside a picture that is not continued, and not used there. A
// thread takes `block_rows` rows of a strip; every row of x that it reads is added to the SIDE rows of y that it
// touches, and the oldest of them is then complete. folded: [SIDE rows][3 out][3 in][SIDE columns], then start [3].
#include "folded_pass.glsl"

layout(constant_id = 5) const uint HELD = 0;  // weights are read once; 0: for every row, if registers are few

#define SIDE (2 * KERNEL - 1)
#define WEIGHTS (9 * SIDE * SIDE)
#define WEIGHT(i) (HELD != 0 ? held[i] : FOLDED(i))

float held[HELD != 0 ? WEIGHTS : 1];
float running[SIDE * STRIP * 3];  // [row][column][colour]

// Adds the row of x that was read, times the weights' row `ky`, to the row of y that it belongs to.
void add_row(uint ky) {
    [[unroll]] for (uint o = 0; o < 3; ++o) {
        float y[STRIP];
        [[unroll]] for (uint p = 0; p < STRIP; ++p) y[p] = running[((SIDE - 1 - ky) * STRIP + p) * 3 + o];
        [[unroll]] for (uint k = 0; k < 3 * SIDE; ++k) {
            float w = WEIGHT((ky * 3 + o) * 3 * SIDE + k);
            [[unroll]] for (uint p = 0; p < STRIP; ++p) y[p] += w * row_read[(p + k % SIDE) * 3 + k / SIDE];
        }
        [[unroll]] for (uint p = 0; p < STRIP; ++p) running[((SIDE - 1 - ky) * STRIP + p) * 3 + o] = y[p];
    }
}

void main() {
    uint first_row, rows, first_column;
    if (!region_of_thread(first_row, rows, first_column)) return;
    if (HELD != 0) {
        [[unroll]] for (uint i = 0; i < WEIGHTS; ++i) held[i] = FOLDED(i);
    }
    float start[3] = {FOLDED(WEIGHTS), FOLDED(WEIGHTS + 1), FOLDED(WEIGHTS + 2)};
    [[unroll]] for (uint i = 0; i < SIDE * STRIP * 3; ++i) running[i] = start[i % 3];
    for (uint i = 0; i < rows + 2 * REACH; ++i) {
        read_row(first_row + i, first_column);
        [[unroll]] for (uint ky = 0; ky < SIDE; ++ky) add_row(ky);
        if (i >= 2 * REACH) {
            [[unroll]] for (uint k = 0; k < STRIP * 3; ++k) row_written[k] = running[k];
            write_row(first_row + i - 2 * REACH, first_column);
        }
        [[unroll]] for (uint k = 0; k < (SIDE - 1) * STRIP * 3; ++k) running[k] = running[k + STRIP * 3];
        [[unroll]] for (uint k = 0; k < STRIP * 3; ++k) running[(SIDE - 1) * STRIP * 3 + k] = start[k % 3];
    }
    finish_rows();
}
