#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// y[n,o,r,c] = bias[o] + Σ_i Σ_ky Σ_kx weight[o,i,ky,kx] · x[n,i, r·STRIDE + ky − pad, c·STRIDE + kx − pad],
// zero outside the picture. Threads: see conv_tile.glsl.
#include "conv_push.h"
#include "kernel.glsl"

layout(constant_id = 0) const uint KERNEL = 3;
layout(constant_id = 1) const uint STRIDE = 1;
layout(constant_id = 2) const uint TILE = 8;  // output channels of a thread
layout(constant_id = 3) const uint ROWS = 4;  // pixels of a thread
#define STEP STRIDE

layout(push_constant) uniform Push { ConvPush push; };
INPUT(0, x);       // [n, in, x_height, x_width]
INPUT(1, weight);  // [out, in, KERNEL, KERNEL]
INPUT(2, bias);    // [out]
OUTPUT(3, y);      // [n, out, y_height, y_width]

float start(uint o) { return bias[o]; }

float tap(uint image, uint i, uint padded_row, uint padded_column) {
    // Left of the picture the difference wraps around to a large number, which is outside too.
    uint row = padded_row - push.pad, column = padded_column - push.pad;
    bool inside = row < push.x_height && column < push.x_width;
    uint plane = image * push.x_image_stride + i * push.x_height * push.x_width;
    float value = x[plane + (inside ? row * push.x_width + column : 0)];
    return inside ? value : 0.0;
}

float weight_at(uint o, uint i, uint ky, uint kx) {
    return weight[((o * push.in_channels + i) * KERNEL + ky) * KERNEL + kx];
}

void store(uint image, uint o, uint row, uint column, float value) {
    y[image * push.y_image_stride + (o * push.y_height + row) * push.y_width + column] = value;
}

#include "conv_tile.glsl"

void main() { convolve(push.in_channels, push.out_channels, push.y_height, push.y_width); }
