// What both forms of the stack plan's product share: stack_gemm.comp, which says what is computed, and
// stack_gemm_staged.comp. Here are its constants and buffers, the sums of a thread, and what follows them.
#ifndef GEMM_GLSL
#define GEMM_GLSL
#include "activation.glsl"
#include "gemm_push.h"
#include "quads.glsl"

layout(constant_id = 1) const int OUT4 = 4;
layout(constant_id = 2) const int COLS = 8;
layout(constant_id = 3) const int ROWS = 1;
layout(constant_id = 4) const uint EPILOGUE = 0;
layout(constant_id = 5) const uint BIAS = 0;
layout(constant_id = 6) const uint ADD = 0;
const int OUTS = 4 * OUT4, PIXELS = ROWS * COLS;

layout(push_constant) uniform Push { GemmPush push; };
QUADS_IN(0, 1, x);
QUADS_IN(2, 3, weight);  // [out blocks][in blocks][rows][columns][4 outputs] of vec4 over 4 inputs
QUADS_IN(4, 5, bias);    // [out blocks]
QUADS_IN(6, 7, other);
QUADS_IN(8, 9, result);
QUADS_OUT(10, y);
QUADS_OUT(11, partial);  // [tiles][out blocks][2]

// A thread's channels and pixels; those outside y have no effect.
float sums[OUTS * PIXELS];
bool live[PIXELS];
int place[PIXELS];  // in y, of block 0

void begin_sums(int first_block) {
    int last_block = int(push.out_blocks) - 1;
    [[unroll]] for (int o4 = 0; o4 < OUT4; ++o4) {
        vec4 start = vec4(0.0);
        if (BIAS != 0) start = QUAD(bias, min(first_block + o4, last_block));
        [[unroll]] for (int p = 0; p < PIXELS; ++p) {
            [[unroll]] for (int j = 0; j < 4; ++j) sums[(o4 * 4 + j) * PIXELS + p] = start[j];
        }
    }
}

// One tap of four input channels. The order of a sum is the same in both forms.
void add_products(vec4 w[OUTS], vec4 v[PIXELS]) {
    [[unroll]] for (int o = 0; o < OUTS; ++o) {
        [[unroll]] for (int p = 0; p < PIXELS; ++p) {
            float sum = sums[o * PIXELS + p];
            sum += w[o].x * v[p].x;
            sum += w[o].y * v[p].y;
            sum += w[o].z * v[p].z;
            sum += w[o].w * v[p].w;
            sums[o * PIXELS + p] = sum;
        }
    }
}

void place_pixel(int p, int image, int row, int column) {
    place[p] = int(push.y_first) + image * int(push.y_image) + row * int(push.y_row) + column * int(push.y_pixel);
}

// The sum over the threads that share a tile, and the value of the thread with its first pixel: of each form.
vec4 sum_of_tile(vec4 own);
vec4 first_of_tile(vec4 own);

// `count`: pixels of the tile. `writes_partial`: for one of the threads that share it.
void finish(int tile, int first_block, float count, bool inside, bool writes_partial) {
    int last_block = int(push.out_blocks) - 1;
    [[unroll]] for (int o4 = 0; o4 < OUT4; ++o4) {
        int block = first_block + o4, offset = min(block, last_block) * int(push.y_block);
        bool writes = inside && block <= last_block;
        vec4 made[PIXELS];
        [[unroll]] for (int p = 0; p < PIXELS; ++p) {
            [[unroll]] for (int j = 0; j < 4; ++j) made[p][j] = sums[(o4 * 4 + j) * PIXELS + p];
            if (ADD == ADD_BEFORE_ACTIVATION) made[p] += QUAD(other, place[p] + offset);
            if (EPILOGUE == EPILOGUE_SLOPE) {
                vec4 at = QUAD(result, place[p] + offset);
                [[unroll]] for (int j = 0; j < 4; ++j) made[p][j] *= slope_at_result(at[j]);
            } else {
                [[unroll]] for (int j = 0; j < 4; ++j) made[p][j] = activation(made[p][j]);
            }
            if (ADD == ADD_AFTER_ACTIVATION) made[p] += QUAD(other, place[p] + offset);
        }
        vec4 first = vec4(0.0), second = vec4(0.0);
        if (EPILOGUE == EPILOGUE_MOMENTS) {
            // Around the first pixel, so that a mean far from zero costs no digits.
            vec4 origin = first_of_tile(made[0]);
            [[unroll]] for (int p = 0; p < PIXELS; ++p) first += live[p] ? made[p] - origin : vec4(0.0);
            first = origin + sum_of_tile(first) / count;
            [[unroll]] for (int p = 0; p < PIXELS; ++p) {
                vec4 deviation = live[p] ? made[p] - first : vec4(0.0);
                second += deviation * deviation;
            }
            second = sum_of_tile(second);
        }
        if (EPILOGUE == EPILOGUE_SLOPE) {
            [[unroll]] for (int p = 0; p < PIXELS; ++p) first += live[p] ? made[p] : vec4(0.0);
            first = sum_of_tile(first);
        }
        [[unroll]] for (int p = 0; p < PIXELS; ++p) {
            if (writes && live[p]) y[place[p] + offset] = made[p];
        }
        if (EPILOGUE != EPILOGUE_NONE && writes && writes_partial) {
            int at = (int(push.partial_first) + tile) * int(push.out_blocks) * 2 + block * 2;
            partial[at] = first;
            partial[at + 1] = second;
        }
    }
}

#endif
