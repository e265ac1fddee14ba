#include "train/set_scorer.h"

#include <numeric>

#include "base/error.h"

namespace shadenet {

std::vector<ScoredSet> sets_to_score(const Task& task) {
    std::vector<ScoredSet> sets = {{"train", task.examples()}};
    if (const Examples* const validation = task.validation().examples) {
        sets.push_back({"validation", *validation});
    }
    if (const Examples* const test = task.test()) sets.push_back({"test", *test});
    return sets;
}

std::vector<PictureExtent> extents_to_score(const Task& task) {
    std::vector<PictureExtent> extents;
    for (const ScoredSet& set : sets_to_score(task)) extents.push_back(extent_of(set.examples));
    return extents;
}

SetScorer::SetScorer(const Device& device, const Network& network, const Parameters& parameters,
                     const ScoredSet& set, const LossKind& loss)
    : name_(set.name),
      has_norm_(has_norm(network)),
      to_unit_range_(loss.to_unit_range(network.range)),
      set_(device, network, parameters, set.examples, loss) {}

SetScores SetScorer::scores(const Parameters& parameters, const std::atomic<bool>& stop) {
    const Score moving = score(parameters, stop);
    if (!has_norm_) return {name_, moving, moving};
    const auto own = set_.measured(parameters, [&](const SetProgress&) { return !stop; });
    if (!own) throw Stopped();
    return {name_, score(*own, stop), moving};
}

Score SetScorer::score(const Parameters& parameters, const std::atomic<bool>& stop) {
    const ExampleScores each = set_.scores(parameters, &stop);
    const double sum = std::accumulate(each.losses.begin(), each.losses.end(), 0.0);
    Score result{sum / set_.size() * to_unit_range_};
    if (!each.correct.empty()) result.accuracy = each.accuracy();
    return result;
}

}  // namespace shadenet
