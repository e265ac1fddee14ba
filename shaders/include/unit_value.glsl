// Levels of 8 and of 16 bits as values: level/255 and level/65535 rounded to nearest, as the host divides, also on
// devices with less exact division. Right for all levels, fused or not. Optimizers have joined products of one number,
// precise or not: hence the conversion of another type.
#ifndef UNIT_VALUE_GLSL
#define UNIT_VALUE_GLSL

// The first factor has so few digits that its product is exact, and the second is the rest.
float unit_value_8(uint level) {
    precise float value = float(level) * (257.0 / 65536.0) + float(int(level)) * uintBitsToFloat(0x33808081u);
    return value;
}

// The quotient's digits are the level's, again and again: the first 24 and the next 8 of them are exact, and the last
// term is smaller than all of these and above 0, which is all that rounding asks of the rest.
float unit_value_16(uint level) {
    uint digits = level * 0x10001u;
    precise float low = float(digits & 255u) * uintBitsToFloat(0x2f800000u) +
                        float(level) * uintBitsToFloat(0x27000000u);  // 2^−32, 2^−49
    precise float value = float(digits >> 8) * uintBitsToFloat(0x33800000u) + low;  // 2^−24
    return value;
}

#endif
