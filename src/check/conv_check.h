// A convolution on the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "engine/layers/layer.h"

namespace shadenet::check {

struct ConvCase {
    Shape x;
    std::uint32_t out_channels = 16, kernel = 3, stride = 1;
    Padding padding = Padding::same;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    BiasPath bias_path = BiasPath::free;
    Mode mode = Mode::training;
    std::uint32_t largest_images = 0;  ///< that the layer is made for; 0: those of x
};

/// Forward, and backward from a random dy to input, weight and bias. With Data::halves all of it is to be
/// exact.
std::vector<Comparison> check_conv(const Device& device, const ConvCase& one);

}  // namespace shadenet::check
