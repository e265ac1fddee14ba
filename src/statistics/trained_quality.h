// How good a network is after training, on its validation pictures, or where there are none on those it
// learned from.
#pragma once

#include <optional>

#include "statistics/quality_file.h"
#include "train/run.h"

namespace shadenet {

class Device;

/// So many pictures at equal distances are looked at, ...
inline constexpr std::uint32_t most_judged = 32;
/// ... and no more once they have so many pixels together: seconds.
inline constexpr std::uint64_t most_judged_pixels = 64'000'000;

/// Filters pictures by the model, each by the statistics of its domain, and compares the results with their
/// targets: both clamped and rounded to 8 bits. Empty if it was stopped. Throws BadResult for a result that
/// is no number, what the device throws, and InputError for a damaged floor.json of the run.
std::optional<QualityRecord> judge_trained(const Device& device, const RunResults& results);
/// The same, and writes it to the run folder as quality.json. Throws WorkError if it cannot be written.
std::optional<QualityRecord> judge_and_keep(const Device& device, const RunResults& results);

}  // namespace shadenet
