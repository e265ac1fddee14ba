#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The second pass of the fused training step without an activation. Then a is linear in the patches u of x, and dz in
// the patches d of dy, d[o,k](p) = dy[o](p − k + RADIUS): both Σ u·dz and Σ a·dy follow from Σ u·d, PATCH² sums that do
// not depend on the hidden channels, and from Σ d (see fused_compose). A thread has the taps of one colour of x. The
// mean is subtracted from x, also outside the picture: sums of small numbers keep more digits.
// Threads: (strips * colours, blocks of rows, images).
#define LOCAL_SIZE_BY_HOST
#include "fused_pass.glsl"

layout(binding = 0, std430) readonly buffer pictures_block { uint pictures[]; };
INPUT(1, folded);
INPUT(2, y);      // [images][3][padded picture]
OUTPUT(3, sums);  // [slots][FUSED_CORRELATIONS]
layout(binding = 4) uniform usamplerBuffer pictures_texels;
layout(binding = 5) uniform samplerBuffer folded_texels;
layout(binding = 6) uniform samplerBuffer y_texels;

#include "fused_rows.glsl"

uint colour;
float center;
float x_rows[KERNEL * COLUMNS];         // [row][column]
float row_sums[KERNEL * 3 * KERNEL];    // [row][output channel][kx]: dy over the strip, as tap kx sees it
float correlation[TAPS * PATCH], sum_d[PATCH];

void keep_x(uint p, vec3 x) { x_rows[REACH * COLUMNS + p] = x[colour] - center; }

bool inside_strip(uint first_column, uint p) { return RAGGED == 0 || first_column + p < hidden_columns(); }

void sum_row(uint first_column) {
    [[unroll]] for (uint i = 0; i < 3 * KERNEL; ++i) {
        float sum = 0.0;
        [[unroll]] for (uint p = 0; p < STRIP; ++p) {
            float dy = dy_rows[(REACH * COLUMNS + p + REACH - i % KERNEL) * 3 + i / KERNEL];
            sum += inside_strip(first_column, p) ? dy : 0.0;
        }
        row_sums[REACH * 3 * KERNEL + i] = sum;
    }
}

void add_row(uint first_column) {
    [[unroll]] for (uint t = 0; t < TAPS; ++t) {
        float x[STRIP];
        [[unroll]] for (uint p = 0; p < STRIP; ++p) {
            float value = x_rows[t / KERNEL * COLUMNS + p + t % KERNEL];
            x[p] = inside_strip(first_column, p) ? value : 0.0;
        }
        [[unroll]] for (uint k = 0; k < PATCH; ++k) {
            float sum = correlation[t * PATCH + k];
            [[unroll]] for (uint p = 0; p < STRIP; ++p) sum += x[p] * DY_ROW(k, p);
            correlation[t * PATCH + k] = sum;
        }
    }
    [[unroll]] for (uint k = 0; k < PATCH; ++k) {
        sum_d[k] += row_sums[((REACH - k % TAPS / KERNEL) * 3 + k / TAPS) * KERNEL + k % KERNEL];
    }
}

void main() {
    uint strip = gl_GlobalInvocationID.x / 3, block = push.first_block + gl_WorkGroupID.y;
    colour = gl_GlobalInvocationID.x % 3;
    if (strip >= push.strips) return;
    begin_rows();
    center = FOLDED(CHANNELS * ROW + FUSED_TAIL + colour * TAPS + TAPS / 2) * push.levels;
    [[unroll]] for (uint i = 0; i < TAPS * PATCH; ++i) correlation[i] = 0.0;
    [[unroll]] for (uint k = 0; k < PATCH; ++k) sum_d[k] = 0.0;
    [[unroll]] for (uint i = 0; i < KERNEL * COLUMNS; ++i) x_rows[i] = 0.0;
    [[unroll]] for (uint i = 0; i < KERNEL * 3 * KERNEL; ++i) row_sums[i] = 0.0;

    uint first_row = block * push.block_rows, first_column = strip * STRIP;
    uint rows = min(push.block_rows, hidden_rows() - first_row);
    for (uint i = 0; i < rows + REACH; ++i) {
        load_row(first_row + i - RADIUS - RING, first_column - RING, i >= RADIUS && i < rows + RADIUS);
        sum_row(first_column);
        if (i >= REACH) add_row(first_column);
        [[unroll]] for (uint k = 0; k < REACH * COLUMNS; ++k) x_rows[k] = x_rows[k + COLUMNS];
        [[unroll]] for (uint k = 0; k < REACH * COLUMNS * 3; ++k) dy_rows[k] = dy_rows[k + COLUMNS * 3];
        [[unroll]] for (uint k = 0; k < REACH * 3 * KERNEL; ++k) row_sums[k] = row_sums[k + 3 * KERNEL];
    }

    uint slot = ((push.first_image + gl_WorkGroupID.z) * push.blocks + block) * push.strips + strip;
    uint to = slot * FUSED_CORRELATIONS(PATCH);
    [[unroll]] for (uint i = 0; i < TAPS * PATCH; ++i) sums[to + colour * TAPS * PATCH + i] = correlation[i];
    if (colour != 0) return;
    [[unroll]] for (uint k = 0; k < PATCH; ++k) sums[to + PATCH * PATCH + k] = sum_d[k];
    sums[to + PATCH * (PATCH + 1)] = total(loss) * push.loss_scale;
}
