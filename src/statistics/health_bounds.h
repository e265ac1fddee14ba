// The bounds from which on a number is a finding of the health check, each with its reason.
#pragma once

namespace shadenet::health {

/// The part of the moving values that is still their start. A mean one deviation from its start is then off
/// by a hundredth of a deviation, and the result by at most about a grey level.
inline constexpr double start_share = 0.01;
/// From here on the moving values contain more of the start than of the pictures.
inline constexpr double start_share_fault = 0.5;
/// The part of a channel's moving variance that is still its start of 1: the deviation is off by a twentieth.
/// A small variance keeps its start for longer than a mean does.
inline constexpr double start_in_variance = 0.1;
/// A variance below the rest of its start is all start, if the difference is up to this part of it: the
/// rounding of thousands of steps in float32.
inline constexpr double start_rounding = 1e-3;

/// The error of moving means in the population's deviations. Default runs that end well keep within 0.14,
/// without a visible trace in the results.
inline constexpr double lag_of_mean = 0.25;
/// The factor between the moving and the population's variances: deviations, and with them contrasts, are off
/// by an eighth. Default runs that end well keep within 1.1.
inline constexpr double lag_of_variance = 1.25;

/// Variances in epsilons: here the square root with epsilon is larger than the deviation by a twentieth, so
/// that the normalised channel's deviation is no longer 1. Default runs that end well have more than 250.
inline constexpr double near_epsilon = 10;
/// The same for constant channels: below this the normalised channel has a deviation below 0.032.
inline constexpr double constant_in_epsilon = 1e-3;
/// The largest part of the pixels that a closed relu lets through.
inline constexpr double relu_opens = 0.01;

/// The mean difference of all values in grey levels of 255: rounding to 8 bits hides less than one.
inline constexpr double difference_mean = 1;
/// The largest difference: an edge or an area that is off by so much is visible.
inline constexpr double difference_largest = 16;
/// The mean difference that visibly changes the brightness or contrast of whole pictures.
inline constexpr double difference_fault = 8;

/// The random error of a batch's mean in deviations. The moving statistics average it, but in training every
/// step shifts its channels by so much; in a filter that changes pictures by some tens of grey levels these
/// are a few levels.
inline constexpr double batch_error = 0.1;
/// The same for classifiers, whose answers survive more: sixteen pictures.
inline constexpr double batch_error_of_classes = 0.25;

/// The part of a layer's units that may be dead before a network is much narrower than it was meant.
inline constexpr double many_dead_units = 0.1;

}  // namespace shadenet::health
