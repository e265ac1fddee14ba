// Random words by counter: Philox 4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, as
// src/model/philox.h has it.
#ifndef PHILOX_GLSL
#define PHILOX_GLSL

uvec4 philox_4x32_10(uvec4 counter, uvec2 key) {
    for (uint round = 0; round < 10; ++round) {
        uint high0, low0, high1, low1;
        umulExtended(counter.x, 0xd2511f53u, high0, low0);
        umulExtended(counter.z, 0xcd9e8d57u, high1, low1);
        counter = uvec4(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
        key += uvec2(0x9e3779b9u, 0xbb67ae85u);
    }
    return counter;
}

#endif
