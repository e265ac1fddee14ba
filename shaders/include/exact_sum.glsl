// Sums that keep what rounding drops: `high` is the sum as float32 rounds it, `low` the sum of what rounding lost
// (Knuth's two-sum, TAOCP 4.2.2, accumulated as Neumaier 1974 does). The result is good to float32's last digit
// however many values of both signs there are; on memory-bound kernels the extra additions are free.
#ifndef EXACT_SUM_GLSL
#define EXACT_SUM_GLSL

struct ExactSum {
    float high, low;
};

const ExactSum EMPTY_SUM = ExactSum(0.0, 0.0);

void add(inout ExactSum sum, float value) {
    precise float next = sum.high + value;
    precise float part = next - sum.high;
    precise float lost = (sum.high - (next - part)) + (value - part);
    sum.high = next;
    sum.low += lost;
}

float total(ExactSum sum) { return sum.high + sum.low; }

// Of four values each.
struct ExactSum4 {
    vec4 high, low;
};

const ExactSum4 EMPTY_SUM4 = ExactSum4(vec4(0.0), vec4(0.0));

void add(inout ExactSum4 sum, vec4 value) {
    precise vec4 next = sum.high + value;
    precise vec4 part = next - sum.high;
    precise vec4 lost = (sum.high - (next - part)) + (value - part);
    sum.high = next;
    sum.low += lost;
}

vec4 total(ExactSum4 sum) { return sum.high + sum.low; }

// The sum of all four.
float grand_total(ExactSum4 sum) {
    ExactSum all = ExactSum(sum.high.x, (sum.low.x + sum.low.y) + (sum.low.z + sum.low.w));
    add(all, sum.high.y);
    add(all, sum.high.z);
    add(all, sum.high.w);
    return total(all);
}

#endif
