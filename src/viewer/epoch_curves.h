// A run's records, rearranged: one array for every drawn line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/axis.h"
#include "viewer/run_story.h"

namespace shadenet {

/// A value for every epoch of EpochCurves::epochs; NaN where it is missing or not finite.
using Curve = std::vector<float>;

/// The statistics of a norm layer, as curves of its first most_channels channels.
struct EpochNormCurves {
    static constexpr std::size_t most_channels = 64;
    std::string name;          ///< "bn1"
    std::size_t channels = 0;  ///< all channels of the layer, also those without curves
    std::vector<Curve> moving_mean, moving_variance, batch_mean, batch_variance;
    ValueRange mean_range, variance_range;
};

/// Follows a story: an update costs time only for new records.
class EpochCurves {
  public:
    /// Call in every frame. A story that does not continue the previous one starts new curves.
    void update(const RunStory& story);

    /// Ascending. The first is 0, the untrained network, which has statistics but no losses.
    const std::vector<std::uint32_t>& epochs() const { return epochs_; }
    std::uint32_t last_epoch() const { return epochs_.empty() ? 0 : epochs_.back(); }
    const Curve& training_loss() const { return training_loss_; }
    const Curve& validation_loss() const { return validation_loss_; }
    const ValueRange& loss_range() const { return loss_range_; }
    /// Right answers in percent; all missing of a run on pairs.
    const Curve& training_accuracy() const { return training_accuracy_; }
    const Curve& validation_accuracy() const { return validation_accuracy_; }
    const ValueRange& accuracy_range() const { return accuracy_range_; }
    /// In the order of the network; empty if it has no norm.
    const std::vector<EpochNormCurves>& norms() const { return norms_; }
    /// The index of the epoch with the smallest validation loss.
    std::optional<std::size_t> best_validation() const { return best_validation_; }
    /// The index of an epoch; nothing where it has no record.
    std::optional<std::size_t> index_of(std::uint32_t epoch) const;

  private:
    bool continues(const RunStory& story) const;
    void begin(const RunStory& story);
    void add(const EpochRecord& record);

    Network network_;
    std::size_t records_seen_ = 0;
    std::uint32_t first_epoch_ = 0;
    double first_loss_ = 0, last_loss_ = 0;
    std::vector<std::uint32_t> epochs_;
    Curve training_loss_, validation_loss_, training_accuracy_, validation_accuracy_;
    ValueRange loss_range_, accuracy_range_;
    std::optional<std::size_t> best_validation_;
    std::vector<EpochNormCurves> norms_;
};

}  // namespace shadenet
