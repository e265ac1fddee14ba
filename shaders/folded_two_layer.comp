#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// A two-layer network in one kernel: result = conv2(a) + start + residual·x with a = scale·activation(conv1(x) + bias)
// + offset, zero outside a picture that is not continued; neither a nor conv2's result goes through memory. A thread
// takes `block_rows` rows of a strip. folded: [CHANNELS][conv1 PATCH, bias, conv2 PATCH, scale, offset], then start [3].
#include "folded_pass.glsl"

layout(constant_id = 5) const uint CHANNELS = 16;
layout(constant_id = 6) const uint NORM_AFTER = 0;  // scale and offset are not 1 and 0

#define RADIUS ((KERNEL - 1) / 2)
#define TAPS (KERNEL * KERNEL)
#define PATCH (3 * TAPS)
#define RAGGED 1

#define STRIP_READS_ROWS
#define STRIP_EXTRA 2
#define STRIP_AFTER(value, row) \
    (NORM_AFTER != 0 ? strip_weight(row + 2 * PATCH + 1) * value + strip_weight(row + 2 * PATCH + 2) : value)
float strip_weight(uint index) { return FOLDED(index); }
float strip_start(uint o) { return FOLDED(CHANNELS * (2 * PATCH + 1 + STRIP_EXTRA) + o); }
#include "two_layer_strip.glsl"

uint column_of_strip;

void load_window_row(uint slot, uint padded_row, uint first_column) {
    read_row(padded_row, first_column);
    [[unroll]] for (uint i = 0; i < ROW_VALUES; ++i) window[slot * ROW_VALUES + i] = row_read[i];
}

void finish_row(uint row) {
    [[unroll]] for (uint i = 0; i < STRIP * 3; ++i) {
        row_written[i] = STRIP_Y(i / 3, i % 3) + push.residual * STRIP_X(i / 3, i % 3);
    }
    write_row(row, column_of_strip);
}

void main() {
    uint first_row, rows;
    if (!region_of_thread(first_row, rows, column_of_strip)) return;
    two_layer_strip(first_row, rows, column_of_strip, push.height, push.width);
    finish_rows();
}
