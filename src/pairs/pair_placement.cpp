#include "pairs/pair_placement.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/median.h"
#include "pairs/phase_correlation.h"
#include "pairs/plane.h"

namespace shadenet {

namespace {

constexpr std::uint32_t seen_side = 128;  ///< of what is correlated

/// Certain enough to lie as it should. The highest of 16,384 independent normal values is above 7 once in
/// 10^8 times; borders and what pictures have in common, as a horizon, add some.
constexpr double sure = 10;
/// Certain enough to lie otherwise: of so many ways to lie, some pictures of different things have 10.5 in
/// one. Half of a picture at another scale has 30.
constexpr double sure_otherwise = 16;
/// Of parts some are blurred by the filter, or full of its noise: their places would be guessed.
constexpr double sure_part = 12;
/// A picture may be nearly symmetric: another way to lie must fit that much better.
constexpr double better = 1.5;
/// Half a grey level a pixel: what remains of a flat picture is noise and rounding.
constexpr double least_steepness = 0.5 / 255;
/// Photographs and drawings have 0.2 and more.
constexpr double least_contrast = 0.05;
/// Scales that are tried are this far apart: what a correlation of 128 values still bears.
constexpr double scale_step = 1.03;
constexpr double largest_scale = 2.2;
/// What is there in both is then alike, too: structures have this correlation at least. Those of a half of a
/// picture have 0.55, those of different pictures 0.4 at most.
constexpr double alike = 0.4;
/// Parts that are off by more pixels than this tell of another scale or crop.
constexpr double bent = 2;

bool can_be_placed(const Structure& structure) {
    return structure.steepness >= least_steepness && structure.contrast >= least_contrast;
}

struct Candidate {
    unsigned quarters = 0;
    bool mirrored = false;
    double scale = 1;
    Shift shift;
    Plane input{};  ///< the structure as it is turned or scaled
};

bool is_better(const Candidate& one, const Candidate& other) {
    return one.shift.certainty > other.shift.certainty;
}

/// Of both pictures, made small by the same factor.
struct Overview {
    std::uint32_t factor;
    Plane input, target;
};

Overview overview_of(const Image& input, const Image& target) {
    const std::uint32_t longest = std::max({input.width, input.height, target.width, target.height});
    const std::uint32_t factor = (longest + seen_side - 1) / seen_side;
    return {factor, reduced_luma(input, factor), reduced_luma(target, factor)};
}

/// The best way to lie, the upright one unless another is clearly better.
Candidate best_turn(PhaseCorrelation& correlation, const Overview& overview,
                    const PhaseCorrelation::Spectrum& target) {
    const Structure input = structure_of(overview.input);
    Candidate upright, best;
    for (const bool mirrored : {false, true}) {
        for (unsigned quarters = 0; quarters < 4; ++quarters) {
            Candidate one{quarters, mirrored, 1, {}, turned(input.plane, quarters, mirrored)};
            one.shift = correlation.shift(correlation.spectrum(one.input), target);
            if (quarters == 0 && !mirrored) upright = one;
            if (is_better(one, best)) best = std::move(one);
        }
    }
    const bool is_turned = best.shift.certainty > std::max(sure_otherwise, better * upright.shift.certainty);
    return is_turned ? best : upright;
}

/// The structure of a plane in another scale, as far as it is correlated.
Plane scaled_structure(const Plane& luma, double scale) {
    const auto seen = static_cast<std::uint32_t>(std::ceil(seen_side / scale));
    return structure_of(enlarged(middle_of(luma, seen, seen), scale)).plane;
}

/// Of planes half as large and with the same weights of their frequencies, as far as they have them, which is
/// 96 % of the squares: it is as certain, and takes a quarter of the time.
class CoarseCorrelation {
  public:
    explicit CoarseCorrelation(const Plane& target)
        : correlation_(seen_side / 2, 2 * PhaseCorrelation::usual_cut),
          target_(correlation_.spectrum(halved(target))) {}
    double certainty(const Plane& input) {
        return correlation_.shift(correlation_.spectrum(halved(input)), target_).certainty;
    }

