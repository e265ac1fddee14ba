#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The second pass of the fused training step: computes, from the pictures and y, the sums for all gradients, and the
// loss. A thread walks down a strip with KERNEL rows of x and of dy in registers, for GROUP hidden channels:
//
//   a = activation(norm(conv1(x))), da = conv2ᵀ(dy), dz = activation'·da;   Σ u·dz (u: patches of x), Σ dz, Σ a·dy
//
// Threads: (strips * groups of channels, blocks of rows, images).
#define LOCAL_SIZE_BY_HOST
#include "fused_pass.glsl"
#include "activation.glsl"

layout(constant_id = 7) const uint GROUP = 4;

layout(binding = 0, std430) readonly buffer pictures_block { uint pictures[]; };
INPUT(1, folded);
INPUT(2, y);       // [images][3][padded picture]
OUTPUT(3, sums);   // [slots][CHANNELS][ROW], and the loss
layout(binding = 4) uniform usamplerBuffer pictures_texels;
layout(binding = 5) uniform samplerBuffer folded_texels;
layout(binding = 6) uniform samplerBuffer y_texels;

#include "fused_rows.glsl"

#define GROUPS (CHANNELS / GROUP)

float x_rows[KERNEL * COLUMNS * 3];  // [row][column][colour]
float weight[GROUP * ROW];
float sum_u[GROUP * PATCH], sum_a[GROUP * PATCH], sum_z[GROUP];

void keep_x(uint p, vec3 x) {
    [[unroll]] for (uint i = 0; i < 3; ++i) x_rows[(REACH * COLUMNS + p) * 3 + i] = x[i];
}

#define X_ROW(k, p) x_rows[((k) % TAPS / KERNEL * COLUMNS + (p) + (k) % KERNEL) * 3 + (k) / TAPS]
void add_row(uint g, uint first_column) {
    float a[STRIP], dz[STRIP];
    [[unroll]] for (uint p = 0; p < STRIP; ++p) {
        a[p] = weight[g * ROW + PATCH];
        dz[p] = 0.0;
    }
    [[unroll]] for (uint k = 0; k < PATCH; ++k) {
        float w = weight[g * ROW + k];
        [[unroll]] for (uint p = 0; p < STRIP; ++p) a[p] += w * X_ROW(k, p);
    }
    [[unroll]] for (uint p = 0; p < STRIP; ++p) {
        a[p] = activation(a[p]);
        if (RAGGED != 0) a[p] = first_column + p < hidden_columns() ? a[p] : 0.0;
    }
    [[unroll]] for (uint k = 0; k < PATCH; ++k) {
        float sum = sum_a[g * PATCH + k];
        [[unroll]] for (uint p = 0; p < STRIP; ++p) sum += a[p] * DY_ROW(k, p);
        sum_a[g * PATCH + k] = sum;
    }
    [[unroll]] for (uint k = 0; k < PATCH; ++k) {
        float w = weight[g * ROW + PATCH + 1 + k];
        [[unroll]] for (uint p = 0; p < STRIP; ++p) dz[p] += w * DY_ROW(k, p);
    }
    [[unroll]] for (uint p = 0; p < STRIP; ++p) {
        dz[p] *= slope_at_result(a[p]);
        if (RAGGED != 0) dz[p] = first_column + p < hidden_columns() ? dz[p] : 0.0;
        sum_z[g] += dz[p];
    }
    [[unroll]] for (uint k = 0; k < PATCH; ++k) {
        float sum = sum_u[g * PATCH + k];
        [[unroll]] for (uint p = 0; p < STRIP; ++p) sum += dz[p] * X_ROW(k, p);
        sum_u[g * PATCH + k] = sum;
    }
}

void main() {
    uint strip = gl_GlobalInvocationID.x / GROUPS, group = gl_GlobalInvocationID.x % GROUPS;
    uint block = push.first_block + gl_WorkGroupID.y;
    if (strip >= push.strips) return;
    [[unroll]] for (uint i = 0; i < GROUP * ROW; ++i) weight[i] = FOLDED(group * GROUP * ROW + i);
    begin_rows();
    [[unroll]] for (uint i = 0; i < GROUP * PATCH; ++i) sum_u[i] = sum_a[i] = 0.0;
    [[unroll]] for (uint g = 0; g < GROUP; ++g) sum_z[g] = 0.0;

    uint first_row = block * push.block_rows, first_column = strip * STRIP;
    uint rows = min(push.block_rows, hidden_rows() - first_row);
    [[unroll]] for (uint k = 0; k < KERNEL * COLUMNS * 3; ++k) x_rows[k] = 0.0;
    // The first rounds only fill the rows: loading in one place keeps the code short and quick to compile.
    for (uint i = 0; i < rows + REACH; ++i) {
        load_row(first_row + i - RADIUS - RING, first_column - RING, i >= RADIUS && i < rows + RADIUS);
        if (i >= REACH) {
            [[unroll]] for (uint g = 0; g < GROUP; ++g) add_row(g, first_column);
        }
        [[unroll]] for (uint k = 0; k < REACH * COLUMNS * 3; ++k) {
            x_rows[k] = x_rows[k + COLUMNS * 3];
            dy_rows[k] = dy_rows[k + COLUMNS * 3];
        }
    }

    uint slot = ((push.first_image + gl_WorkGroupID.z) * push.blocks + block) * push.strips + strip;
    uint columns = CHANNELS * ROW + 1;
    [[unroll]] for (uint g = 0; g < GROUP; ++g) {
        uint to = slot * columns + (group * GROUP + g) * ROW;
        [[unroll]] for (uint k = 0; k < PATCH; ++k) {
            sums[to + k] = sum_u[g * PATCH + k];
            sums[to + PATCH + 1 + k] = sum_a[g * PATCH + k];
        }
        sums[to + PATCH] = sum_z[g];
    }
    if (group == 0) sums[slot * columns + CHANNELS * ROW] = total(loss) * push.loss_scale;
}
