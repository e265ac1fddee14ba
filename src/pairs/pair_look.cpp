#include "pairs/pair_look.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pairs/plane.h"

namespace shadenet {

namespace {

/// So many rows and columns of a picture, evenly spread, tell its colours.
constexpr std::uint32_t sampled_side = 128;

/// The pixel in the middle of the i-th of `count` equal parts of `length`.
std::uint32_t spread(std::uint32_t i, std::uint32_t count, std::uint32_t length) {
    return static_cast<std::uint32_t>((std::uint64_t{2} * i + 1) * length / (2 * std::uint64_t{count}));
}

void count_lights(const Image& image, PairLook& look) {
    const auto bins = static_cast<float>(look.lights.size());
    for (std::uint32_t row = 0; row < sampled_side; ++row) {
        for (std::uint32_t column = 0; column < sampled_side; ++column) {
            const Part pixel{spread(column, sampled_side, image.width),
                             spread(row, sampled_side, image.height), 1, 1};
            const float light = luma_of(image, pixel).values.front();
            ++look.lights.at(static_cast<std::size_t>(std::clamp(light * bins, 0.0f, bins - 1)));
        }
    }
}

void fit_look(const Image& input, const Image& target, PairLook& look) {
    // Some dozens for each term, or a fit meets any target.
    constexpr std::uint64_t least_pixels = 1024;
    if (!look.same_size() || std::uint64_t{look.width} * look.height < least_pixels) return;
    look.fit = fit_pair(input, target, 0, 0);
    look.fitted = look.fit.moments.pixels() > 0;
    if (!look.fitted) return;
    const PairPlacement& placement = look.placement;
    const std::int64_t dx = std::lround(placement.x), dy = std::lround(placement.y);
    const bool shift_only = placement.is_shift_only();
    const bool in_doubt = placement.kind == PairPlacement::Kind::found
                              ? shift_only && placement.certainty < beyond_doubt
                              : !look.is_foreign() && !look.equal;
    if (in_doubt) {
        look.unexplained_means =
            unexplained_of_means(input, target, shift_only ? dx : 0, shift_only ? dy : 0);
    }
    if (!shift_only || (dx == 0 && dy == 0)) return;
    PairFit moved = fit_pair(input, target, dx, dy);
    if (moved.moments.pixels() <= 0) return;
    const auto own_error = [](const PairMoments& moments) {
        constexpr double rounding = 1.0 / 12 / (255.0 * 255.0);  // of 8-bit targets: both may fit exactly
        return error_of(fit_of(moments, FitTerms::local), moments) + rounding;
    };
    look.shift_gain = own_error(look.fit.moments) / own_error(moved.moments);
    if (look.is_shifted()) look.fit = std::move(moved);
}

}  // namespace

double Thumbprint::mean() const {
    double sum = 0;
    for (const std::uint8_t value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double Thumbprint::distance(const Thumbprint& other) const {
    double squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double difference = static_cast<double>(values[i]) - other.values[i];
        squares += difference * difference;
    }
    return std::sqrt(squares / static_cast<double>(values.size()));
}

Thumbprint thumbprint_of(const Image& image) {
    Thumbprint print;
    constexpr auto side = static_cast<std::uint32_t>(Thumbprint::side);
    constexpr std::uint32_t each = sampled_side / side;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t i = 0; i < side * side; ++i) {
            float sum = 0;
            for (std::uint32_t part = 0; part < each * each; ++part) {
                const std::uint32_t row = i / side * each + part / each,
                                    column = i % side * each + part % each;
                sum += image.at(c, spread(row, sampled_side, image.height),
                                spread(column, sampled_side, image.width));
            }
            const float mean = std::clamp(sum / (each * each), 0.0f, 1.0f);
            print.values.at(c * side * side + i) = static_cast<std::uint8_t>(std::lround(255 * mean));
        }
    }
    return print;
}

double PairLook::unexplained() const {
    if (!fitted) return 1;
    const double variance = fit.moments.target_variance();
    constexpr double flat = 1.0 / (255.0 * 255.0);  // a target of one colour is explained by it
    if (variance < flat) return 0;
    return std::max(error_of(fit_of(fit.moments, FitTerms::local), fit.moments) / variance,
                    unexplained_means);
}

bool PairLook::is_shifted() const {
    return placement.is_shift_only() && shift_gain >= least_shift_gain;
}

bool PairLook::is_foreign() const {
    const bool placed = placement.kind == PairPlacement::Kind::found;
    if (unexplained_means >= (placed ? foreign_placed_means : foreign_means)) return true;
    return placement.kind == PairPlacement::Kind::foreign && unexplained() >= foreign_unexplained;
}

bool PairLook::is_sound() const {
    if (!problem.empty() || !fitted || is_foreign()) return false;
    return placement.kind != PairPlacement::Kind::found || placement.is_shift_only();
}

PairLook look_at_pair(const Image& input, const Image& target) {
    PairLook look;
    look.width = input.width;
    look.height = input.height;
    look.target_width = target.width;
    look.target_height = target.height;
    look.equal = look.same_size() && input.values == target.values;
    look.input = thumbprint_of(input);
    look.target = thumbprint_of(target);
    count_lights(input, look);
    if (!look.equal) look.placement = find_placement(input, target);
    fit_look(input, target, look);
    return look;
}

}  // namespace shadenet
