// Checks of classifiers: of what they make of pictures, and of batches.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/one_line.h"
#include "statistics/health_bounds.h"
#include "statistics/health_checks.h"

namespace shadenet::health {

namespace {

constexpr std::size_t most_listed = 4;

/// "a, b, c, d and 3 more".
std::string some_of(const std::vector<std::string>& names) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_listed));
    std::string text = fmt::format("{}", fmt::join(names.begin(), end, ", "));
    if (names.size() > most_listed) text += fmt::format(" and {} more", names.size() - most_listed);
    return text;
}

}  // namespace

void check_answers(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.classifier) return;
    const ClassifierFacts& seen = *facts.classifier;
    std::vector<std::string> never;
    std::uint64_t pictures = 0;
    for (std::size_t i = 0; i < seen.classes.size(); ++i) {
        if (seen.answers[i] > 0 || seen.labels[i] == 0) continue;
        never.push_back(on_one_line(seen.classes[i]));
        pictures += seen.labels[i];
    }
    if (never.empty()) return;
    findings.push_back(
        {FindingKind::never_answered, Severity::fault,
         fmt::format("{} of {} classes {} never answered, though {} of {}s looked at {} of them: {}.",
                     never.size(), seen.classes.size(), never.size() == 1 ? "is" : "are", pictures,
                     fmt::format("{} {}", seen.pictures, seen.what()), pictures == 1 ? "is" : "are",
                     some_of(never)),
         "Train for longer; if it stays so, give these classes more pictures, or use another --lr or "
         "--seed."});
}

void check_dead_units(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.classifier) return;
    for (const ClassifierFacts::Units& layer : facts.classifier->units) {
        if (layer.dead.empty()) continue;
        std::vector<std::string> numbers;
        for (const std::uint32_t unit : layer.dead) numbers.push_back(fmt::format("{}", unit));
        const auto dead = static_cast<double>(layer.dead.size());
        findings.push_back(
            {FindingKind::dead_unit,
             layer.dead.size() == layer.units       ? Severity::fault
             : dead > many_dead_units * layer.units ? Severity::warning
                                                    : Severity::information,
             fmt::format("{} of {} units of {} {} dead: their relu is 0 for all of {}: {}.",
                         layer.dead.size(), layer.units, layer.layer, layer.dead.size() == 1 ? "is" : "are",
                         counted(facts.classifier->pictures, facts.classifier->what()), some_of(numbers)),
             "They learn nothing any more: train again with a lower --lr, another --seed or leaky_relu, or "
             "do "
             "with fewer units."});
    }
}

bool is_behind_dropout(const HealthFacts& facts, const std::string& norm) {
    if (!facts.classifier) return false;
    return std::ranges::count(facts.classifier->shifts, norm, &ClassifierFacts::Shift::norm) > 0;
}

void check_dropout_shift(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.classifier || facts.frozen) return;
    for (const ClassifierFacts::Shift& shift : facts.classifier->shifts) {
        if (!(shift.ratio > lag_of_variance)) continue;
        findings.push_back(
            {FindingKind::dropout_shift, Severity::warning,
             fmt::format(
                 "Dropout that keeps {} % stands before {}: with it, in training, the variance there is "
                 "{:.3g} times that without it, in use (median of the channels), and the moving "
                 "variance is that of training.",
                 two_digits(100 * shift.keep), shift.norm, shift.ratio),
             "Put dropout behind the last norm, or keep more."});
    }
}

void check_batch_of_classes(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (!facts.classifier || !facts.batch || facts.frozen || !has_norm(facts.network)) return;
    const std::uint32_t pictures = facts.batch->pictures;
    if (facts.batch->all && pictures > 1) return;  // nothing scatters from step to step
    // The values of one picture are no independent samples of what pictures are like.
    const double error = 1 / std::sqrt(static_cast<double>(pictures));
    if (!(error > batch_error_of_classes)) return;
    findings.push_back(
        {FindingKind::small_batch, pictures == 1 ? Severity::fault : Severity::warning,
         fmt::format("The statistics of a training step are those of {}: {}.", counted(pictures, "picture"),
                     pictures == 1 ? "what tells pictures apart is taken out with the mean"
                                   : fmt::format("by chance alone its means are off by some {} deviations",
                                                 two_digits(error))),
         "Take more pictures in a step (--batch), or a network without norms."});
}

}  // namespace shadenet::health
