// Random numbers that are the same on every compiler and library: the standard fixes mt19937_64, but not the
// distributions.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace shadenet {

/// A stream of its own for (seed, stream), so that e.g. epoch 7's order does not depend on epochs before it.
std::mt19937_64 random_stream(std::uint64_t seed, std::uint64_t stream);

/// Uniform in [0, 1).
double uniform(std::mt19937_64& random);
/// Standard normal, truncated at |value| ≤ 2: a uniform x in [−2, 2), kept with probability exp(−x²/2). That
/// is decided by comparing uniform numbers (von Neumann, "Various techniques used in connection with random
/// digits", 1951), because log, exp and cos differ in their last bits from one mathematics library to the
/// next.
double truncated_normal(std::mt19937_64& random);
/// Standard normal: Karney, "Sampling exactly from the normal distribution", 2016, algorithm N, which only
/// compares uniform numbers too.
double normal(std::mt19937_64& random);
/// 0..count−1 in random order (Fisher–Yates). The bias of the remainder is below 2⁻³².
std::vector<std::uint32_t> permutation(std::uint32_t count, std::mt19937_64& random);

}  // namespace shadenet
