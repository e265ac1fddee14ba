#include "export/linear_kernel.h"

#include <complex>
#include <numbers>
#include <numeric>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "model/exact_network.h"

namespace shadenet {

namespace {

/// Deep networks without activations, which nobody needs, take longer than anybody waits.
constexpr std::uint64_t most_kernel_products = std::uint64_t{1} << 34;

/// What it takes to find a kernel, about: every weight, for each pixel of each layer and each tap.
double kernel_products(const Network& network) {
    const double side = 2.0 * receptive_radius(network) + 1;
    double products = 0;
    for (const Conv& conv : convs_of(network)) {
        products += 1.0 * conv.in_channels * conv.out_channels * conv.kernel * conv.kernel;
    }
    return products * 3 * side * side * side * side;
}

/// Zeros stand where something else would follow from a picture that is zero there.
bool pads_within(const Network& network) {
    if (continues_pictures(network)) return false;
    bool changed = network.range.low != 0;
    for (const Layer& layer : network.layers) {
        const auto* const conv = std::get_if<Conv>(&layer);
        if (conv != nullptr && conv->kernel > 1 && changed) return true;
        changed = changed || !std::holds_alternative<Dropout>(layer);
    }
    return false;
}

}  // namespace

double LinearKernel::sum(std::size_t o, std::size_t c) const {
    const std::size_t taps = std::size_t{side()} * side();
    const auto first = weights.begin() + static_cast<std::ptrdiff_t>((o * 3 + c) * taps);
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(taps), 0.0);
}

double LinearKernel::gain(std::size_t o, double across, double down) const {
    const auto turned = [&](double frequency, std::size_t tap) {
        return std::polar(1.0, 2 * std::numbers::pi * frequency * (static_cast<double>(tap) - radius));
    };
    std::vector<std::complex<double>> rows(side());
    for (std::size_t y = 0; y < side(); ++y) rows[y] = turned(down, y);
    std::complex<double> total = 0;
    for (std::size_t x = 0; x < side(); ++x) {
        std::complex<double> column = 0;
        for (std::size_t y = 0; y < side(); ++y) {
            column += rows[y] * (weight(o, 0, y, x) + weight(o, 1, y, x) + weight(o, 2, y, x));
        }
        total += turned(across, x) * column;
    }
    return std::abs(total);
}

std::string no_kernel_reason(const Network& network) {
    for (const Layer& layer : network.layers) {
        if (std::holds_alternative<Activation>(layer))
            return fmt::format("has {} between its layers", layer_name(layer));
    }
    try {
        require_keeps_pictures(network);
        receptive_radius(network);
    } catch (const InputError&) {
        return "makes no pictures of the size that it takes";
    }
    if (kernel_products(network) > static_cast<double>(most_kernel_products)) return "is too large for that";
    return "";
}

LinearKernel linear_kernel(const Network& network, const Parameters& parameters) {
    LinearKernel kernel{.radius = receptive_radius(network),
                        .weights = {},
                        .padding = network.padding,
                        .differs_at_edges = pads_within(network)};
    const ExactNetwork exact(network, parameters);
    const std::uint32_t side = kernel.side(), middle = kernel.radius;
    kernel.weights.resize(std::size_t{9} * side * side);
    const auto answer = [&](const ExactNetwork::Source& picture) {
        return exact.at(picture, side, side, middle, middle).values;
    };
    const std::vector<double> constant = answer([](auto, auto, auto) { return 0.0; });
    for (std::size_t o = 0; o < 3; ++o) kernel.constant[o] = constant[o];
    // A single light pixel tells the weight of its place.
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < side; ++y) {
            for (std::uint32_t x = 0; x < side; ++x) {
                const std::vector<double> made =
                    answer([&](std::uint32_t channel, std::uint32_t row, std::uint32_t column) {
                        return channel == c && row == y && column == x ? 1.0 : 0.0;
                    });
                for (std::size_t o = 0; o < 3; ++o) {
                    kernel.weights[((o * 3 + c) * side + y) * side + x] = made[o] - constant[o];
                }
            }
        }
    }
    return kernel;
}

}  // namespace shadenet
