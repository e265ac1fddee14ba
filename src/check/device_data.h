// Numbers to check kernels with, the same on every platform for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "model/parameters.h"

namespace shadenet::check {

enum class Data {
    normal,  ///< mean 0, deviation 1
    ugly,    ///< mean 10, deviation 100
    offset,  ///< mean 100, deviation 1: where E[x²] − E[x]² would have lost its digits
    halves,  ///< whole numbers from −8 to 8, times 0.5: sums of their products are exact in float32
    levels,  ///< whole 255ths from 0 to 1, as 8-bit pictures have
    pale     ///< near 0.999, deviation 1e-4: a picture of almost nothing but white
};
std::string to_string(Data data);

std::vector<float> random_values(std::size_t count, Data data, std::mt19937_64& random);

/// No value is closer to 0 than 0.01, where the slope of a rectifier jumps.
void keep_from_zero(std::vector<float>& values);

/// Parameters as a network in use has them: weights as for training, but biases, γ, β and statistics random
/// too, variances positive. `halves` makes all but the variances multiples of 0.5.
Parameters random_parameters(const Network& network, Data data, std::uint64_t seed);

}  // namespace shadenet::check
