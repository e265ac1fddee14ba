// How well a network does by the statistics of a whole set of examples in the norms, and by the moving ones:
// what lies between the two shows how far the moving ones lag behind.
#pragma once

#include <atomic>
#include <vector>

#include "engine/stack/whole_set.h"
#include "engine/training_limits.h"
#include "model/network.h"
#include "task/task.h"
#include "train/logs/records.h"

namespace shadenet {

class Device;

/// Examples that are scored in both ways.
struct ScoredSet {
    const char* name;  ///< "train", "validation" or "test"
    const Examples& examples;
};
/// Those of training, and, where there are any, those of validation and of the test.
std::vector<ScoredSet> sets_to_score(const Task& task);
/// How large they are.
std::vector<PictureExtent> extents_to_score(const Task& task);

class SetScorer {
  public:
    /// Throws InputError as WholeSet does.
    SetScorer(const Device& device, const Network& network, const Parameters& parameters,
              const ScoredSet& set, const LossKind& loss);

    /// With the statistics of the whole set, as WholeSet::measured() has them, and with the moving ones.
    /// Losses are added in float64, in the order of the examples. A loss that is no number makes that score's
    /// loss NaN. Throws Stopped soon after `stop` becomes true.
    SetScores scores(const Parameters& parameters, const std::atomic<bool>& stop);

  private:
    Score score(const Parameters& parameters, const std::atomic<bool>& stop);

    const char* name_;
    bool has_norm_;
    double to_unit_range_;
    WholeSet set_;
};

}  // namespace shadenet
