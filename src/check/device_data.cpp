#include "check/device_data.h"

#include <cmath>

#include "base/words.h"
#include "model/random.h"

namespace shadenet::check {

namespace {

/// Nearly normal, mean 0 and deviation 1, within ±3.5: the sum of four uniform numbers of 16 bits each. One
/// draw a value, because tests need tens of millions.
double bell(std::mt19937_64& random) {
    const std::uint64_t bits = random();
    double sum = 0;
    for (unsigned shift = 0; shift < 64; shift += 16) sum += static_cast<double>(bits >> shift & 0xffff);
    return (sum / 65535 - 2) * std::sqrt(3.0);
}

double value_of(Data data, std::mt19937_64& random) {
    switch (data) {
        case Data::normal:
            return bell(random);
        case Data::ugly:
            return 10 + 100 * bell(random);
        case Data::offset:
            return 100 + bell(random);
        case Data::halves:
            return 0.5 * (static_cast<double>(random() >> 11U) * 17 * 0x1p-53 - 8.5);
        case Data::levels:
            return static_cast<double>(random() >> 56U) / 255;
        case Data::pale:
            return 0.999 + 1e-4 * bell(random);
    }
    return 0;
}

}  // namespace

std::string to_string(Data data) {
    return words_of<Data>("normal data", "ugly data", "offset data", "small integers", "8-bit levels",
                          "pale data")[data];
}

std::vector<float> random_values(std::size_t count, Data data, std::mt19937_64& random) {
    std::vector<float> values(count);
    for (float& value : values) {
        value = static_cast<float>(value_of(data, random));
        if (data == Data::halves) value = 0.5f * std::round(2 * value);
    }
    return values;
}

void keep_from_zero(std::vector<float>& values) {
    constexpr float nearest = 0.01f;
    for (float& value : values) {
        if (std::abs(value) < nearest) value = value < 0 ? value - nearest : value + nearest;
    }
}

Parameters random_parameters(const Network& network, Data data, std::uint64_t seed) {
    Parameters parameters = initial_parameters(network, seed);
    std::mt19937_64 random = random_stream(seed, 1);
    const Data kind = data == Data::halves ? Data::halves : Data::normal;
    for (NamedTensor& tensor : parameters.tensors()) {
        const bool weights = tensor.shape.size() > 1;
        if (weights && kind != Data::halves) continue;
        tensor.values = random_values(tensor.values.size(), kind, random);
        const bool variance = tensor.name.ends_with("running_var");
        for (float& value : tensor.values) {
            if (variance) value = 0.25f + value * value;
            // γ on both sides of 0, and not so near that a whole channel vanishes.
            if (!weights && tensor.name.ends_with(".weight")) value += value < 0 ? -0.5f : 0.5f;
        }
    }
    return parameters;
}

}  // namespace shadenet::check
