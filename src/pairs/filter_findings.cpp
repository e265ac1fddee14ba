#include "pairs/filter_findings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/median.h"

namespace shadenet {

namespace {

using Weight = PairFinding::Weight;

/// Root of a squared error of values 0..1, in grey levels.
double levels(double error) {
    return 255 * std::sqrt(error);
}

/// The pairs that the filter can be learned from, and their errors.
class Fits {
  public:
    Fits(std::span<const PairLook> looks, const LookedFor& about) : looks_(looks), about_(about) {
        for (std::uint32_t i = 0; i < looks.size(); ++i) {
            if (looks[i].is_sound() && !looks[i].equal) pairs_.push_back(i);
        }
        sum_up();
    }

    /// Leaves those that it finds out of what follows.
    void find_odd();
    void find_whole_picture();
    void find_place();
    void find_too_little();
    std::vector<PairFinding> take() { return std::move(findings_); }

  private:
    const PairMoments& moments(std::uint32_t pair) const { return looks_[pair].fit.moments; }
    double own_levels(std::uint32_t pair) const {
        return levels(error_of(fit_of(moments(pair), FitTerms::local), moments(pair)));
    }
    void sum_up();
    std::vector<double> errors_by_others(const std::vector<bool>& trusted) const;
    void find_few();
    void find_few_tones();
    void find_flat();

    std::span<const PairLook> looks_;
    const LookedFor& about_;
    std::vector<std::uint32_t> pairs_;
    PairMoments all_;
    std::vector<PairFinding> findings_;
};

/// Of each pair by the filter that fits the trusted ones best, itself left out; in grey levels.
std::vector<double> Fits::errors_by_others(const std::vector<bool>& trusted) const {
    PairMoments sum;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
        if (trusted[k]) sum += moments(pairs_[k]);
    }
    const FitWeights of_all = fit_of(sum, FitTerms::local);
    std::vector<double> errors;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
        const PairMoments& own = moments(pairs_[k]);
        if (!trusted[k]) {
            errors.push_back(levels(error_of(of_all, own)));
            continue;
        }
        PairMoments others = sum;
        others -= own;
        errors.push_back(levels(error_of(fit_of(others, FitTerms::local), own)));
    }
    return errors;
}

/// Pairs that another filter has made, or another hand.
void Fits::find_odd() {
    if (pairs_.size() < pair_bounds::least_for_odd) return;
    // An odd pair spoils the filter of the others, in which it takes part: those that are off most are left
    // out, a quarter of all at most.
    std::vector<double> errors = errors_by_others(std::vector<bool>(pairs_.size(), true));
    std::vector<double> sorted = errors;
    std::ranges::sort(sorted);
    const double most_trusted = sorted[(3 * sorted.size() + 3) / 4 - 1];
    std::vector<bool> trusted;
    for (const double error : errors) trusted.push_back(error <= most_trusted);
    errors = errors_by_others(trusted);
    const double usual = upper_median(errors);
    const double bound = std::max(pair_bounds::odd_ratio * usual, usual + pair_bounds::odd_levels);
    std::vector<std::pair<double, std::uint32_t>> odd;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
        if (errors[k] >= bound) odd.emplace_back(errors[k], pairs_[k]);
    }
    // What holds for many is the rule; the whole picture is looked at elsewhere.
    if (odd.empty() || 4 * odd.size() > pairs_.size()) return;
    std::ranges::sort(odd, std::greater());
    std::vector<std::uint32_t> names;
    for (const auto& [error, pair] : odd) names.push_back(pair);
    findings_.push_back(
        {Weight::warning, "another filter",
         fmt::format(
             "in {} of {} another filter seems to have made the target: {}; that of the others errs by "
             "{:.1f} grey levels there, and by {:.1f} as a rule",
             odd.size(), counted(looks_.size(), "pair"), some_names(names, about_.names), odd.front().first,
             usual),
         "look at them; make their targets as the others', or take them out", names});
    std::erase_if(pairs_, [&](std::uint32_t i) { return std::ranges::find(names, i) != names.end(); });
    sum_up();
}

void Fits::sum_up() {
    all_ = PairMoments();
    for (const std::uint32_t i : pairs_) all_ += moments(i);
}

void Fits::find_whole_picture() {
    if (pairs_.size() < 2) return;
    const FitWeights common = fit_of(all_, FitTerms::local);
    std::vector<double> own, together;
    for (const std::uint32_t i : pairs_) {
        own.push_back(own_levels(i));
        together.push_back(levels(error_of(common, moments(i))));
    }
    const double usual_own = upper_median(own), usual = upper_median(together);
    if (usual < pair_bounds::whole_levels || usual < pair_bounds::whole_ratio * usual_own) return;
    findings_.push_back(
        {Weight::warning,
         "whole picture",
         fmt::format(
             "the targets depend on the whole picture: each pair's own filter errs by {:.1f} grey levels, "
             "and one for all of them by {:.1f}",
             usual_own, usual),
         "make targets with the same settings for every picture, without automatic levels, exposure or white "
         "balance: a network sees a few pixels around each",
         {}});
}

