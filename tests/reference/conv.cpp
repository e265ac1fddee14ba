#include "reference/conv.h"

#include <cstdint>

namespace shadenet::reference {

namespace {

std::size_t weight_count(const Conv& layer) {
    return std::size_t{layer.out_channels} * layer.in_channels * layer.kernel * layer.kernel;
}

/// The position in x that tap `tap` of output position `output` reads; outside 0..size−1 it reads padding.
std::int64_t input_position(const Conv& layer, std::uint32_t output, std::uint32_t tap) {
    const std::int64_t pad = layer.padding == Padding::same ? (layer.kernel - 1) / 2 : 0;
    return std::int64_t{output} * layer.stride + tap - pad;
}

/// Calls visit(r, c, row, column, tap) for every pair of an output position (r, c) and an input position
/// (row, column) inside x that kernel entry `tap` = ky·K + kx connects.
template <typename Visit>
void for_each_connection(const Conv& layer, const Shape& x, const Shape& y, const Visit& visit) {
    for (std::uint32_t r = 0; r < y.h; ++r) {
        for (std::uint32_t ky = 0; ky < layer.kernel; ++ky) {
            const std::int64_t row = input_position(layer, r, ky);
            if (row < 0 || row >= x.h) continue;
            for (std::uint32_t c = 0; c < y.w; ++c) {
                for (std::uint32_t kx = 0; kx < layer.kernel; ++kx) {
                    const std::int64_t column = input_position(layer, c, kx);
                    if (column < 0 || column >= x.w) continue;
                    visit(r, c, static_cast<std::size_t>(row), static_cast<std::size_t>(column),
                          ky * layer.kernel + kx);
                }
            }
        }
    }
}

/// Calls visit(xi, wi, yi) for every product of the convolution: y[yi] has the term weight[wi] · x[xi].
template <typename Visit>
void for_each_product(const Conv& layer, const Tensor& x, const Tensor& y, const Visit& visit) {
    const std::size_t taps = std::size_t{layer.kernel} * layer.kernel;
    for (std::size_t n = 0; n < x.shape.n; ++n) {
        for (std::size_t o = 0; o < layer.out_channels; ++o) {
            for (std::size_t i = 0; i < layer.in_channels; ++i) {
                for_each_connection(layer, x.shape, y.shape,
                                    [&](auto r, auto c, auto row, auto column, auto tap) {
                                        visit(x.index(n, i, row, column),
                                              (o * layer.in_channels + i) * taps + tap, y.index(n, o, r, c));
                                    });
            }
        }
    }
}

}  // namespace

Tensor conv_forward(const Tensor& x, const std::vector<double>& weight, const std::vector<double>& bias,
                    const Conv& layer) {
    expect_size(layer.name + ".weight", weight.size(), weight_count(layer));
    expect_size(layer.name + ".bias", bias.size(), layer.out_channels);
    Tensor y(output_shape(layer, x.shape));
    const std::size_t plane = y.shape.plane();
    for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] = bias[i / plane % layer.out_channels];
    for_each_product(layer, x, y, [&](std::size_t xi, std::size_t wi, std::size_t yi) {
        y.values[yi] += weight[wi] * x.values[xi];
    });
    return y;
}

Tensor conv_backward_input(const Tensor& dy, const std::vector<double>& weight, const Conv& layer,
                           const Shape& x_shape) {
    expect_size(layer.name + ".weight", weight.size(), weight_count(layer));
    expect_shape(layer.name + " dy", dy.shape, output_shape(layer, x_shape));
    Tensor dx(x_shape);
    for_each_product(layer, dx, dy, [&](std::size_t xi, std::size_t wi, std::size_t yi) {
        dx.values[xi] += weight[wi] * dy.values[yi];
    });
    return dx;
}

ConvGradient conv_backward_weight(const Tensor& x, const Tensor& dy, const Conv& layer) {
    expect_shape(layer.name + " dy", dy.shape, output_shape(layer, x.shape));
    ConvGradient gradient;
    gradient.dweight.assign(weight_count(layer), 0.0);
    gradient.dbias.assign(layer.out_channels, 0.0);
    for_each_product(layer, x, dy, [&](std::size_t xi, std::size_t wi, std::size_t yi) {
        gradient.dweight[wi] += x.values[xi] * dy.values[yi];
    });
    const std::size_t plane = dy.shape.plane();
    for (std::size_t i = 0; i < dy.values.size(); ++i) {
        gradient.dbias[i / plane % layer.out_channels] += dy.values[i];
    }
    return gradient;
}

}  // namespace shadenet::reference
