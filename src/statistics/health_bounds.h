// From where on a figure of the health check is a finding. Each bound has its reason here, and nowhere else a
// home.
#pragma once

namespace shadenet::health {

/// Share of the moving values that is still their start. A mean that lies a deviation from its start is then
/// off by a hundredth of a deviation, and the result by about a grey level at most.
inline constexpr double start_share = 0.01;
/// From here on there is more start than pictures in them.
inline constexpr double start_share_fault = 0.5;
/// Part of a channel's moving variance that is the 1 it began with: the deviation is off by a twentieth. A
/// small variance keeps its start for longer than a mean does.
inline constexpr double start_in_variance = 0.1;
/// A variance that is smaller than what is left of its start by no more than this part of it is all start:
/// thousands of steps in float32 round it so far at most.
inline constexpr double start_rounding = 1e-3;

/// Moving means off by so many of the population's deviations. Default runs that end well keep within 0.14
/// without a visible trace in the results.
inline constexpr double lag_of_mean = 0.25;
/// Moving variances so many times the population's, or its so many times theirs: deviations, and with them
/// contrasts, are off by an eighth. Default runs that end well keep within 1.1.
inline constexpr double lag_of_variance = 1.25;

/// Variances below so many epsilons: what the norm divides by is larger than the deviation by a twentieth,
/// and the channel's deviation is no longer 1. Default runs that end well have more than 250.
inline constexpr double near_epsilon = 10;
/// Below this part of an epsilon the normalised channel has a deviation below 0.032: a constant.
inline constexpr double constant_in_epsilon = 1e-3;
/// Part of the pixels that a relu lets through at most; with fewer the channel is as good as closed.
inline constexpr double relu_opens = 0.01;

/// Grey levels of 255, mean over all values: less than one is lost in rounding to 8 bits.
inline constexpr double difference_mean = 1;
/// At the worst place: an edge or a patch that is off by so much is seen.
inline constexpr double difference_largest = 16;
/// In the mean: brightness or contrast of whole pictures is visibly another.
inline constexpr double difference_fault = 8;

/// Error of a batch's mean in deviations, by chance alone. The moving statistics even it out, but in training
/// every step shifts its channels by so much, and in a filter that changes pictures by some tens of grey
/// levels that is some levels.
inline constexpr double batch_error = 0.1;

}  // namespace shadenet::health
