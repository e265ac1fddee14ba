// The body of a convolution, shared by the forward pass and the gradient to the input:
//
//   result[n, o, row, column] = start(o) + Σ_i Σ_ky Σ_kx weight_at(o, i, ky, kx) · tap(n, i, row·STEP + ky, column·STEP + kx)
//
// The includer declares STEP and defines start, tap, weight_at and store. A thread computes TILE channels of ROWS
// pixels, one below the other, from registers: a tap that it loads serves up to TILE·KERNEL multiply-adds, a weight
// ROWS. Threads: (width, height / ROWS, images * channel tiles). All loops but the one over input channels are
// unrolled, so that the arrays become registers. The order of additions does not depend on the tile.
#ifndef CONV_TILE_GLSL
#define CONV_TILE_GLSL

const uint WINDOW = (ROWS - 1) * STEP + KERNEL;  // rows of taps that ROWS results need

void convolve(uint in_channels, uint out_channels, uint height, uint width) {
    uint tiles = (out_channels + TILE - 1) / TILE;
    uint image = gl_WorkGroupID.z / tiles;
    uint first_out = gl_WorkGroupID.z % tiles * TILE;
    uint first_row = gl_WorkGroupID.y * ROWS;
    uint column = gl_GlobalInvocationID.x;

    float sum[TILE * ROWS];
    [[unroll]] for (uint t = 0; t < TILE; ++t) {
        float begin = start(min(first_out + t, out_channels - 1));
        [[unroll]] for (uint r = 0; r < ROWS; ++r) sum[t * ROWS + r] = begin;
    }
    for (uint i = 0; i < in_channels; ++i) {
        float window[WINDOW * KERNEL];
        [[unroll]] for (uint y = 0; y < WINDOW; ++y) {
            [[unroll]] for (uint x = 0; x < KERNEL; ++x) {
                window[y * KERNEL + x] = tap(image, i, first_row * STEP + y, column * STEP + x);
            }
        }
        [[unroll]] for (uint t = 0; t < TILE; ++t) {
            uint o = min(first_out + t, out_channels - 1);
            [[unroll]] for (uint ky = 0; ky < KERNEL; ++ky) {
                [[unroll]] for (uint kx = 0; kx < KERNEL; ++kx) {
                    float w = weight_at(o, i, ky, kx);
                    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
                        sum[t * ROWS + r] += w * window[(r * STEP + ky) * KERNEL + kx];
                    }
                }
            }
        }
    }
    // No thread returns early, so that compilers see that loads from a common address are uniform.
    [[unroll]] for (uint t = 0; t < TILE; ++t) {
        [[unroll]] for (uint r = 0; r < ROWS; ++r) {
            if (column < width && first_row + r < height && first_out + t < out_channels) {
                store(image, first_out + t, first_row + r, column, sum[t * ROWS + r]);
            }
        }
    }
}

#endif