  private:
    PhaseCorrelation correlation_;
    PhaseCorrelation::Spectrum target_;
};

/// The scale in which they fit best, to a step.
double coarse_scale(const Overview& overview, const Plane& target, double expected) {
    CoarseCorrelation correlation(target);
    double best = expected, most = 0;
    const auto try_scale = [&](double scale) {
        const double certainty = correlation.certainty(scaled_structure(overview.input, scale));
        if (certainty <= most) return;
        most = certainty;
        best = scale;
    };
    try_scale(expected);
    for (double scale = scale_step; scale < largest_scale; scale *= scale_step) {
        try_scale(scale);
        try_scale(1 / scale);
    }
    return best;
}

/// The best upright one in another scale.
Candidate best_scale(PhaseCorrelation& correlation, const Overview& overview, const Plane& seen,
                     const PhaseCorrelation::Spectrum& target, double expected) {
    Candidate best;
    const auto try_scale = [&](double scale) {
        Candidate one{0, false, scale, {}, scaled_structure(overview.input, scale)};
        one.shift = correlation.shift(correlation.spectrum(one.input), target);
        if (is_better(one, best)) best = std::move(one);
    };
    try_scale(expected);
    const double coarse = coarse_scale(overview, seen, expected);
    for (const double nearer : {-0.66, -0.33, 0.0, 0.33, 0.66}) {
        try_scale(coarse * std::pow(scale_step, nearer));
    }
    return best;
}

/// Correlation of two planes whose middles lie on one another, the other's moved by the shift; -1 to 1.
double likeness(const Plane& one, const Plane& other, const Shift& shift) {
    const auto middle = [](std::uint32_t from, std::uint32_t to, double by) {
        return std::int64_t{to / 2} - std::int64_t{from / 2} + std::lround(by);
    };
    const std::int64_t dx = middle(one.width, other.width, shift.x);
    const std::int64_t dy = middle(one.height, other.height, shift.y);
    double mixed = 0, squares = 0, other_squares = 0;
    for (std::uint32_t y = 0; y < one.height; ++y) {
        for (std::uint32_t x = 0; x < one.width; ++x) {
            const std::int64_t row = y + dy, column = x + dx;
            if (row < 0 || column < 0 || row >= other.height || column >= other.width) continue;
            const double a = one.at(y, x);
            const double b = other.at(static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column));
            mixed += a * b;
            squares += a * a;
            other_squares += b * b;
        }
    }
    return squares > 0 && other_squares > 0 ? mixed / std::sqrt(squares * other_squares) : 0;
}

/// Where a part lies, from the picture's middle, and its shift.
struct PartShift {
    double x, y, dx, dy;
};

/// Starts of up to three parts of `length`, evenly spread.
std::vector<std::uint32_t> starts(std::uint32_t length, std::uint32_t part) {
    const std::uint32_t free = length - part;
    if (free == 0) return {0};
    return free < part / 2 ? std::vector{0u, free} : std::vector{0u, free / 2, free};
}

std::vector<PartShift> part_shifts(PhaseCorrelation& correlation, const Image& input, const Image& target,
                                   std::int64_t dx, std::int64_t dy) {
    const std::uint32_t width = std::min(seen_side, input.width), height = std::min(seen_side, input.height);
    std::vector<PartShift> shifts;
    for (const std::uint32_t top : starts(input.height, height)) {
        for (const std::uint32_t left : starts(input.width, width)) {
            // The target's part lies where the shift of the whole puts it, as far as the picture goes.
            const auto moved = [](std::uint32_t from, std::int64_t by, std::uint32_t most) {
                return static_cast<std::uint32_t>(std::clamp<std::int64_t>(from + by, 0, most));
            };
            const std::uint32_t x = moved(left, dx, target.width - width);
            const std::uint32_t y = moved(top, dy, target.height - height);
            const Structure one = structure_of(luma_of(input, {left, top, width, height}));
            const Structure other = structure_of(luma_of(target, {x, y, width, height}));
            if (!can_be_placed(one) || !can_be_placed(other)) continue;
            const Shift shift =
                correlation.shift(correlation.spectrum(one.plane), correlation.spectrum(other.plane));
            if (shift.certainty < sure_part) continue;
            shifts.push_back({left + 0.5 * width - 0.5 * input.width, top + 0.5 * height - 0.5 * input.height,
                              static_cast<double>(x) - left + shift.x,
                              static_cast<double>(y) - top + shift.y});
        }
    }
    return shifts;
}

/// Shift and scale that parts tell: dx = x + (scale - 1)·(place from the middle), by least squares.
void take_parts(const std::vector<PartShift>& shifts, PairPlacement& placement) {
    std::vector<double> dxs, dys;
    for (const PartShift& one : shifts) {
        dxs.push_back(one.dx);
        dys.push_back(one.dy);
    }
    placement.x = upper_median(dxs);
    placement.y = upper_median(dys);
    const auto off = [&](double scale, double x, double y) {
        std::vector<double> distances;
        for (const PartShift& one : shifts) {
            distances.push_back(
                std::hypot(one.dx - x - (scale - 1) * one.x, one.dy - y - (scale - 1) * one.y));
        }
        return upper_median(distances);
    };
    placement.bend = off(1, placement.x, placement.y);
    constexpr std::size_t least_for_scale = 4;
    if (shifts.size() < least_for_scale) return;
    const auto count = static_cast<double>(shifts.size());
    double px = 0, py = 0, mx = 0, my = 0;
    for (const PartShift& one : shifts) {
        px += one.x / count;
        py += one.y / count;
        mx += one.dx / count;
        my += one.dy / count;
    }
    double mixed = 0, squares = 0;
    for (const PartShift& one : shifts) {
        mixed += (one.x - px) * (one.dx - mx) + (one.y - py) * (one.dy - my);
        squares += (one.x - px) * (one.x - px) + (one.y - py) * (one.y - py);
    }
    const double growth = squares > 0 ? mixed / squares : 0;
    const double x = mx - growth * px, y = my - growth * py;
    const double scaled_bend = off(1 + growth, x, y);
    // A scale explains the parts only where it leaves little of what they are off without it.
    constexpr double explained = 0.4, noticed = 0.3;
    if (placement.bend < noticed || scaled_bend > explained * placement.bend) return;
    placement.scale = 1 + growth;
    placement.x = x;
    placement.y = y;
    placement.bend = scaled_bend;
}

/// The candidate as it is in pixels of the pictures.
PairPlacement placement_of(const Candidate& candidate, const Overview& overview) {
    PairPlacement placement;
    placement.kind =
        candidate.shift.certainty < sure ? PairPlacement::Kind::foreign : PairPlacement::Kind::found;
    placement.certainty = candidate.shift.certainty;
    placement.quarter_turns = candidate.quarters;
    placement.mirrored = candidate.mirrored;
    placement.scale = candidate.scale;
    placement.x = candidate.shift.x * overview.factor;
    placement.y = candidate.shift.y * overview.factor;
    return placement;
}

/// What parts of pictures of one size tell of the shift that the small copies have. False where they say that
/// it is no shift, or too little.
bool look_closely(PhaseCorrelation& correlation, const Image& input, const Image& target,
                  const Overview& overview, PairPlacement& placement) {
    constexpr std::size_t enough = 3;
    const auto shifts =
        part_shifts(correlation, input, target, std::lround(placement.x), std::lround(placement.y));
    if (!shifts.empty()) {
        take_parts(shifts, placement);
    } else if (std::max(std::abs(placement.x), std::abs(placement.y)) < overview.factor) {
        placement.x = placement.y = 0;  // the small copies do not tell less than one of their pixels
    }
    const bool one_part = input.width < 2 * seen_side && input.height < 2 * seen_side && shifts.size() == 1;
    return (shifts.size() >= enough || one_part) && placement.bend < bent;
}

}  // namespace

