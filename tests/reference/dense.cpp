#include "reference/dense.h"

namespace shadenet::reference {

namespace {

std::size_t dense_weight_count(const Dense& layer) {
    return std::size_t{layer.out_features} * layer.in_features;
}

/// Calls visit(xi, wi, yi) for every product of the layer: y[yi] has the term weight[wi] · x[xi].
template <typename Visit>
void for_each_dense_product(const Dense& layer, std::size_t examples, const Visit& visit) {
    for (std::size_t n = 0; n < examples; ++n) {
        for (std::size_t o = 0; o < layer.out_features; ++o) {
            for (std::size_t i = 0; i < layer.in_features; ++i) {
                visit(n * layer.in_features + i, o * layer.in_features + i, n * layer.out_features + o);
            }
        }
    }
}

}  // namespace

Tensor dense_forward(const Tensor& x, const std::vector<double>& weight, const std::vector<double>& bias,
                     const Dense& layer) {
    expect_size(layer.name + ".weight", weight.size(), dense_weight_count(layer));
    expect_size(layer.name + ".bias", bias.size(), layer.out_features);
    Tensor y(output_shape(layer, x.shape));
    for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] = bias[i % layer.out_features];
    for_each_dense_product(layer, x.shape.n, [&](std::size_t xi, std::size_t wi, std::size_t yi) {
        y.values[yi] += weight[wi] * x.values[xi];
    });
    return y;
}

Tensor dense_backward_input(const Tensor& dy, const std::vector<double>& weight, const Dense& layer,
                            const Shape& x_shape) {
    expect_size(layer.name + ".weight", weight.size(), dense_weight_count(layer));
    expect_shape(layer.name + " dy", dy.shape, output_shape(layer, x_shape));
    Tensor dx(x_shape);
    for_each_dense_product(layer, x_shape.n, [&](std::size_t xi, std::size_t wi, std::size_t yi) {
        dx.values[xi] += weight[wi] * dy.values[yi];
    });
    return dx;
}

DenseGradient dense_backward_weight(const Tensor& x, const Tensor& dy, const Dense& layer) {
    expect_shape(layer.name + " dy", dy.shape, output_shape(layer, x.shape));
    DenseGradient gradient;
    gradient.dweight.assign(dense_weight_count(layer), 0.0);
    gradient.dbias.assign(layer.out_features, 0.0);
    for_each_dense_product(layer, x.shape.n, [&](std::size_t xi, std::size_t wi, std::size_t yi) {
        gradient.dweight[wi] += x.values[xi] * dy.values[yi];
    });
    for (std::size_t i = 0; i < dy.values.size(); ++i) {
        gradient.dbias[i % layer.out_features] += dy.values[i];
    }
    return gradient;
}

}  // namespace shadenet::reference
