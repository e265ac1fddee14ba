// exp and log to float32's last digits, of numbers: what they make of NaN is left open. Vulkan's own may be off by
// 3 + 2|x| units, and by 5e-7 near log 1.
#ifndef EXPONENTIAL_GLSL
#define EXPONENTIAL_GLSL

// Tests the bits, because a compiler may take a test of floats for NaN to be always false.
bool is_nan(float x) { return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u; }
bool is_finite(float x) { return (floatBitsToUint(x) & 0x7f800000u) != 0x7f800000u; }
float not_a_number() { return uintBitsToFloat(0x7fc00000u); }

// e^x for x <= 0; what is below 1.6e-38 is 0.
float exp_nonpositive(float x) {
    if (x < -87.0) return 0.0;
    // e^x = 2^k * e^r with |r| <= log(2)/2. log 2 is split so that the product with its first part is exact.
    float k = floor(x * 1.44269504 + 0.5);
    precise float r = x - k * 0.693359375;
    r += k * 2.12194440e-4;
    // The series ends at r^7, which leaves 5e-9 of it.
    float end = 1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r / 5040.0));
    float series = 1.0 + r * (1.0 + r * (1.0 / 2.0 + r * (1.0 / 6.0 + r * end)));
    return series * uintBitsToFloat(uint(int(k) + 127) << 23);
}

// log(1 + x) for x >= 0, also where 1 + x would drop the digits of x.
float log_one_plus(float x) {
    // log m = 2 artanh s with s = (m - 1)/(m + 1). Large m is taken apart, 2^exponent times what is near 1.
    float exponent = 0.0, s = x / (2.0 + x);
    if (x > 0.4) {
        uint bits = floatBitsToUint(1.0 + x);
        exponent = float(bits >> 23) - 127.0;
        float m = uintBitsToFloat((bits & 0x7fffffu) | 0x3f800000u);
        if (m > 1.4142) {
            m *= 0.5;
            exponent += 1.0;
        }
        s = (m - 1.0) / (m + 1.0);
    }
    // |s| <= 0.172: the series ends at s^9, which leaves 3e-9 of it.
    float square = s * s;
    float tail = square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square / 9.0)));
    return exponent * 0.69314718 + 2.0 * (s + s * tail);
}

#endif