PairPlacement find_placement(const Image& input, const Image& target) {
    if (std::min({input.width, input.height, target.width, target.height}) < least_placed_side) return {};
    const Overview overview = overview_of(input, target);
    const Structure seen = structure_of(overview.target);
    if (!can_be_placed(structure_of(overview.input)) || !can_be_placed(seen)) return {};
    PhaseCorrelation correlation(seen_side);
    const PhaseCorrelation::Spectrum spectrum = correlation.spectrum(seen.plane);
    const bool same_size = input.width == target.width && input.height == target.height;
    PairPlacement placement = placement_of(best_turn(correlation, overview, spectrum), overview);
    if (placement.is_upright() && same_size) {
        if (look_closely(correlation, input, target, overview, placement)) return placement;
    } else if (placement.kind == PairPlacement::Kind::found && same_size) {
        return placement;
    }
    const double expected = std::sqrt(static_cast<double>(target.width) * target.height /
                                      (static_cast<double>(input.width) * input.height));
    const Candidate scaled = best_scale(correlation, overview, seen.plane, spectrum, expected);
    constexpr double clearly = 1.3;
    const bool fits_better = scaled.shift.certainty > std::max(sure_otherwise, clearly * placement.certainty);
    if (fits_better && likeness(scaled.input, seen.plane, scaled.shift) >= alike) {
        placement = placement_of(scaled, overview);
    }
    return placement;
}

}  // namespace shadenet
