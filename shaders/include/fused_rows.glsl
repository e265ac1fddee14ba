// The walk of the backward passes: KERNEL rows of dy in registers, and of x if the includer keeps them.
//
// The includer defines keep_x(p, x), which stores a pixel of the last row, and declares y_texels.
#ifndef FUSED_ROWS_GLSL
#define FUSED_ROWS_GLSL
#include "exact_sum.glsl"

#define Y_AT(i) (TEXELS != 0 ? texelFetch(y_texels, int(i)).r : y[i])
#define COLUMNS (STRIP + REACH)

float dy_rows[KERNEL * COLUMNS * 3];  // [row][column][colour]
float tail[FUSED_TAIL];
ExactSum loss;

void keep_x(uint p, vec3 x);

void begin_rows() {
    [[unroll]] for (uint i = 0; i < FUSED_TAIL; ++i) tail[i] = FOLDED(CHANNELS * ROW + i);
    [[unroll]] for (uint k = 0; k < KERNEL * COLUMNS * 3; ++k) dy_rows[k] = 0.0;
    loss = EMPTY_SUM;
}

// The backward passes walk over the hidden layer: the first strip begins at its first column and the first block at its
// first row, which lie RING columns and rows outside the picture.
uint hidden_rows() { return push.height + 2 * RING; }
uint hidden_columns() { return push.width + 2 * RING; }

// Loads the last of the rows: `row` and `first_column` of the picture, where -1 has wrapped around; `own`: the row is in
// this thread's block.
void load_row(uint row, uint first_column, bool own) {
    float squares = 0.0;
    [[unroll]] for (uint p = 0; p < COLUMNS; ++p) {
        uint column = first_column + p - RADIUS;
        uint at = pixel(row + REACH, column + REACH);
        uint i = gl_WorkGroupID.z * push.picture_stride + at;
        vec3 x = PICTURE_AT(i);
        i += push.target_offset;
        vec3 target = PICTURE_AT(i);
        bool inside = row < push.height && column < push.width;
        keep_x(p, x);
        [[unroll]] for (uint o = 0; o < 3; ++o) {
            float value = Y_AT(gl_WorkGroupID.z * push.y_stride + o * push.plane + at) - tail[TAIL_CENTER_Y + o];
            float r = push.residual * x[o] - target[o] - tail[TAIL_CENTER_R + o];
            float dy = tail[TAIL_DY_Y + o] * value + (tail[TAIL_DY_R + o] * r + tail[TAIL_DY_1 + o]);
            dy_rows[(REACH * COLUMNS + p) * 3 + o] = inside ? dy : 0.0;
            if (p >= RADIUS && p < STRIP + RADIUS) {
                float error =
                    tail[TAIL_ERROR_Y + o] * value + (tail[TAIL_ERROR_R + o] * r + tail[TAIL_ERROR_1 + o]);
                squares += own && inside ? error * error : 0.0;
            }
        }
    }
    add(loss, squares);
}

// y at q depends on a at q + k − RADIUS, so the gradient of a at p comes from dy at p − k + RADIUS.
#define DY_ROW(k, p) dy_rows[((REACH - (k) % TAPS / KERNEL) * COLUMNS + (p) + REACH - (k) % KERNEL) * 3 + (k) / TAPS]

#endif
