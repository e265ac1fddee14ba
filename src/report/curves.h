// The charts of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/chart.h"
#include "report/class_curves.h"
#include "report/run_record.h"

namespace shadenet {

struct NormCurves {
    std::string name;
    std::uint32_t channels = 0;  ///< of the layer; the charts show at most the first 64
    bool quantiles = false;      ///< the charts show quantile_names of the channels in place of them
    Chart mean, variance;
};

struct Curves {
    std::vector<std::uint32_t> epochs;  ///< the epochs that are points of the charts
    std::uint32_t every = 1;            ///< there is a point every so many epochs, and at the last epoch
    std::string loss_meaning;           ///< in a sentence
    Chart loss;                         ///< training, and if known validation and the floor
    /// Validation by steps, if it was measured within epochs, too.
    std::optional<Chart> validations;
    /// Of labelled pictures: right answers, and those of the validations by steps.
    std::optional<Chart> accuracy{}, accuracies{};
    std::vector<BothCurves> both{};  ///< where the sets were scored in both ways
    std::vector<NormCurves> norms;
};

inline constexpr std::uint32_t most_channels_drawn = 64;

/// Adds a horizontal line to a chart of losses. A floor of 0 is not drawn: it would lie on a linear axis, and
/// cannot be on a logarithmic one.
void add_floor(Chart& chart, double floor, bool linear);

/// One point for each epoch if there are at most 2000, and the same for validations.
Curves curves_of(const RunRecord& run);

}  // namespace shadenet
