#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// A convolution of any kernel and stride, a dense layer, and the gradient to the input of either, as one implicit
// matrix product over blocks of four channels:
//   y[n,o,r,c] = bias[o] + Σ weight[o,i,ky,kx] · x[n, i, r·step + ky − pad_top, c·step + kx − pad_left], 0 outside.
// A thread makes 4·OUT4 channels of ROWS x COLS pixels in registers. A round of its only loop is one tap of four input
// channels: all its loads come first, and then 16·OUT4·ROWS·COLS multiply-adds. Threads: (tiles, groups of OUT4 blocks).
//
// Then forward, y passes through the activation KIND, and EPILOGUE_MOMENTS leaves the mean and the centred second
// moment of the tile's pixels for batch norm. Backward, EPILOGUE_SLOPE multiplies y, the gradient of an activation's
// `result`, by its slope, and leaves the sum of that, the tile's part of a bias' gradient. Before or after the
// activation, or before the slope, ADD adds `other`, which lies as y does.
#include "gemm.glsl"

// A tile is one thread's.
vec4 sum_of_tile(vec4 own) { return own; }
vec4 first_of_tile(vec4 own) { return own; }

void main() {
    int id = int(gl_GlobalInvocationID.x + push.first_tile), tiles = int(push.tiles);
    bool inside = id < tiles;
    int tile = min(id, tiles - 1), tiles_x = int(push.tiles_x), tiles_y = int(push.tiles_y);
    int first_column = tile % tiles_x * COLS, first_row = tile / tiles_x % tiles_y * ROWS;
    int image = tile / (tiles_x * tiles_y);
    int first_block = int(gl_WorkGroupID.y) * OUT4, last_block = int(push.out_blocks) - 1;

    begin_sums(first_block);
    // Software drivers load a push constant at every use, so a loop reads copies.
    int kernel_width = int(push.kernel_width), kernel_height = int(push.kernel_height), step = int(push.step);
    int last_row = int(push.x_height) - 1, last_column = int(push.x_width) - 1, x_width = int(push.x_width);
    int top = first_row * step - push.pad_top, left = first_column * step - push.pad_left;
    int x_at = image * int(push.x_image), x_block = int(push.x_block);
    int weight_tap = int(push.weight_tap);
    int to_next_row = int(push.weight_row) - kernel_width * weight_tap;
    int to_next_block = int(push.weight_in) - kernel_height * int(push.weight_row);
    int weight_at[OUT4];
    [[unroll]] for (int o4 = 0; o4 < OUT4; ++o4) {
        weight_at[o4] = int(push.weight_first) + min(first_block + o4, last_block) * int(push.weight_out);
    }
    int rounds = int(push.in_blocks) * kernel_height * kernel_width, ky = 0, kx = 0;
    for (int s = 0; s < rounds; ++s) {
        vec4 v[PIXELS];
        [[unroll]] for (int r = 0; r < ROWS; ++r) {
            int row = top + r * step + ky;
            int at = x_at + clamp(row, 0, last_row) * x_width;
            float row_inside = row >= 0 && row <= last_row ? 1.0 : 0.0;
            [[unroll]] for (int c = 0; c < COLS; ++c) {
                int column = left + c * step + kx;
                vec4 value = QUAD(x, at + clamp(column, 0, last_column));
                v[r * COLS + c] = value * (column >= 0 && column <= last_column ? row_inside : 0.0);
            }
        }
        vec4 w[OUTS];
        [[unroll]] for (int o = 0; o < OUTS; ++o) w[o] = QUAD(weight, weight_at[o / 4] + o % 4);
        add_products(w, v);
        int advance = weight_tap;
        ++kx;
        if (kx == kernel_width) {
            kx = 0;
            ++ky;
            advance += to_next_row;
        }
        if (ky == kernel_height) {
            ky = 0;
            x_at += x_block;
            advance += to_next_block;
        }
        [[unroll]] for (int o4 = 0; o4 < OUT4; ++o4) weight_at[o4] += advance;
    }

    int y_height = int(push.y_height), y_width = int(push.y_width);
    float count = 0.0;
    [[unroll]] for (int p = 0; p < PIXELS; ++p) {
        int row = first_row + p / COLS, column = first_column + p % COLS;
        live[p] = row < y_height && column < y_width;
        count += live[p] ? 1.0 : 0.0;
        place_pixel(p, image, min(row, y_height - 1), min(column, y_width - 1));
    }
    finish(tile, first_block, count, inside, true);
}
