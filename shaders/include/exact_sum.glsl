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

#endif
