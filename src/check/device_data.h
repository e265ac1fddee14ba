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
    offset,  ///< mean 100, deviation 1: E[x²] − E[x]² would lose its digits
    halves,  ///< whole numbers from −8 to 8, times 0.5: sums of their products are exact in float32
    levels,  ///< whole 255ths from 0 to 1, as 8-bit pictures have
    pale     ///< near 0.999, deviation 1e-4: a picture of almost nothing but white
};
std::string to_string(Data data);

std::vector<float> random_values(std::size_t count, Data data, std::mt19937_64& random);

/// Moves values that are closer to 0 than 0.01 away from it: there the slope of a rectifier jumps.
void keep_from_zero(std::vector<float>& values);

/// Parameters like those of a trained network: initial weights, and random biases, γ, β and statistics, with
/// positive variances. With Data::halves all but the variances are multiples of 0.5.
Parameters random_parameters(const Network& network, Data data, std::uint64_t seed);

}  // namespace shadenet::check
