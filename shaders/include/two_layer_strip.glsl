// Two convolutions with an activation between them, down a strip of STRIP columns, without storing the values between:
//
//   a = activation(conv1(x) + bias);   y = start + conv2(a)
//
// where a is zero outside the picture unless CONTINUED: then x goes on beyond the edges, and a with it.
//
// A thread keeps KERNEL rows of x in registers, forms one row of a at a time, one hidden channel after the other, and
// adds it to the KERNEL rows of y that it touches; the oldest of them is then complete. Only the halo is computed
// twice: the reach of a strip to its sides and of a block above and below.
//
// The includer defines KERNEL, STRIP, CHANNELS, RAGGED, CONTINUED and, before including,
//   vec3 strip_pixel(uint row, uint column)   of the picture padded by KERNEL − 1 on every side
//   float strip_weight(uint index)            of [CHANNELS][conv1 PATCH, bias, conv2 PATCH]
//   float strip_start(uint o)                 the start of y
// and after it calls two_layer_strip(), which calls finish_row(row) with y in `running` and x in `window`. It may define
//   STRIP_READS_ROWS          if it has a load_window_row() of its own, and so no strip_pixel()
//   STRIP_EXTRA               number of weights that follow those of every hidden channel
//   STRIP_AFTER(value, row)   a from activation(…), `row` is the channel's first weight
#ifndef TWO_LAYER_STRIP_GLSL
#define TWO_LAYER_STRIP_GLSL
#include "activation.glsl"

#define SPAN (STRIP + 2 * REACH)    // columns of x that the strip looks at
#define HALO_STRIP (STRIP + REACH)  // columns of a

#ifndef STRIP_AFTER
#define STRIP_EXTRA 0
#define STRIP_AFTER(value, row) value
#endif

float window[KERNEL * SPAN * 3];    // [row][column][colour]
float running[KERNEL * STRIP * 3];  // [row][column][output channel]

void finish_row(uint row);

// x and y at a column of the row that finish_row() is given.
#define STRIP_X(column, colour) window[((column) + REACH) * 3 + (colour)]
#define STRIP_Y(column, o) running[(column) * 3 + (o)]

#ifdef STRIP_READS_ROWS
void load_window_row(uint slot, uint padded_row, uint first_column);
#else
void load_window_row(uint slot, uint padded_row, uint first_column) {
    [[unroll]] for (uint p = 0; p < SPAN; ++p) {
        vec3 value = strip_pixel(padded_row, first_column + p);
        window[(slot * SPAN + p) * 3] = value.x;
        window[(slot * SPAN + p) * 3 + 1] = value.y;
        window[(slot * SPAN + p) * 3 + 2] = value.z;
    }
}
#endif

// The number of columns whose sums are formed together: few enough to stay in registers if drivers keep the source's
// order. The order of additions in each sum does not depend on it.
#define TOGETHER (STRIP < 8 ? STRIP : 8)

float hidden[HALO_STRIP], taps[PATCH];  // one channel of the row of a in the middle of the window; its weights

#define ADD_TO_HIDDEN(first, count) \
    [[unroll]] for (uint k = 0; k < PATCH; ++k) { \
        [[unroll]] for (uint i = 0; i < (count); ++i) { \
            hidden[(first) + i] += \
                taps[k] * window[(k % TAPS / KERNEL * SPAN + (first) + i + k % KERNEL) * 3 + k / TAPS]; \
        } \
    }

// All weights are read before they are used, because software drivers read by calls, which clear the registers.
void add_channel(uint channel, uint first_column, uint width) {
    uint row = channel * (2 * PATCH + 1 + STRIP_EXTRA);
    [[unroll]] for (uint k = 0; k < PATCH; ++k) taps[k] = strip_weight(row + k);
    float bias = strip_weight(row + PATCH);
    [[unroll]] for (uint p = 0; p < HALO_STRIP; ++p) hidden[p] = bias;
    [[unroll]] for (uint block = 0; block < STRIP / TOGETHER; ++block) {
        ADD_TO_HIDDEN(block * TOGETHER, TOGETHER)
    }
    ADD_TO_HIDDEN(STRIP, REACH)
    [[unroll]] for (uint p = 0; p < HALO_STRIP; ++p) {
        hidden[p] = STRIP_AFTER(activation(hidden[p]), row);
        // Left of the picture the difference wraps around to a large number, which is outside too.
        bool inside = first_column + p - RADIUS < width;
        if (CONTINUED == 0 && (RAGGED != 0 || p < RADIUS || p >= STRIP + RADIUS)) hidden[p] = inside ? hidden[p] : 0.0;
    }
    [[unroll]] for (uint k = 0; k < PATCH; ++k) taps[k] = strip_weight(row + PATCH + 1 + k);
    [[unroll]] for (uint block = 0; block < STRIP / TOGETHER; ++block) {
        [[unroll]] for (uint k = 0; k < PATCH; ++k) {
            [[unroll]] for (uint i = 0; i < TOGETHER; ++i) {
                uint p = block * TOGETHER + i;
                running[((REACH - k % TAPS / KERNEL) * STRIP + p) * 3 + k / TAPS] += taps[k] * hidden[p + k % KERNEL];
            }
        }
    }
}

void two_layer_strip(uint first_row, uint rows, uint first_column, uint height, uint width) {
    float start[3] = {strip_start(0), strip_start(1), strip_start(2)};
    [[unroll]] for (uint i = 0; i < KERNEL * STRIP * 3; ++i) running[i] = start[i % 3];
    [[unroll]] for (uint i = 0; i < KERNEL * SPAN * 3; ++i) window[i] = 0.0;
    // The first rounds only fill the window: loading in one place keeps the code short and quick to compile.
    for (uint i = 0; i < rows + 2 * REACH; ++i) {
        load_window_row(REACH, first_row + i, first_column);
        if (i >= REACH && (CONTINUED != 0 || first_row + i - REACH - RADIUS < height)) {
            [[dont_unroll]] for (uint channel = 0; channel < CHANNELS; ++channel) {
                add_channel(channel, first_column, width);
            }
        }
        if (i >= 2 * REACH) finish_row(first_row + i - 2 * REACH);
        [[unroll]] for (uint k = 0; k < REACH * STRIP * 3; ++k) running[k] = running[k + STRIP * 3];
        [[unroll]] for (uint k = 0; k < STRIP * 3; ++k) running[REACH * STRIP * 3 + k] = start[k % 3];
        [[unroll]] for (uint k = 0; k < REACH * SPAN * 3; ++k) window[k] = window[k + SPAN * 3];
    }
}

#endif
