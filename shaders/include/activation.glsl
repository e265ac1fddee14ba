// The activations, and their slopes as functions of the result. KIND is the host's ActivationKind.
#ifndef ACTIVATION_GLSL
#define ACTIVATION_GLSL

layout(constant_id = 0) const uint KIND = 0;
const uint RELU = 0, LEAKY_RELU = 1, TANH = 2, SIGMOID = 3, ELU = 4, IDENTITY = 5;
const float LEAKY_SLOPE = 0.2;

// Tests the bits, so that NaN is not below zero: some compilers turn a test of floats into max(), which drops NaN.
bool below_zero(float x) { return floatBitsToUint(x) - 0x80000001u < 0x7f800000u; }

// NaN gives NaN, because a broken run must not look healthy: so no max() or clamp(), which may drop NaN.
float activation(float x) {
    if (KIND == IDENTITY) return x;
    if (KIND == RELU) return below_zero(x) ? 0.0 : x;
    if (KIND == LEAKY_RELU) return x > 0.0 ? x : LEAKY_SLOPE * x;
    if (isnan(x)) return x;  // some drivers' exp drops NaN
    if (KIND == SIGMOID) {
        float e = exp(-abs(x));  // never overflows, and keeps the digits of small results
        return (x < 0.0 ? e : 1.0) / (1.0 + e);
    }
    if (KIND == ELU) {
        if (x > 0.0) return x;
        // eˣ − 1 would cancel near 0, where the series up to x⁵ is exact to float32.
        if (x > -0.1) return x * (1.0 + x * (1.0 / 2.0 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x / 120.0))));
        return exp(x) - 1.0;
    }
    // tanh x = 1 − 2/(e^2x + 1). Beyond ±10 it is ±1 in float32, and e^2x would overflow on some drivers. Near 0 the
    // difference would cancel; there the series up to x⁷ is exact to float32.
    if (x > 10.0) return 1.0;
    if (x < -10.0) return -1.0;
    float square = x * x;
    if (square < 0.04) return x * (1.0 + square * (-1.0 / 3.0 + square * (2.0 / 15.0 - square * (17.0 / 315.0))));
    return 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
}

float slope_at_result(float y) {
    if (KIND == IDENTITY) return 1.0;
    if (KIND == RELU) return y > 0.0 ? 1.0 : 0.0;
    if (KIND == LEAKY_RELU) return y > 0.0 ? 1.0 : LEAKY_SLOPE;
    if (KIND == SIGMOID) return y * (1.0 - y);
    if (KIND == ELU) return y > 0.0 ? 1.0 : 1.0 + y;
    return 1.0 - y * y;
}

#endif
