#include "check/compare.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace shadenet::check {

namespace {

/// FNV-1a, a word at a time.
std::uint64_t checksum(std::span<const float> values) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const float value : values) hash = (hash ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3;
    return hash;
}

double largest_magnitude(std::span<const double> values) {
    double largest = 0;
    for (const double value : values) largest = std::max(largest, std::abs(value));
    return largest;
}

/// How bad an error is in terms of its bound. A bound of 0 still leaves larger errors worse than smaller
/// ones.
double severity(double error, double bound) {
    if (std::isnan(error)) return std::numeric_limits<double>::infinity();
    return error / (bound + 1e-300);
}

/// 0/0 is no error; anything else over 0, NaN included, is an infinite one.
double normalized(double squared_error, double squared_scale) {
    if (squared_error == 0) return 0;
    return squared_scale > 0 ? squared_error / squared_scale : std::numeric_limits<double>::infinity();
}

std::string place(const Shape& shape, std::size_t index) {
    const std::size_t x = index % shape.w, y = index / shape.w % shape.h;
    const std::size_t c = index / shape.plane() % shape.c, n = index / shape.plane() / shape.c;
    return fmt::format("({},{},{},{})", n, c, y, x);
}

}  // namespace

Comparison compare(std::string tensor, std::span<const float> actual, std::span<const double> expected,
                   const Shape& shape, const Tolerance& tolerance) {
    if (actual.size() != expected.size() || actual.size() != shape.values()) {
        throw std::invalid_argument(fmt::format("{}: {} values and {} expected ones for {}", tensor,
                                                actual.size(), expected.size(), to_string(shape)));
    }
    Comparison result;
    result.tensor = std::move(tensor);
    result.tolerance = tolerance;
    result.shape = shape;
    result.values = actual.size();
    result.bits = checksum(actual);
    const double floor = tolerance.absolute + tolerance.of_largest * largest_magnitude(expected);
    double worst = -1, squared_error = 0, squared_scale = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double error = std::abs(static_cast<double>(actual[i]) - expected[i]);
        const double bound = floor + tolerance.of_element * std::abs(expected[i]);
        if (std::isfinite(actual[i]) && error <= bound) ++result.inside;
        squared_error += error * error;
        squared_scale += expected[i] * expected[i];
        if (severity(error, bound) > worst) {
            worst = severity(error, bound);
            result.worst = i;
            result.actual = actual[i];
            result.expected = expected[i];
            result.bound = bound;
        }
    }
    result.nmse = normalized(squared_error, squared_scale);
    return result;
}

Figure figure(const Comparison& comparison) {
    const Tolerance& tolerance = comparison.tolerance;
    const double error = std::abs(comparison.actual - comparison.expected);
    if (tolerance.nmse == 0) return {"exact", error, 0};
    if (tolerance.nmse < tolerance::any_nmse) return {"NMSE", comparison.nmse, tolerance.nmse};
    const bool relative = tolerance.absolute == 0 && comparison.expected != 0;
    if (relative) return {"relative", error / std::abs(comparison.expected), tolerance.of_element};
    return {"absolute", error, comparison.bound};
}

std::vector<Comparison> worst_of_each(std::span<const Comparison> comparisons) {
    const auto badness = [](const Comparison& one) {
        if (!one.passed()) return std::numeric_limits<double>::infinity();
        const Figure found = figure(one);
        return found.limit > 0 ? found.error / found.limit : 0;
    };
    std::vector<Comparison> worst;
    for (const Comparison& one : comparisons) {
        const auto known = std::find_if(worst.begin(), worst.end(), [&](const Comparison& other) {
            return other.kernel == one.kernel && other.where == one.where;
        });
        if (known == worst.end()) {
            worst.push_back(one);
        } else if (badness(one) > badness(*known)) {
            *known = one;
        }
    }
    return worst;
}

std::string to_string(const Shape& shape) {
    return fmt::format("{}x{}x{}x{}", shape.n, shape.c, shape.h, shape.w);
}

std::string to_string(const Comparison& comparison) {
    const std::string name = fmt::format("{}: {} [{}] ({})", comparison.kernel, comparison.tensor,
                                         to_string(comparison.shape), comparison.where);
    if (!comparison.damage.empty()) {
        return fmt::format("{}: FAIL: {}; seed {}", name, comparison.damage, comparison.seed);
    }
    if (comparison.passed()) return fmt::format("{}: pass, NMSE {:.2g}", name, comparison.nmse);
    return fmt::format(
        "{}: FAIL ({}): {} of {} outside; worst at {}: {:.9g}, expected {:.9g}, may be off by {:.2g}; NMSE "
        "{:.3g} of {:.0e}; seed {}",
        name, comparison.tolerance.name, comparison.values - comparison.inside, comparison.values,
        place(comparison.shape, comparison.worst), comparison.actual, comparison.expected, comparison.bound,
        comparison.nmse, comparison.tolerance.nmse, comparison.seed);
}

void Report::add(const std::string& kernel, Comparison comparison) {
    comparison.kernel = kernel;
    comparison.where = where_;
    comparison.seed = seed_;
    comparisons_.push_back(std::move(comparison));
}

void Report::add_damage(const std::string& kernel, const std::string& tensor, const std::string& damage) {
    if (damage.empty()) return;
    Comparison found;
    found.tensor = tensor;
    found.damage = damage;
    add(kernel, std::move(found));
}

bool all_passed(std::span<const Comparison> comparisons) {
    return !comparisons.empty() &&
           std::all_of(comparisons.begin(), comparisons.end(), [](const auto& one) { return one.passed(); });
}

}  // namespace shadenet::check
