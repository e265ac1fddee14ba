#include "model/exact_network.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "model/picture_padding.h"

namespace shadenet {

namespace {

/// A number, and the sum of the absolute values that it was made of.
struct Tracked {
    double value = 0, magnitude = 0;
};

/// A part of the picture: rows first_row to last_row, both included, and columns alike.
struct Box {
    std::uint32_t first_row, last_row, first_column, last_column;

    std::size_t rows() const { return last_row - first_row + 1; }
    std::size_t columns() const { return last_column - first_column + 1; }
};

/// The values of a point of the network in a box.
struct Feature {
    Box box;
    std::uint32_t channels;
    std::vector<Tracked> values;

    Feature(const Box& where, std::uint32_t count)
        : box(where), channels(count), values(count * where.rows() * where.columns()) {}

    bool holds(std::int64_t row, std::int64_t column) const {
        return row >= box.first_row && row <= box.last_row && column >= box.first_column &&
               column <= box.last_column;
    }
    std::size_t index(std::int64_t channel, std::int64_t row, std::int64_t column) const {
        const auto y = static_cast<std::size_t>(row - box.first_row);
        const auto x = static_cast<std::size_t>(column - box.first_column);
        return (static_cast<std::size_t>(channel) * box.rows() + y) * box.columns() + x;
    }
    const Tracked& at(std::int64_t channel, std::int64_t row, std::int64_t column) const {
        return values[index(channel, row, column)];
    }
    /// `make(channel, row, column)` gives each value.
    template <class Make>
    void fill(const Make& make) {
        for (std::uint32_t c = 0; c < channels; ++c) {
            for (std::uint32_t y = box.first_row; y <= box.last_row; ++y) {
                for (std::uint32_t x = box.first_column; x <= box.last_column; ++x) {
                    values[index(c, y, x)] = make(c, y, x);
                }
            }
        }
    }
};

/// One layer: from the points before it to `y`.
struct Forward {
    const std::vector<double>&weight, &bias, &mean;
    const std::vector<Feature>& points;
    Feature& y;

    void operator()(const Conv& conv) const {
        const Feature& x = points.back();
        const std::int64_t pad = conv.kernel / 2;
        const std::size_t row_of_weights = std::size_t{x.channels} * conv.kernel * conv.kernel;
        y.fill([&](std::uint32_t o, std::int64_t row, std::int64_t column) {
            Tracked sum{bias[o], std::abs(bias[o])};
            const double* w = &weight[o * row_of_weights];
            for (std::uint32_t i = 0; i < x.channels; ++i) {
                for (std::int64_t r = row - pad; r <= row + pad; ++r) {
                    for (std::int64_t c = column - pad; c <= column + pad; ++c, ++w) {
                        // What the box lacks lies outside the picture, where all is zero.
                        if (!x.holds(r, c)) continue;
                        const Tracked& from = x.at(i, r, c);
                        sum.value += *w * from.value;
                        sum.magnitude += std::abs(*w) * from.magnitude;
                    }
                }
            }
            return sum;
        });
    }

    void operator()(const BatchNorm&) const {
        y.fill([&, &x = points.back()](std::uint32_t c, std::uint32_t row, std::uint32_t column) {
            const Tracked& from = x.at(c, row, column);
            return Tracked{weight[c] * (from.value - mean[c]) + bias[c],
                           std::abs(weight[c]) * (from.magnitude + std::abs(mean[c])) + std::abs(bias[c])};
        });
    }

    /// No activation is steeper than 1. The 1 is for those whose own rounding does not shrink with their
    /// input.
    void operator()(const Activation& activation) const {
        const auto of = [&](const Tracked& x) -> Tracked {
            switch (activation.kind) {
                case ActivationKind::relu:
                    return {std::max(x.value, 0.0), x.magnitude};
                case ActivationKind::leaky_relu:
                    return {x.value * (x.value > 0 ? 1 : static_cast<double>(leaky_slope)), x.magnitude};
                case ActivationKind::tanh:
                    return {std::tanh(x.value), x.magnitude + 1};
                case ActivationKind::sigmoid:
                    return {1 / (1 + std::exp(-x.value)), x.magnitude + 1};
                case ActivationKind::elu:
                    break;
            }
            return {x.value > 0 ? x.value : std::expm1(x.value), x.magnitude + 1};
        };
        y.fill([&, &x = points.back()](auto c, auto row, auto column) { return of(x.at(c, row, column)); });
    }

    /// In inference it keeps all.
    void operator()(const Dropout&) const {
        y.fill([&, &x = points.back()](auto c, auto row, auto column) { return x.at(c, row, column); });
    }

    // ExactNetwork refuses these.
    void operator()(const Dense&) const { throw std::logic_error("a dense layer has no exact pixel"); }
    void operator()(const Average&) const { throw std::logic_error("an average has no exact pixel"); }

