// Checks of the moving statistics.
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/counted.h"
#include "statistics/health_bounds.h"
#include "statistics/health_checks.h"

namespace shadenet::health {

namespace {

/// The number of steps that leave no more than `share` of the start.
std::uint64_t steps_to_leave(double share, float decay) {
    if (decay <= 0.0f) return 1;
    return static_cast<std::uint64_t>(std::ceil(std::log(share) / std::log(static_cast<double>(decay))));
}

std::string names_at_start(const std::vector<NormValues>& norms) {
    std::string names;
    for (const NormValues& norm : norms) {
        if (norm.is_at_start()) names += (names.empty() ? "" : " and ") + norm.norm.name;
    }
    return names;
}

/// The channel with the largest part of its start of 1 in its variance.
struct StartInVariance {
    std::string norm;
    std::size_t channel = 0;
    double part = 0;  ///< 0: no channel began with 1
    double rest = 0;  ///< the rest of the variance, which comes from batches
    bool counts() const { return part > start_in_variance; }
};

/// A variance below the share began with another value.
StartInVariance start_in_variances(const HealthFacts& facts, double share) {
    StartInVariance worst;
    for (const NormValues& norm : norms_of(facts.network, facts.parameters)) {
        if (norm.is_at_start()) continue;  // that is another, graver finding
        for (std::size_t c = 0; c < norm.variance.size(); ++c) {
            const double part = share / norm.variance[c];
            if (norm.is_constant(c) || part > 1 + start_rounding || part <= worst.part) continue;
            const double least = constant_in_epsilon * norm.norm.epsilon;
            worst = {norm.norm.name, c, std::min(part, 1.0), std::max(norm.variance[c] - share, least)};
        }
    }
    return worst;
}

/// The number of steps that bring every moving value within its bound, in words.
std::string enough_steps(const HealthFacts& facts, const StartInVariance& worst) {
    const float decay = slowest_decay(facts.network);
    const std::uint64_t steps = steps_to_leave(start_share, decay);
    if (worst.counts()) {
        // share / (share + rest) = start_in_variance
        const double share = start_in_variance * worst.rest / (1 - start_in_variance);
        const std::uint64_t for_variance = steps_to_leave(share, decay);
        if (for_variance > steps) {
            return fmt::format("{} with decay {} are enough for that channel", for_variance, decay);
        }
    }
    return fmt::format("{} with decay {} leave {} %", steps, decay, two_digits(100 * start_share));
}

}  // namespace

std::vector<NormValues> norms_of(const Network& network, const Parameters& parameters) {
    std::vector<NormValues> norms;
    for (const BatchNorm& norm : shadenet::norms_of(network)) {
        const auto values = [&](const char* name) {
            return std::span<const float>(parameters.at(norm.name + name).values);
        };
        norms.push_back(
            {norm, values(".weight"), values(".bias"), values(".running_mean"), values(".running_var")});
    }
    return norms;
}

bool NormValues::is_constant(std::size_t channel) const {
    return variance[channel] < constant_in_epsilon * norm.epsilon;
}

bool NormValues::is_at_start() const {
    return std::all_of(mean.begin(), mean.end(), [](float value) { return value == 0.0f; }) &&
           std::all_of(variance.begin(), variance.end(), [](float value) { return value == 1.0f; });
}

std::string re_estimate(const HealthFacts& facts) {
    if (facts.classifier) return "`shadenet train --resume` with more --epochs";
    if (facts.own) return "`shadenet stats MODEL --input DIR --write`";
    return fmt::format("`shadenet adapt MODEL --input DIR --name {}`", facts.domain);
}

std::string two_digits(double value) {
    const double size = std::abs(value);
    if (value != 0 && (size < 1e-4 || size >= 1e6)) return fmt::format("{:.1e}", value);
    return size < 99.5 ? fmt::format("{:.2g}", value) : fmt::format("{:.0f}", value);
}

void check_never_updated(const HealthFacts& facts, std::vector<Finding>& findings) {
    const std::vector<NormValues> norms = norms_of(facts.network, facts.parameters);
    const std::string names = names_at_start(norms);
    if (!names.empty() && facts.frozen) {
        findings.push_back(
            {FindingKind::never_updated, Severity::warning,
             fmt::format("The norms were frozen before a step had moved the statistics of {}: all means are "
                         "0 and all variances 1.",
                         names),
             "The results are as in training; in a next run freeze later (--freeze-norm), when they have "
             "arrived."});
    } else if (!names.empty()) {
        findings.push_back(
            {FindingKind::never_updated, Severity::fault,
             fmt::format(
                 "The moving statistics of {} were never updated: all means are 0 and all variances 1.",
                 names),
             fmt::format("Train the model, or give it the statistics of pictures by {}.",
                         re_estimate(facts))});
    } else if (!norms.empty() && facts.norm_updates == 0u) {
        findings.push_back(
            {FindingKind::never_updated, Severity::information,
             "No step of training has moved the moving statistics: they are those that the model was given.",
             facts.frozen
                 ? "The weights were trained with them, and need them as they are."
                 : fmt::format("Where its pictures are others by now, use {}.", re_estimate(facts))});
    }
}

void check_start_left(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.start_share || facts.norm_updates == 0u) return;
    const double share = *facts.start_share;
    const StartInVariance worst = start_in_variances(facts, share);
    if (worst.part == 0 || (share <= start_share && !worst.counts())) return;
    std::string left = fmt::format("{} % of every moving value {} still what it began with",
                                   two_digits(100 * share), facts.frozen ? "was" : "is");
    if (worst.counts()) {
        left += fmt::format(", and {} % of the variance of channel {} of {}", two_digits(100 * worst.part),
                            worst.channel, worst.norm);
    }
    const std::string steps = facts.norm_updates ? counted(*facts.norm_updates, "step") : "";
    if (facts.frozen) {
        findings.push_back(
            {FindingKind::start_left, Severity::warning,
             fmt::format("The norms were frozen{}, when {}.", steps.empty() ? "" : " after " + steps, left),
             fmt::format("The results are as in training; in a next run freeze later ({}), or train with a "
                         "smaller --decay or with --debias.",
                         enough_steps(facts, worst))});
        return;
    }
    findings.push_back(
        {FindingKind::start_left, share > start_share_fault ? Severity::fault : Severity::warning,
         steps.empty() ? left + "." : fmt::format("After {}, {}.", steps, left),
         fmt::format("Train for more steps ({}), with a smaller --decay or with --debias; or use {}.",
                     enough_steps(facts, worst), re_estimate(facts))});
}

