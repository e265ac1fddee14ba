// Pixels of pictures, as the host has them, and values of a network. 8-bit and 16-bit pictures lie as in memory, a
// pixel's colours together: four pixels of 8 bits take three words, two of 16 bits likewise, and each row begins a
// word; others are three planes of float. The host has the same in engine/tiles/pixel_format.h.
//
// The includer defines
//   PIXEL_WORD(i)   word i of the picture that is read
// and has the buffers `levels`, float[], and, if it stores pixels, `result`, uint[].
#ifndef PIXELS_GLSL
#define PIXELS_GLSL
#include "unit_value.glsl"

const uint PLANES = 0, BITS_8 = 1, BITS_16 = 2;
layout(constant_id = 50) const uint FORMAT = PLANES;
layout(constant_id = 51) const uint OTHER_RANGE = 0;  // integers stand for another range than 0..1: see `levels`
layout(constant_id = 52) const uint CHECKED = 0;      // results that are not finite are reported

#define BITS (FORMAT == BITS_16 ? 16 : 8)
#define WHITE (FORMAT == BITS_16 ? 65535u : 255u)
#define PER_WORD (FORMAT == BITS_16 ? 2 : 4)

// `levels`, for another range than 0..1: its low end and 1/(high − low); the value of each level; for each level the
// least value that is rounded to it, and infinity after the last.
#define LEVEL_VALUE(level) levels[2 + (level)]
#define LEVEL_BOUND(level) levels[2 + WHITE + 1 + (level)]

float unit_value(uint level) { return FORMAT == BITS_16 ? unit_value_16(level) : unit_value_8(level); }

float level_value(uint level) { return OTHER_RANGE != 0 ? LEVEL_VALUE(level) : unit_value(level); }

// WHITE·value rounded to nearest, a half upwards, clamped to 0..WHITE, in integers because no float holds the product:
// value = digits·2^−(shift + 1), and floor(x + 1/2) = floor((floor(2x) + 1)/2). With 16 bits,
// floor(65535·digits/2^16) = digits − ceil(digits/2^16).
uint unit_level(float value) {
    uint bits = floatBitsToUint(value);
    uint digits = (bits & 0x7fffffu) | 0x800000u;
    uint doubled = FORMAT == BITS_16 ? (digits - (digits + 65535u >> 16)) >> (133u - (bits >> 23) & 31u)
                                     : 255u * digits >> (149u - (bits >> 23) & 31u);
    float least = FORMAT == BITS_16 ? 1.0 / 131072.0 : 1.0 / 512.0;
    return value > least ? (value < 1.0 ? doubled + 1u >> 1 : WHITE) : 0u;
}

// In another range a guess is one level off at most, and the bounds tell.
uint level_of(float value) {
    if (OTHER_RANGE == 0) return unit_level(value);
    uint guess = unit_level((value - levels[0]) * levels[1]);
    if (value < LEVEL_BOUND(guess)) return guess - 1u;
    return value >= LEVEL_BOUND(guess + 1u) ? min(guess + 1u, WHITE) : guess;
}

// The first of this thread's results that is not finite, by its place (colour·rows + row)·columns + column in the
// result; the host finds in the pixel's place what it was: NaN, −NaN, −∞ or ∞, by number.
uint first_not_finite = 0xffffffffu;

uint stored_level(float value, bool own, uint place) {
    uint level = level_of(value);
    if (CHECKED != 0) {
        uint bits = floatBitsToUint(value), sign = bits >> 31;
        bool finite = (bits & 0x7f800000u) != 0x7f800000u;
        if (!finite) level = (bits & 0x7fffffu) != 0u ? sign : 3u - sign;
        if (!finite && own) first_not_finite = min(first_not_finite, place);
    }
    return level;
}

// The report lies in the word after the result's pixels; the host has filled it with ones.
#define REPORT_NOT_FINITE(word) \
    if (CHECKED != 0 && first_not_finite != 0xffffffffu) atomicMin(result[word], first_not_finite)

#endif
