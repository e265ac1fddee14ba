// One tensor of the device against float64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "check/tolerance.h"
#include "model/network.h"

namespace shadenet::check {

/// The result of a comparison. It passes only if every value is inside its bound: NaN never is, and a
/// comparison without values fails.
struct Comparison {
    std::string kernel;      ///< "conv forward"
    std::string tensor;      ///< "y"
    std::string where;       ///< the case: shapes and options
    std::uint64_t seed = 0;  ///< of the case's data
    Tolerance tolerance = tolerance::exact;
    Shape shape;

    std::size_t values = 0, inside = 0;
    std::size_t worst = 0;  ///< index of the value that is farthest out in terms of its bound
    double actual = 0, expected = 0, bound = 0;
    double nmse = 0;
    std::uint64_t bits = 0;  ///< checksum of the device's values
    std::string damage;      ///< what was written outside a tensor, or ""

    bool passed() const { return damage.empty() && values > 0 && inside == values && nmse <= tolerance.nmse; }
};

/// Compares `tensor` [shape] of the device with its true values. Values that are not finite always fail.
/// Throws std::invalid_argument when the counts differ.
Comparison compare(std::string tensor, std::span<const float> actual, std::span<const double> expected,
                   const Shape& shape, const Tolerance& tolerance);

/// The error in the unit of its tolerance ("NMSE", "relative", "absolute", "exact"), and its limit.
struct Figure {
    const char* kind;
    double error, limit;
};
Figure figure(const Comparison& comparison);

/// For each kernel in each case the comparison that is nearest to its limit or farthest beyond it, in the
/// given order.
std::vector<Comparison> worst_of_each(std::span<const Comparison> comparisons);

/// One line: kernel, case, verdict; on failure also where (n,c,y,x), both values, how many, and the seed.
std::string to_string(const Comparison& comparison);

/// The shape of values without a position.
inline Shape flat(std::size_t values) {
    return {1, 1, 1, static_cast<std::uint32_t>(values)};
}

/// "2x3x5x7".
std::string to_string(const Shape& shape);

/// The comparisons of one case, in the order they are made.
class Report {
  public:
    Report(std::string where, std::uint64_t seed) : where_(std::move(where)), seed_(seed) {}

    void add(const std::string& kernel, Comparison comparison);
    /// Adds a failure that says what was written outside a tensor, unless `damage` is empty.
    void add_damage(const std::string& kernel, const std::string& tensor, const std::string& damage);
    std::vector<Comparison> take() { return std::move(comparisons_); }

  private:
    std::string where_;
    std::uint64_t seed_;
    std::vector<Comparison> comparisons_;
};

bool all_passed(std::span<const Comparison> comparisons);

}  // namespace shadenet::check