    void operator()(const Skip& skip) const {
        const Feature &x = points.back(), &other = points[skip.from_point];
        y.fill([&](std::uint32_t c, std::uint32_t row, std::uint32_t column) {
            const Tracked &a = x.at(c, row, column), &b = other.at(c, row, column);
            return Tracked{a.value + b.value, a.magnitude + b.magnitude};
        });
    }
};

std::vector<double> doubles_of(const Parameters& parameters, const std::string& name) {
    const std::vector<float>& values = parameters.at(name).values;
    return {values.begin(), values.end()};
}

}  // namespace

ExactNetwork::ExactNetwork(const Network& network, const Parameters& parameters)
    : in_channels_(network.input.c),
      range_(network.range),
      padding_(network.padding),
      radii_(network.layers.size() + 1, 0) {
    receptive_radius(network);  // throws for strides, and for layers that take whole pictures
    const std::vector<std::uint32_t> margins = point_margins(network);
    margin_ = margins.front();
    const std::vector<Shape> shapes = point_shapes(network, {1, network.input.c, 1, 1});
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const Shape& shape = shapes[i];
        const std::uint32_t side = 1 + 2 * margins[i];
        if (shape.h == side && shape.w == side) continue;
        throw InputError(fmt::format(
            "the network makes {}x{} pixels of one; only one that keeps a picture's size has an exact pixel",
            shape.w, shape.h));
    }
    for (const Layer& layer : network.layers) steps_.push_back(step(layer, parameters));
    for (std::size_t i = steps_.size(); i-- > 0;) {
        const auto* conv = std::get_if<Conv>(&steps_[i].layer);
        radii_[i] = std::max(radii_[i], radii_[i + 1] + (conv == nullptr ? 0 : conv->kernel / 2));
        const auto* skip = std::get_if<Skip>(&steps_[i].layer);
        if (skip != nullptr) radii_[skip->from_point] = std::max(radii_[skip->from_point], radii_[i + 1]);
    }
}

ExactNetwork::Step ExactNetwork::step(const Layer& layer, const Parameters& parameters) {
    Step step{layer, {}, {}, {}};
    if (const auto* conv = std::get_if<Conv>(&layer)) {
        step.weight = doubles_of(parameters, conv->name + ".weight");
        step.bias = doubles_of(parameters, conv->name + ".bias");
    } else if (const auto* norm = std::get_if<BatchNorm>(&layer)) {
        step.weight = doubles_of(parameters, norm->name + ".weight");
        step.bias = doubles_of(parameters, norm->name + ".bias");
        step.mean = doubles_of(parameters, norm->name + ".running_mean");
        const std::vector<double> variance = doubles_of(parameters, norm->name + ".running_var");
        for (std::size_t c = 0; c < variance.size(); ++c) {
            step.weight[c] /= std::sqrt(variance[c] + static_cast<double>(norm->epsilon));
        }
    }
    return step;
}

ExactPixel ExactNetwork::at(const Source& picture, std::uint32_t height, std::uint32_t width,
                            std::uint32_t row, std::uint32_t column) const {
    if (margin_ == 0) return within(picture, height, width, row, column);
    const auto continued = [&](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        const auto place = [&](std::uint32_t at, std::uint32_t size) {
            return *continued_pixel(std::int64_t{at} - margin_, size, padding_);
        };
        return picture(c, place(y, height), place(x, width));
    };
    return within(continued, height + 2 * margin_, width + 2 * margin_, row + margin_, column + margin_);
}

/// Of a picture with all that the network sees of its surroundings but zeros.
ExactPixel ExactNetwork::within(const Source& picture, std::uint32_t height, std::uint32_t width,
                                std::uint32_t row, std::uint32_t column) const {
    const auto box = [&](std::uint32_t radius) {
        return Box{row - std::min(row, radius), std::min(row + radius, height - 1),
                   column - std::min(column, radius), std::min(column + radius, width - 1)};
    };
    std::vector<Feature> points;
    points.reserve(radii_.size());
    points.emplace_back(box(radii_[0]), in_channels_)
        .fill([&](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
            const double value = range_.into(picture(c, y, x));
            return Tracked{value, std::abs(value)};
        });
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const Step& step = steps_[i];
        const std::uint32_t channels = output_shape(step.layer, {1, points.back().channels, 1, 1}).c;
        Feature y(box(radii_[i + 1]), channels);
        std::visit(Forward{step.weight, step.bias, step.mean, points, y}, step.layer);
        points.push_back(std::move(y));
    }
    ExactPixel pixel;
    for (std::uint32_t c = 0; c < points.back().channels; ++c) {
        const Tracked& value = points.back().at(c, row, column);
        pixel.values.push_back(range_.out_of(value.value));
        pixel.magnitudes.push_back((value.magnitude + std::abs(static_cast<double>(range_.low))) /
                                   range_.span());
    }
    return pixel;
}

std::uint64_t ExactNetwork::products() const {
    std::uint64_t products = 0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const std::uint64_t side = 2 * std::uint64_t{radii_[i + 1]} + 1;
        if (std::holds_alternative<Conv>(steps_[i].layer)) products += steps_[i].weight.size() * side * side;
    }
    return products;
}

}  // namespace shadenet
