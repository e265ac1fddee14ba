#include "train/set_scorer.h"

#include <numeric>

namespace shadenet {

std::vector<ScoredSet> sets_to_score(const Task& task) {
    std::vector<ScoredSet> sets = {{"train", task.examples()}};
    if (const Examples* const validation = task.validation().examples) {
        sets.push_back({"validation", *validation});
    }
    if (const Examples* const test = task.test()) sets.push_back({"test", *test});
    return sets;
}

SetScorer::SetScorer(const Device& device, const Network& network, const Parameters& parameters,
                     const ScoredSet& set, const LossKind& loss)
    : name_(set.name),
      has_norm_(has_norm(network)),
      to_unit_range_(loss.to_unit_range(network.range)),
      set_(device, network, parameters, set.examples, loss) {}

SetScores SetScorer::scores(const Parameters& parameters) {
    const Score moving = score(parameters);
    if (!has_norm_) return {name_, moving, moving};
    return {name_, score(set_.measured(parameters).value()), moving};
}

Score SetScorer::score(const Parameters& parameters) {
    const ExampleScores each = set_.scores(parameters);
    const double sum = std::accumulate(each.losses.begin(), each.losses.end(), 0.0);
    Score result{sum / set_.size() * to_unit_range_};
    if (!each.correct.empty()) result.accuracy = each.accuracy();
    return result;
}

}  // namespace shadenet
