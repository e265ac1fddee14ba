#include "model/random.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace shadenet {

namespace {

/// True with probability exp(−x), for x in [0, 1]. A run of n uniform numbers falls from below x with
/// probability xⁿ/n!, so the draw that ends the run has an odd number with probability 1 − x + x²/2 − ...
bool exponential_chance(double x, std::mt19937_64& random) {
    bool odd = true;
    for (double last = x;; odd = !odd) {
        const double next = uniform(random);
        if (next >= last) return odd;
        last = next;
    }
}

/// True with probability exp(−x·n), for x in [0, 1].
bool exponential_chances(double x, std::uint64_t n, std::mt19937_64& random) {
    while (n > 0 && exponential_chance(x, random)) --n;
    return n == 0;
}

}  // namespace

std::mt19937_64 random_stream(std::uint64_t seed, std::uint64_t stream) {
    const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    const auto high = [](std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); };
    std::seed_seq words{low(seed), high(seed), low(stream), high(stream)};
    return std::mt19937_64(words);
}

double uniform(std::mt19937_64& random) {
    constexpr int precision = std::numeric_limits<double>::digits;
    return std::ldexp(static_cast<double>(random() >> (64 - precision)), -precision);
}

double truncated_normal(std::mt19937_64& random) {
    for (;;) {
        const double x = 4.0 * uniform(random) - 2.0;
        const double half = x * x / 4.0;  // exp(−x²/2) in two factors, because a chance takes at most 1
        if (exponential_chance(half, random) && exponential_chance(half, random)) return x;
    }
}

double normal(std::mt19937_64& random) {
    for (;;) {
        // The whole part k has a probability in proportion to exp(−k²/2), which is exp(−k/2)·exp(−k(k −
        // 1)/2).
        std::uint64_t k = 0;
        while (exponential_chance(0.5, random)) ++k;
        if (!exponential_chances(0.5, k < 2 ? 0 : k * (k - 1), random)) continue;
        // The rest x is kept with probability exp(−x(2k + x)/2).
        const double x = uniform(random);
        if (!exponential_chances(x, k, random) || !exponential_chance(x * x / 2.0, random)) continue;
        const double size = static_cast<double>(k) + x;
        return random() >> 63 ? -size : size;
    }
}

std::vector<std::uint32_t> permutation(std::uint32_t count, std::mt19937_64& random) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    for (std::uint32_t left = count; left > 1; --left) {
        std::swap(order[left - 1], order[random() % left]);
    }
    return order;
}

}  // namespace shadenet
