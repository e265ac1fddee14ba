#include "study/results.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/file.h"
#include "report/axis.h"
#include "task/test_results.h"
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

std::optional<double> best_of(const std::vector<ValidationRecord>& validations) {
    std::optional<double> best;
    for (const ValidationRecord& record : validations) best = std::max(best, record.accuracy);
    return best;
}

/// The network that a run has written its history of. One that fits its data gets their form in the run.
Network network_of(const StudyRun& run, const RunPaths& paths) {
    const NetworkChoice& choice = run.options.network;
    return choice.fits_data ? read_config(paths.config()).network.network() : choice.network();
}

/// That by which classifiers are raced.
std::optional<double> raced_accuracy(const EpochRecord& epoch) {
    return epoch.validation_accuracy ? epoch.validation_accuracy : epoch.train_accuracy;
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
    result.history = read_history(paths.history(), network_of(run, paths));
    if (const auto floor = read_floor(paths.floor())) result.floor = floor->loss;
    for (EpochRecord& epoch : result.history) epoch.norms = {};
    if (is_there(paths.validations())) {
        const std::vector<ValidationRecord> validations = read_validations(paths.validations());
        result.lowest_logged = lowest_of(validations);
        result.best_logged = best_of(validations);
    }
    if (is_there(paths.test())) {
        const TestResults test = read_test_results(paths.test());
        result.test = {test.loss, test.accuracy()};
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
    variant.train_accuracy = over(&RunResult::train_accuracy);
    variant.validation_accuracy = over(&RunResult::validation_accuracy);
    variant.best_validation_accuracy = over(&RunResult::best_validation_accuracy);
    variant.test_accuracy = over(&RunResult::test_accuracy);
    variant.test_loss = over(&RunResult::test_loss);
    variant.best_raced_accuracy = over(&RunResult::best_raced_accuracy);
}

std::optional<double> lowest_accuracy(const std::vector<VariantResult>& variants) {
    std::optional<double> lowest;
    for (const VariantResult& variant : variants) {
        const Spread& best = variant.best_raced_accuracy;
        if (variant.diverged > 0 || best.count == 0) continue;
        lowest = std::min(lowest.value_or(best.median), best.median);
    }
    return lowest;
}

std::optional<double> highest_loss(const std::vector<VariantResult>& variants) {
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

std::string share_text(double share) {
    return fmt::format("{:.2f} %", 100 * share);
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

std::optional<double> RunResult::train_accuracy() const {
    return history.empty() ? std::nullopt : history.back().train_accuracy;
}

std::optional<double> RunResult::validation_accuracy() const {
    for (auto epoch = history.rbegin(); epoch != history.rend(); ++epoch) {
        if (epoch->validation_accuracy) return epoch->validation_accuracy;
    }
    return std::nullopt;
}

std::optional<double> RunResult::best_validation_accuracy() const {
    // An optional without a value is less than any with one.
    std::optional<double> best = best_logged;
    for (const EpochRecord& epoch : history) best = std::max(best, epoch.validation_accuracy);
    return best;
}

std::optional<double> RunResult::best_raced_accuracy() const {
    std::optional<double> best;
    for (const EpochRecord& epoch : history) best = std::max(best, raced_accuracy(epoch));
    return best;
}

std::optional<std::uint32_t> RunResult::epochs_to_accuracy(double accuracy) const {
    for (const EpochRecord& epoch : history) {
        if (const auto raced = raced_accuracy(epoch); raced && *raced >= accuracy) return epoch.epoch;
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

std::optional<std::uint32_t> StudyResult::epochs_to_threshold(const RunResult& run) const {
    if (!threshold) return std::nullopt;
    return classes() ? run.epochs_to_accuracy(*threshold) : run.epochs_to(*threshold);
}

std::string StudyResult::threshold_text() const {
    if (!classes()) return fmt::format("a training loss of {}", figure_text(*threshold));
    return fmt::format("a {} accuracy of {}", validated() ? "validation" : "training",
                       share_text(*threshold));
}

void evaluate(StudyResult& result) {
    for (VariantResult& variant : result.variants) evaluate(variant);
    result.threshold = result.classes() ? lowest_accuracy(result.variants) : highest_loss(result.variants);
    if (!result.threshold) return;
    for (VariantResult& variant : result.variants) {
        variant.epochs_to_threshold = spread_over(variant.runs, [&](const RunResult& run) {
            const auto epochs = result.epochs_to_threshold(run);
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
