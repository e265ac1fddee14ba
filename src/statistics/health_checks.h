// The checks that check_health() is made of. Each appends its findings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "statistics/health.h"

namespace shadenet::health {

/// The command that replaces the moving statistics by those of pictures; of a classifier, that brings them
/// nearer.
std::string re_estimate(const HealthFacts& facts);

/// A norm with its values, all [channels]. They are in a HealthFacts, which must outlive them.
struct NormValues {
    BatchNorm norm;
    std::span<const float> gamma, beta, mean, variance;

    /// Whether the variance is so small that the normalised channel is a constant.
    bool is_constant(std::size_t channel) const;
    /// Whether all means are 0 and all variances 1.
    bool is_at_start() const;
};
std::vector<NormValues> norms_of(const Network& network, const Parameters& parameters);

/// The worst channel, and its error.
struct Worst {
    std::size_t channel = 0;
    double value = 0;
};

// Moving statistics: health_norms.cpp.
void check_never_updated(const HealthFacts& facts, std::vector<Finding>& findings);
void check_start_left(const HealthFacts& facts, std::vector<Finding>& findings);
void check_lag(const HealthFacts& facts, std::vector<Finding>& findings);
void check_small_variance(const HealthFacts& facts, std::vector<Finding>& findings);
/// The largest distance of the population's mean from the moving mean, in its deviations; and the largest
/// ratio of variances, at least 1.
struct Lag {
    Worst shift, ratio;
};
Lag lag_of(const NormValues& norm, const NamedStatistics& population);

// Channels: health_channels.cpp.
/// Of two-layer networks alone, and of filters.
void check_dead_channels(const HealthFacts& facts, std::vector<Finding>& findings);
void check_cancelled_biases(const HealthFacts& facts, std::vector<Finding>& findings);

// Batches and results: health_batches.cpp.
void check_small_batch(const HealthFacts& facts, std::vector<Finding>& findings);
void check_outputs(const HealthFacts& facts, std::vector<Finding>& findings);

// Classifiers: health_classes.cpp.
void check_answers(const HealthFacts& facts, std::vector<Finding>& findings);
void check_dead_units(const HealthFacts& facts, std::vector<Finding>& findings);
void check_dropout_shift(const HealthFacts& facts, std::vector<Finding>& findings);
/// Whether the variance of the norm is another in training than in use for that reason.
bool is_behind_dropout(const HealthFacts& facts, const std::string& norm);
void check_batch_of_classes(const HealthFacts& facts, std::vector<Finding>& findings);

/// Two significant digits, or the whole number: "0.13", "42", "131", "1.0e-07".
std::string two_digits(double value);

}  // namespace shadenet::health
