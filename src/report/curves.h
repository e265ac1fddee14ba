// The charts of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/chart.h"
#include "report/run_record.h"

namespace shadenet {

struct NormCurves {
    std::string name;
    std::uint32_t channels = 0;  ///< in all; the charts show the first 64 at most
    Chart mean, variance;
};

struct Curves {
    std::vector<std::uint32_t> epochs;  ///< those that are points
    std::uint32_t every = 1;            ///< every how many epochs there is a point; the last is always one
    Chart loss;                         ///< training, and where they are known validation and the floor
    /// Validation by steps, where it is looked at within epochs too.
    std::optional<Chart> validations;
    std::vector<NormCurves> norms;
};

inline constexpr std::uint32_t most_channels_drawn = 64;

/// A level line in a chart of losses. Of 0 none is drawn: it would lie on the axis, or nowhere on a
/// logarithmic one.
void add_floor(Chart& chart, double floor, const std::string& activation);

/// A point an epoch up to 2000 epochs, and one a validation up to as many.
Curves curves_of(const RunRecord& run);

}  // namespace shadenet
