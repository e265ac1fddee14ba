#include "train/run_logs.h"

#include <string>
#include <utility>

#include "data/examples.h"
#include "train/logs/epoch_log.h"
#include "train/logs/event_log.h"
#include "train/logs/floor.h"
#include "train/logs/histogram_log.h"
#include "train/logs/history.h"
#include "train/logs/validation_log.h"
#include "train/set_scorer.h"

namespace shadenet {

namespace {

/// All but the first, whose statistics are the model's own.
std::vector<std::string> further_domains(const TrainOptions& options) {
    std::vector<std::string> names;
    for (std::size_t i = 1; i < options.domains.size(); ++i) names.push_back(options.domains[i].name);
    return names;
}

std::vector<std::string> scored_sets(const TrainOptions& options, const Task& task) {
    std::vector<std::string> names;
    if (!options.evaluate_both) return names;
    for (const ScoredSet& set : sets_to_score(task)) names.emplace_back(set.name);
    return names;
}

/// Empty for a network without norms.
MeasureNorms norm_measure(const Device& device, const Network& network, const Examples& examples,
                          const Parameters& parameters, const std::atomic<bool>& stop) {
    if (!has_norm(network)) return {};
    const auto norms = std::make_shared<NormHistograms>(device, network, parameters, examples.input_shape());
    return [norms, &examples, &stop](const Parameters& now, std::uint32_t epoch) {
        return norms->measure(now, examples, epoch, stop);
    };
}

}  // namespace

RunLogs::RunLogs(const Device& device, const TrainOptions& options, const Network& network,
                 const RunPaths& paths, const Task& task, const Parameters& parameters,
                 RunObserver& front_end, const std::atomic<bool>& stop) {
    auto histograms = std::make_unique<HistogramLog>(
        paths.histograms(), options.histograms
                                ? norm_measure(device, network, task.examples(), parameters, stop)
                                : MeasureNorms());
    const std::vector<NormHistogram>& latest = histograms->latest();
    logs_.push_back(std::make_unique<History>(
        paths.history(), network,
        HistoryColumns{further_domains(options), options.learns_classes(), scored_sets(options, task)}));
    logs_.push_back(std::make_unique<ValidationLog>(paths.validations(), options.validate_every > 0,
                                                    options.learns_classes()));
    logs_.push_back(std::make_unique<EpochLog>(paths.epochs(), network));
    if (const std::optional<PairSets> pairs = task.pairs()) {
        logs_.push_back(
            std::make_unique<FloorLog>(device, network, pairs->training, paths.floor(), front_end, stop));
    }
    logs_.push_back(std::move(histograms));
    if (options.tensorboard) logs_.push_back(std::make_unique<EventLog>(paths.path(), latest));
    for (const auto& log : logs_) observers_.push_back(log.get());
    observers_.push_back(&front_end);
}

void RunLogs::on_result(const SquaredErrors& errors) {
    for (RunObserver* const one : observers_) one->on_result(errors);
}

void RunLogs::on_pictures(const std::vector<PublishedPicture>& pictures, std::uint64_t step) {
    for (RunObserver* const one : observers_) one->on_pictures(pictures, step);
}

void RunLogs::on_test(const TestResults& results) {
    for (RunObserver* const one : observers_) one->on_test(results);
}

std::vector<std::filesystem::path> RunLogs::files() const {
    std::vector<std::filesystem::path> all;
    for (const RunObserver* const one : observers_) {
        const std::vector<std::filesystem::path> files = one->files();
        all.insert(all.end(), files.begin(), files.end());
    }
    return all;
}

}  // namespace shadenet
