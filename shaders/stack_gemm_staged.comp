#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The product of stack_gemm.comp for GPUs, with the same sums: a workgroup makes a tile of 32·OUT4 channels x
// 16·PIXELS pixels, and its threads share what they read through shared memory, 4 rounds of taps at a time. A thread
// reads one vec4 of the weights or of x a round, so that a tile's channels and pixels are at most 128 together.
//
// Pixels are counted through the images of a run, `tiles_y` of them, so that tiles of small images are full; a run has
// `tiles_x` tiles. Threads: (128 · tiles, groups of channels).
#include "gemm.glsl"

const int PIXEL_THREADS = 16, CHANNEL_THREADS = 8, THREADS = 128;
const int TILE_OUTS = CHANNEL_THREADS * OUTS, TILE_PIXELS = PIXEL_THREADS * PIXELS;
const int STEP = 4, HALF = STEP * THREADS;

shared vec4 staged[2 * HALF];  // of this step and of the next [rounds][outputs of the weights, pixels of x]

vec4 first_of_tile(vec4 own) {
    int local = int(gl_LocalInvocationID.x);
    barrier();  // until nobody reads what was there
    staged[local] = own;
    barrier();
    return staged[local / PIXEL_THREADS * PIXEL_THREADS];
}

vec4 sum_of_tile(vec4 own) {
    vec4 sum = first_of_tile(own);
    int first = int(gl_LocalInvocationID.x) / PIXEL_THREADS * PIXEL_THREADS;
    [[unroll]] for (int i = 1; i < PIXEL_THREADS; ++i) sum += staged[first + i];
    return sum;
}

// Of a pixel of the tile: image, row and column, and whether it is one of the run's.
struct Pixel {
    int image, row, column;
    bool live;
};

Pixel pixel_of(int tile, int i) {
    int width = int(push.y_width), plane = int(push.y_height) * width, images = int(push.tiles_y);
    int tiles_x = int(push.tiles_x), offset = tile % tiles_x * TILE_PIXELS + i;
    bool live = offset < plane * images;
    offset = min(offset, plane * images - 1);
    int image = tile / tiles_x * images + offset / plane;
    offset %= plane;
    return Pixel(image, offset / width, offset % width, live);
}

void main() {
    int local = int(gl_LocalInvocationID.x), tile = int(gl_WorkGroupID.x + push.first_tile);
    int pixel_thread = local % PIXEL_THREADS, channel_thread = local / PIXEL_THREADS;
    int tile_block = int(gl_WorkGroupID.y) * CHANNEL_THREADS * OUT4;
    int first_block = tile_block + channel_thread * OUT4, last_block = int(push.out_blocks) - 1;
    begin_sums(first_block);

    // What this thread reads for all.
    bool reads_weights = local < TILE_OUTS;
    int weight_at = int(push.weight_first) + min(tile_block + local / 4, last_block) * int(push.weight_out) + local % 4;
    Pixel from = pixel_of(tile, clamp(local - TILE_OUTS, 0, TILE_PIXELS - 1));
    int top = from.row * int(push.step) - push.pad_top, left = from.column * int(push.step) - push.pad_left;
    int x_at = from.image * int(push.x_image), x_width = int(push.x_width), x_height = int(push.x_height);
    int kernel_width = int(push.kernel_width), kernel_height = int(push.kernel_height);
    int weight_tap = int(push.weight_tap), x_block = int(push.x_block);
    int to_next_row = int(push.weight_row) - kernel_width * weight_tap;
    int to_next_block = int(push.weight_in) - kernel_height * int(push.weight_row);
    int rounds = int(push.in_blocks) * kernel_height * kernel_width, ky = 0, kx = 0;
    int steps = (rounds + STEP - 1) / STEP;
    for (int s = -1; s < steps; ++s) {
        vec4 next[STEP];
        [[unroll]] for (int r = 0; r < STEP; ++r) {
            next[r] = vec4(0.0);
            if ((s + 1) * STEP + r < rounds) {
                int row = top + ky, column = left + kx;
                if (reads_weights) {
                    next[r] = QUAD(weight, weight_at);
                } else if (row >= 0 && row < x_height && column >= 0 && column < x_width) {
                    next[r] = QUAD(x, x_at + row * x_width + column);
                }
                weight_at += weight_tap;
                ++kx;
                if (kx == kernel_width) {
                    kx = 0;
                    ++ky;
                    weight_at += to_next_row;
                }
                if (ky == kernel_height) {
                    ky = 0;
                    x_at += x_block;
                    weight_at += to_next_block;
                }
            }
        }
        if (s >= 0) {
            int now = s % 2 * HALF;
            [[unroll]] for (int r = 0; r < STEP; ++r) {
                vec4 w[OUTS], v[PIXELS];
                int at = now + r * THREADS;
                [[unroll]] for (int p = 0; p < PIXELS; ++p) {
                    v[p] = staged[at + TILE_OUTS + p * PIXEL_THREADS + pixel_thread];
                }
                [[unroll]] for (int o = 0; o < OUTS; ++o) w[o] = staged[at + channel_thread * OUTS + o];
                add_products(w, v);
            }
        }
        int later = (s + 1) % 2 * HALF;
        [[unroll]] for (int r = 0; r < STEP; ++r) staged[later + r * THREADS + local] = next[r];
        barrier();
    }

    [[unroll]] for (int p = 0; p < PIXELS; ++p) {
        Pixel pixel = pixel_of(tile, p * PIXEL_THREADS + pixel_thread);
        live[p] = pixel.live;
        place_pixel(p, pixel.image, pixel.row, pixel.column);
    }
    int run_pixels = int(push.y_height * push.y_width * push.tiles_y);
    int count = min(TILE_PIXELS, run_pixels - tile % int(push.tiles_x) * TILE_PIXELS);
    finish(tile, first_block, float(count), true, pixel_thread == 0);
}
