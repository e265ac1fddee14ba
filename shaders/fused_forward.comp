#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// The first pass of the fused training step: computes, from the pictures, y = conv2(activation(norm(conv1(x)))), and
// the moments of y and of r = residual·input − target that batch norm, the loss and their gradients need.
// Threads: (strips, blocks of rows, images).
#define LOCAL_SIZE_BY_HOST
#include "fused_pass.glsl"

layout(binding = 0, std430) readonly buffer pictures_block { uint pictures[]; };
INPUT(1, folded);
OUTPUT(2, y);        // [images][3][padded picture]
OUTPUT(3, moments);  // [slots][3][FUSED_MOMENTS]
layout(binding = 4) uniform usamplerBuffer pictures_texels;
layout(binding = 5) uniform samplerBuffer folded_texels;

uint picture_of_thread() { return gl_WorkGroupID.z * push.picture_stride; }
vec3 strip_pixel(uint row, uint column) {
    uint i = picture_of_thread() + pixel(row, column);
    return PICTURE_AT(i);
}
float strip_weight(uint index) { return FOLDED(index); }
float strip_start(uint o) { return FOLDED(CHANNELS * ROW + TAIL_BIAS + o); }
#include "two_layer_strip.glsl"

float count;
float mean_y[3], mean_r[3], moment_yy[3], moment_yr[3];

// Writes a row of y and merges its moments, centred on the row's own means, with those of the previous rows
// (Chan, Golub & LeVeque 1979).
void finish_row(uint row) {
    uint first_column = gl_GlobalInvocationID.x * STRIP;
    float pixels = float(min(STRIP, push.width - first_column));
    float share = pixels / (count + pixels);
    float r[STRIP * 3];
    [[unroll]] for (uint p = 0; p < STRIP; ++p) {
        uint at = pixel(row + REACH, first_column + p + REACH);
        uint i = picture_of_thread() + push.target_offset + at;
        vec3 target = PICTURE_AT(i);
        [[unroll]] for (uint o = 0; o < 3; ++o) r[p * 3 + o] = push.residual * STRIP_X(p, o) - target[o];
        if (RAGGED == 0 || first_column + p < push.width) {
            uint to = gl_WorkGroupID.z * push.y_stride + at;
            [[unroll]] for (uint o = 0; o < 3; ++o) y[to + o * push.plane] = STRIP_Y(p, o);
        }
    }
    [[unroll]] for (uint o = 0; o < 3; ++o) {
        float row_y = 0.0, row_r = 0.0, row_yy = 0.0, row_yr = 0.0;
        [[unroll]] for (uint p = 0; p < STRIP; ++p) {
            bool inside = RAGGED == 0 || first_column + p < push.width;
            row_y += inside ? STRIP_Y(p, o) : 0.0;
            row_r += inside ? r[p * 3 + o] : 0.0;
        }
        row_y /= pixels;
        row_r /= pixels;
        [[unroll]] for (uint p = 0; p < STRIP; ++p) {
            bool inside = RAGGED == 0 || first_column + p < push.width;
            float dy = inside ? STRIP_Y(p, o) - row_y : 0.0;
            float dr = inside ? r[p * 3 + o] - row_r : 0.0;
            row_yy += dy * dy;
            row_yr += dy * dr;
        }
        float step_y = row_y - mean_y[o], step_r = row_r - mean_r[o];
        moment_yy[o] += row_yy + step_y * step_y * count * share;
        moment_yr[o] += row_yr + step_y * step_r * count * share;
        mean_y[o] += step_y * share;
        mean_r[o] += step_r * share;
    }
    count += pixels;
}

void main() {
    uint strip = gl_GlobalInvocationID.x, block = push.first_block + gl_WorkGroupID.y;
    if (strip >= push.strips) return;
    uint first_row = block * push.block_rows;
    count = 0.0;
    [[unroll]] for (uint o = 0; o < 3; ++o) mean_y[o] = mean_r[o] = moment_yy[o] = moment_yr[o] = 0.0;
    two_layer_strip(first_row, min(push.block_rows, push.height - first_row), strip * STRIP, push.height, push.width);
    uint slot = ((push.first_image + gl_WorkGroupID.z) * push.blocks + block) * push.strips + strip;
    [[unroll]] for (uint o = 0; o < 3; ++o) {
        uint to = (slot * 3 + o) * FUSED_MOMENTS;
        moments[to + MOMENT_COUNT] = count;
        moments[to + MOMENT_MEAN_Y] = mean_y[o];
        moments[to + MOMENT_REST_Y] = 0.0;
        moments[to + MOMENT_MEAN_R] = mean_r[o];
        moments[to + MOMENT_REST_R] = 0.0;
        moments[to + MOMENT_YY] = moment_yy[o];
        moments[to + MOMENT_YR] = moment_yr[o];
    }
}
