#include "reference/loss.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

namespace shadenet::reference {

namespace {

bool is_right(std::span<const double> logits, std::size_t label) {
    for (std::size_t k = 0; k < logits.size(); ++k) {
        // Not turned around, because comparisons with NaN are false.
        const bool below = k < label ? logits[k] < logits[label] : logits[k] <= logits[label];
        if (!below) return false;
    }
    return true;
}

}  // namespace

Loss mean_squared_error(const Tensor& out, const Tensor& target) {
    expect_shape("target", target.shape, out.shape);
    Loss result{0.0, Tensor(out.shape), std::vector<double>(out.shape.n, 0.0)};
    const double count = static_cast<double>(out.values.size());
    const std::size_t of_example = out.shape.c * out.shape.plane();
    for (std::size_t i = 0; i < out.values.size(); ++i) {
        const double difference = out.values[i] - target.values[i];
        result.loss += difference * difference / count;
        result.examples[i / of_example] += difference * difference / static_cast<double>(of_example);
        result.dout.values[i] = 2.0 * difference / count;
    }
    return result;
}

Loss cross_entropy(const Tensor& logits, const Labels& labels) {
    const Shape& shape = logits.shape;
    expect_shape("logits", shape, {shape.n, shape.c, 1, 1});
    expect_size("labels", labels.size(), shape.n);
    Loss result{0.0, Tensor(shape), {}};
    for (std::size_t n = 0; n < shape.n; ++n) {
        if (labels[n] >= shape.c) {
            throw std::invalid_argument(fmt::format("label {} of {} classes", labels[n], shape.c));
        }
        const std::span<const double> z = std::span(logits.values).subspan(n * shape.c, shape.c);
        const double largest = *std::max_element(z.begin(), z.end());
        double sum = 0.0;
        for (const double value : z) sum += std::exp(value - largest);
        for (std::size_t k = 0; k < shape.c; ++k) {
            const double wanted = k == labels[n] ? 1.0 : 0.0;
            const double probability = std::exp(z[k] - largest) / sum;
            result.dout.at(n, k, 0, 0) = (probability - wanted) / static_cast<double>(shape.n);
        }
        result.examples.push_back(std::log(sum) - (z[labels[n]] - largest));
        result.loss += result.examples.back() / static_cast<double>(shape.n);
        result.correct += is_right(z, labels[n]) ? 1 : 0;
    }
    return result;
}

Loss loss_of(const Tensor& out, const Target& target) {
    if (const auto* labels = std::get_if<Labels>(&target)) return cross_entropy(out, *labels);
    return mean_squared_error(out, std::get<Tensor>(target));
}

}  // namespace shadenet::reference
