#include "viewer/epoch_curves.h"

#include <bit>
#include <cmath>

namespace shadenet {

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

float finite_or_missing(double value) {
    const auto narrow = static_cast<float>(value);
    return std::isfinite(narrow) ? narrow : missing;
}

/// Also true for equal NaNs.
bool same_bits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

EpochNormCurves untrained_norm(std::string name, std::size_t channels) {
    EpochNormCurves norm{.name = std::move(name), .channels = channels};
    const std::size_t shown = std::min(channels, EpochNormCurves::most_channels);
    norm.moving_mean.assign(shown, {0});
    norm.moving_variance.assign(shown, {1});
    norm.batch_mean.assign(shown, {missing});
    norm.batch_variance.assign(shown, {missing});
    norm.mean_range.include(0);
    norm.variance_range.include(1);
    return norm;
}

void add_values(std::vector<Curve>& curves, const std::vector<float>& values, ValueRange& range) {
    for (std::size_t channel = 0; channel < curves.size(); ++channel) {
        const float value = channel < values.size() ? finite_or_missing(values[channel]) : missing;
        curves[channel].push_back(value);
        range.include(value);
    }
}

void add_percent(Curve& curve, const std::optional<double>& share, ValueRange& range) {
    curve.push_back(share ? finite_or_missing(100 * *share) : missing);
    range.include(curve.back());
}

}  // namespace

void EpochCurves::update(const RunStory& story) {
    if (!continues(story)) begin(story);
    for (; records_seen_ < story.records.size(); ++records_seen_) add(story.records[records_seen_]);
    if (records_seen_ == 0) return;
    first_epoch_ = story.records.front().epoch;
    first_loss_ = story.records.front().train_loss;
    last_loss_ = story.records.back().train_loss;
}

bool EpochCurves::continues(const RunStory& story) const {
    if (epochs_.empty() || story.network != network_ || story.records.size() < records_seen_) return false;
    if (records_seen_ == 0) return true;
    const EpochRecord& first = story.records.front();
    return first.epoch == first_epoch_ && same_bits(first.train_loss, first_loss_) &&
           same_bits(story.records[records_seen_ - 1].train_loss, last_loss_);
}

void EpochCurves::begin(const RunStory& story) {
    *this = EpochCurves();
    network_ = story.network;
    epochs_ = {0};
    training_loss_ = validation_loss_ = training_accuracy_ = validation_accuracy_ = {missing};
    for (const BatchNorm& norm : norms_of(story.network)) {
        norms_.push_back(untrained_norm(norm.name, norm.channels));
    }
}

void EpochCurves::add(const EpochRecord& record) {
    if (record.epoch <= epochs_.back()) return;
    epochs_.push_back(record.epoch);
    const float validation = record.validation_loss ? finite_or_missing(*record.validation_loss) : missing;
    training_loss_.push_back(finite_or_missing(record.train_loss));
    validation_loss_.push_back(validation);
    loss_range_.include(training_loss_.back());
    loss_range_.include(validation);
    add_percent(training_accuracy_, record.train_accuracy, accuracy_range_);
    add_percent(validation_accuracy_, record.validation_accuracy, accuracy_range_);
    if (!std::isnan(validation) && (!best_validation_ || validation < validation_loss_[*best_validation_])) {
        best_validation_ = epochs_.size() - 1;
    }
    for (EpochNormCurves& norm : norms_) {
        const auto found = std::find_if(record.norms.begin(), record.norms.end(),
                                        [&](const NormStatistics& one) { return one.name == norm.name; });
        static const NormStatistics nothing;
        const NormStatistics& statistics = found == record.norms.end() ? nothing : *found;
        add_values(norm.moving_mean, statistics.moving_mean, norm.mean_range);
        add_values(norm.moving_variance, statistics.moving_variance, norm.variance_range);
        add_values(norm.batch_mean, statistics.batch_mean, norm.mean_range);
        add_values(norm.batch_variance, statistics.batch_variance, norm.variance_range);
    }
}

std::optional<std::size_t> EpochCurves::index_of(std::uint32_t epoch) const {
    const auto found = std::lower_bound(epochs_.begin(), epochs_.end(), epoch);
    if (found == epochs_.end() || *found != epoch) return std::nullopt;
    return static_cast<std::size_t>(found - epochs_.begin());
}

}  // namespace shadenet