Lag lag_of(const NormValues& norm, const NamedStatistics& population) {
    const Parameters own_values(population.tensors);
    const std::vector<float>& mean = own_values.at(norm.norm.name + ".running_mean").values;
    const std::vector<float>& variance = own_values.at(norm.norm.name + ".running_var").values;
    Lag lag{{0, 0}, {0, 1}};
    for (std::size_t c = 0; c < norm.mean.size(); ++c) {
        // With epsilon, as in the norm: variances far below it make no difference.
        const double own = static_cast<double>(variance.at(c)) + norm.norm.epsilon;
        const double moving = static_cast<double>(norm.variance[c]) + norm.norm.epsilon;
        const double shift = std::abs(static_cast<double>(norm.mean[c]) - mean.at(c)) / std::sqrt(own);
        const double ratio = std::max(moving / own, own / moving);
        if (shift > lag.shift.value) lag.shift = {c, shift};
        if (ratio > lag.ratio.value) lag.ratio = {c, ratio};
    }
    return lag;
}

void check_lag(const HealthFacts& facts, std::vector<Finding>& findings) {
    // Weights after a freeze were trained with these statistics, whatever they are.
    if (!facts.population || facts.frozen) return;
    for (const NormValues& norm : norms_of(facts.network, facts.parameters)) {
        if (norm.is_at_start() || is_behind_dropout(facts, norm.norm.name)) continue;
        const Lag lag = lag_of(norm, *facts.population);
        std::string text;
        if (lag.shift.value > lag_of_mean) {
            text = fmt::format("a mean is off by {} deviations (channel {})", two_digits(lag.shift.value),
                               lag.shift.channel);
        }
        if (lag.ratio.value > lag_of_variance) {
            text += text.empty() ? "" : " and ";
            text += fmt::format("a variance by a factor of {:.3g} (channel {})", lag.ratio.value,
                                lag.ratio.channel);
        }
        if (text.empty()) continue;
        findings.push_back(
            {FindingKind::lagging, Severity::warning,
             fmt::format("The moving statistics of {} are not those of the {}: {}.", norm.norm.name,
                         counted(facts.population_pictures, "picture"), text),
             fmt::format("Use {}; in training a lower --lr towards the end or a smaller --decay "
                         "keeps them closer.",
                         re_estimate(facts))});
    }
}

void check_small_variance(const HealthFacts& facts, std::vector<Finding>& findings) {
    for (const NormValues& norm : norms_of(facts.network, facts.parameters)) {
        std::size_t count = 0;
        Worst smallest{0, near_epsilon * norm.norm.epsilon};
        for (std::size_t c = 0; c < norm.variance.size(); ++c) {
            // A constant channel is dead, and another finding.
            if (norm.is_constant(c) || norm.variance[c] >= near_epsilon * norm.norm.epsilon) continue;
            ++count;
            if (norm.variance[c] < smallest.value) smallest = {c, norm.variance[c]};
        }
        if (count == 0) continue;
        findings.push_back(
            {FindingKind::small_variance, Severity::warning,
             fmt::format("{} of {} channels of {} {} a moving variance near epsilon, {}: the smallest is {} "
                         "(channel {}).",
                         count, norm.variance.size(), norm.norm.name, count == 1 ? "has" : "have",
                         norm.norm.epsilon, two_digits(smallest.value), smallest.channel),
             "Train with pictures that differ more, or with a smaller --epsilon; channels that are not "
             "needed can go, by a smaller --hidden."});
    }
}

}  // namespace shadenet::health
