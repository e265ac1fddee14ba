#ifndef CHANNELS_GLSL
#define CHANNELS_GLSL

// The values of a block's channels, and 0 in the place of those beyond the last channel.
vec4 of_channels(vec4 values, uint block, uint channels) {
    return mix(vec4(0.0), values, lessThan(uvec4(0, 1, 2, 3) + 4 * block, uvec4(channels)));
}

#endif