void Fits::find_place() {
    if (pairs_.empty()) return;
    const double without = error_of(fit_of(all_, FitTerms::local), all_);
    const double with = error_of(fit_of(all_, FitTerms::all), all_);
    if (levels(without) < pair_bounds::place_levels || without < pair_bounds::place_ratio * with) return;
    // One picture has its own things in its own places; what holds for all is the filter's.
    std::vector<double> gains;
    for (const std::uint32_t i : pairs_) {
        const double own = error_of(fit_of(moments(i), FitTerms::local), moments(i));
        gains.push_back(own / std::max(error_of(fit_of(moments(i), FitTerms::all), moments(i)), 1e-12));
    }
    if (upper_median(gains) < pair_bounds::place_ratio) return;
    findings_.push_back(
        {Weight::warning,
         "place",
         fmt::format(
             "the targets depend on the place in the picture, as a vignette does: a filter that knows it "
             "errs by {:.1f} grey levels, and one that does not by {:.1f}",
             levels(with), levels(without)),
         "make targets without vignettes, gradients and lens corrections: a network does not know where it "
         "is",
         {}});
}

void Fits::find_few() {
    std::uint64_t pixels = 0;
    for (const PairLook& look : looks_) pixels += std::uint64_t{look.target_width} * look.target_height;
    if (pixels == 0) return;  // no picture can be read
    const double each =
        static_cast<double>(pixels) / static_cast<double>(std::max<std::uint64_t>(1, about_.parameters));
    if (about_.some || each >= pair_bounds::pixels_a_parameter) return;
    findings_.push_back(
        {Weight::note,
         "few",
         fmt::format(
             "there is little to learn from: {} in {}, and the network has {} numbers to learn: it may "
             "learn the pictures by heart",
             counted(pixels, "pixel"), counted(looks_.size(), "pair"), about_.parameters),
         fmt::format(
             "give {} pixels or more for each number, or train a smaller network: `train --hidden` with "
             "fewer channels",
             pair_bounds::pixels_a_parameter),
         {}});
}

void Fits::find_few_tones() {
    std::array<double, 64> lights{};
    double count = 0;
    for (const PairLook& look : looks_) {
        for (std::size_t i = 0; i < lights.size(); ++i) {
            lights.at(i) += look.lights.at(i);
            count += look.lights.at(i);
        }
    }
    if (count == 0) return;
    const auto bin_at = [&](double share) {
        double below = 0;
        std::size_t bin = 0;
        while (bin + 1 < lights.size() && below + lights.at(bin) < share * count) below += lights.at(bin++);
        return bin;
    };
    const std::size_t darkest = bin_at(0.01), brightest = bin_at(0.99);
    const double span = static_cast<double>(brightest - darkest + 1) / static_cast<double>(lights.size());
    if (span >= pair_bounds::tones) return;
    const double level = 256.0 / static_cast<double>(lights.size());
    findings_.push_back(
        {Weight::note,
         "few tones",
         fmt::format(
             "the pictures before have few tones: 98 % of their pixels lie between the grey levels {:.0f} "
             "and {:.0f}",
             static_cast<double>(darkest) * level, static_cast<double>(brightest + 1) * level - 1),
         "give pictures with dark and bright parts: what the filter does to other tones is not learned",
         {}});
}

void Fits::find_flat() {
    if (pairs_.empty()) return;
    constexpr std::size_t first_detail = 13, details = 6;
    double squares = 0;
    for (std::size_t i = first_detail; i < first_detail + details; ++i) squares += all_.at(i, i);
    const double detail = levels(squares / (details * all_.pixels()));
    if (detail >= pair_bounds::detail_levels) return;
    findings_.push_back(
        {Weight::note,
         "flat",
         fmt::format("the pictures before are flat: pixels differ by {:.2f} grey levels from those around",
                     detail),
         "give pictures with edges and textures: what the filter does to them is not learned",
         {}});
}

void Fits::find_too_little() {
    find_few();
    find_few_tones();
    find_flat();
}

}  // namespace

std::vector<PairFinding> filter_findings_of(std::span<const PairLook> looks, const LookedFor& about) {
    Fits fits(looks, about);
    fits.find_odd();
    fits.find_whole_picture();
    fits.find_place();
    fits.find_too_little();
    return fits.take();
}

}  // namespace shadenet
