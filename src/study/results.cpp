#include "study/results.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/file.h"
#include "report/axis.h"
#include "train/logs/floor.h"
#include "train/logs/history.h"
#include "train/logs/validation_log.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

std::optional<double> lowest_of(const std::vector<ValidationRecord>& validations) {
    if (validations.empty()) return std::nullopt;
    return std::ranges::min(validations, {}, &ValidationRecord::loss).loss;
}

RunResult result_of(const StudyRun& run, const StudyRecord& record) {
    RunResult result{run, RunState::waiting, {}};
    const auto failed = record.failed.find(run.name);
    if (failed != record.failed.end()) {
        result.state = RunState::failed;
        result.failure = failed->second;
    }
    const RunPaths paths(run.options.output);
    if (!paths.holds_run()) return result;
    const auto ended = record.ended.find(run.name);
    if (result.state == RunState::waiting) {
        result.state = ended == record.ended.end() ? RunState::unfinished : ended->second;
    }
    if (!is_there(paths.history())) return result;
    result.history = read_history(paths.history(), run.options.network.network());
    if (const auto floor = read_floor(paths.floor())) result.floor = floor->loss;
    for (EpochRecord& epoch : result.history) epoch.norms = {};
    if (is_there(paths.validations())) {
        result.lowest_logged = lowest_of(read_validations(paths.validations()));
    }
    return result;
}

/// Of the finished runs.
template <typename Figure>
Spread spread_over(const std::vector<RunResult>& runs, const Figure& figure) {
    std::vector<double> values;
    for (const RunResult& run : runs) {
        if (!run.finished()) continue;
        if (const auto value = figure(run)) values.push_back(static_cast<double>(*value));
    }
    return spread_of(std::move(values));
}

void evaluate(VariantResult& variant) {
    const auto in_state = [&](RunState state) {
        return static_cast<std::size_t>(std::ranges::count(variant.runs, state, &RunResult::state));
    };
    variant.finished = in_state(RunState::finished);
    variant.diverged = in_state(RunState::diverged);
    variant.failed = in_state(RunState::failed);
    const auto over = [&](auto figure) {
        return spread_over(variant.runs, [&](const RunResult& run) { return (run.*figure)(); });
    };
    variant.train_loss = over(&RunResult::train_loss);
    variant.validation_loss = over(&RunResult::validation_loss);
    variant.best_validation_loss = over(&RunResult::best_validation_loss);
    variant.seconds_per_epoch = over(&RunResult::seconds_per_epoch);
    variant.gap = over(&RunResult::gap);
}

std::optional<double> threshold_of(const std::vector<VariantResult>& variants) {
    std::optional<double> highest;
    for (const VariantResult& variant : variants) {
        if (variant.diverged > 0 || variant.train_loss.count == 0) continue;
        highest = std::max(highest.value_or(variant.train_loss.median), variant.train_loss.median);
    }
    return highest;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return {};
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    return {values.size(), median, values.front(), values.back()};
}

std::string figure_text(double value) {
    return std::isinf(value) ? "never" : short_number(value, 3);
}

std::optional<double> RunResult::train_loss() const {
    return history.empty() ? std::nullopt : std::optional(history.back().train_loss);
}

std::optional<double> RunResult::validation_loss() const {
    for (auto epoch = history.rbegin(); epoch != history.rend(); ++epoch) {
        if (epoch->validation_loss) return epoch->validation_loss;
    }
    return std::nullopt;
}

std::optional<double> RunResult::best_validation_loss() const {
    std::optional<double> best = lowest_logged;
    for (const EpochRecord& epoch : history) {
        if (epoch.validation_loss)
            best = std::min(best.value_or(*epoch.validation_loss), *epoch.validation_loss);
    }
    return best;
}

std::optional<std::uint32_t> RunResult::epochs_to(double loss) const {
    for (const EpochRecord& epoch : history) {
        if (epoch.train_loss <= loss) return epoch.epoch;
    }
    return std::nullopt;
}

std::optional<double> RunResult::seconds_per_epoch() const {
    if (history.empty()) return std::nullopt;
    std::vector<double> seconds;
    for (const EpochRecord& epoch : history) seconds.push_back(epoch.seconds);
    return spread_of(std::move(seconds)).median;
}

std::optional<double> RunResult::gap() const {
    const auto validation = validation_loss();
    if (!validation || !(history.back().train_loss > 0)) return std::nullopt;
    return *validation / history.back().train_loss;
}

bool StudyResult::validated() const {
    return std::ranges::any_of(
        variants, [](const VariantResult& variant) { return variant.validation_loss.count > 0; });
}

void evaluate(StudyResult& result) {
    for (VariantResult& variant : result.variants) evaluate(variant);
    result.threshold = threshold_of(result.variants);
    if (!result.threshold) return;
    for (VariantResult& variant : result.variants) {
        variant.epochs_to_threshold = spread_over(variant.runs, [&](const RunResult& run) {
            const auto epochs = run.epochs_to(*result.threshold);
            return std::optional(epochs ? *epochs : std::numeric_limits<double>::infinity());
        });
    }
}

StudyResult results_of(const StudyRecord& record) {
    StudyResult result{record.plan, {}, {}};
    for (const StudyVariant& variant : record.plan.variants) result.variants.push_back({variant, {}});
    for (const StudyRun& run : runs_of(record.plan)) {
        result.variants[run.variant].runs.push_back(result_of(run, record));
    }
    evaluate(result);
    return result;
}

void read_again(StudyResult& result, const StudyRun& run, const StudyRecord& record) {
    result.variants.at(run.variant).runs.at(run.repeat) = result_of(run, record);
    evaluate(result);
}

}  // namespace shadenet
