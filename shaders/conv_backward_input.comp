#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
// dx[n,i,r,c] = Σ_o Σ_ky Σ_kx weight[o,i,ky,kx] · dy[n,o, (r + pad − ky)/STRIDE, (c + pad − kx)/STRIDE], over the ky
// and kx with exact divisions and results inside: a convolution of dy, spread out by STRIDE, with the weights rotated
// by 180 degrees and their channels exchanged. Threads: see conv_tile.glsl.
#include "conv_push.h"
#include "kernel.glsl"

layout(constant_id = 0) const uint KERNEL = 3;
layout(constant_id = 1) const uint STRIDE = 1;
layout(constant_id = 2) const uint TILE = 8;  // input channels of a thread
layout(constant_id = 3) const uint ROWS = 4;  // pixels of a thread
#define STEP 1

layout(push_constant) uniform Push { ConvPush push; };
INPUT(0, dy);      // [n, out, y_height, y_width]
INPUT(1, weight);  // [out, in, KERNEL, KERNEL]
OUTPUT(2, dx);     // [n, in, x_height, x_width]

float start(uint i) { return 0.0; }

float tap(uint image, uint o, uint padded_row, uint padded_column) {
    // ky = KERNEL − 1 − (row of the turned kernel), so r + pad − ky = r + (row of the kernel) − (KERNEL − 1 − pad).
    uint pad = KERNEL - 1 - push.pad;
    uint spread_row = padded_row - pad, spread_column = padded_column - pad;
    uint row = spread_row / STRIDE, column = spread_column / STRIDE;
    bool inside = spread_row % STRIDE == 0 && spread_column % STRIDE == 0 && padded_row >= pad &&
                  padded_column >= pad && row < push.y_height && column < push.y_width;
    uint plane = image * push.y_image_stride + o * push.y_height * push.y_width;
    float value = dy[plane + (inside ? row * push.y_width + column : 0)];
    return inside ? value : 0.0;
}

float weight_at(uint i, uint o, uint ky, uint kx) {
    return weight[((o * push.in_channels + i) * KERNEL + KERNEL - 1 - ky) * KERNEL + KERNEL - 1 - kx];
}

void store(uint image, uint i, uint row, uint column, float value) {
    dx[image * push.x_image_stride + (i * push.x_height + row) * push.x_width + column] = value;
}

#include "conv_tile.glsl"

void main() { convolve(push.out_channels, push.in_channels, push.x_height, push.x_width); }
