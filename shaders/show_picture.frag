#version 450
#extension GL_GOOGLE_include_directive : require
// A pixel of the screen: the nearest pixel of the picture, or, if the picture is shrunk, the mean of up to 4x4 pixels
// that fall into it. Every value is first converted as at full size: a difference to 0.5 + gain (a - b), and all to
// 0..1. The mean is rounded as in picture files. A pixel with a value that is not finite is magenta.
#include "show_picture_push.h"

layout(push_constant) uniform Push { ShowPicturePush push; };
layout(binding = 0, std430) readonly buffer a_block { float a[]; };
layout(binding = 1, std430) readonly buffer b_block { float b[]; };
layout(location = 0) in vec2 uv;
layout(location = 0) out vec4 colour;

const int MOST_TAPS = 4;  // along one side

bool is_number(float value) { return (floatBitsToUint(value) & 0x7f800000u) != 0x7f800000u; }

int taps(float step) { return clamp(int(floor(step + 0.5)), 1, MOST_TAPS); }

// Adds the pixel at column x of row y to the sum. False if one of its values is not finite.
bool add_pixel(uint x, uint y, inout vec3 sum) {
    bool good = true;
    for (uint c = 0; c < 3; ++c) {
        float value = a[push.a_offset + c * push.a_plane + y * push.a_pitch + x];
        good = good && is_number(value);
        value = value * push.a_factor + push.a_shift;
        if (push.gain != 0.0) {
            float other = b[push.b_offset + c * push.b_plane + y * push.b_pitch + x];
            good = good && is_number(other);
            value = 0.5 + push.gain * (value - (other * push.b_factor + push.b_shift));
        }
        sum[c] += clamp(value, 0.0, 1.0);
    }
    return good;
}

void main() {
    vec2 size = vec2(push.width, push.height);
    vec2 step = vec2(push.x_step, push.y_step);
    ivec2 count = ivec2(taps(step.x), taps(step.y));
    vec2 centre = uv * size;
    vec3 sum = vec3(0.0);
    bool good = true;
    for (int j = 0; j < count.y; ++j) {
        for (int i = 0; i < count.x; ++i) {
            vec2 place = centre + ((vec2(i, j) + 0.5) / vec2(count) - 0.5) * step;
            uvec2 pixel = uvec2(clamp(floor(place), vec2(0.0), size - 1.0));
            good = add_pixel(pixel.x, pixel.y, sum) && good;
        }
    }
    vec3 mean = sum / float(count.x * count.y);
    colour = vec4(good ? floor(mean * 255.0 + 0.5) / 255.0 : vec3(1.0, 0.0, 1.0), 1.0);
}
