// The charts that only a run on labelled pictures has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/chart.h"
#include "train/logs/records.h"

namespace shadenet {

/// A set of examples by the statistics of the whole set and by the moving ones.
struct BothCurves {
    std::string pictures;  ///< "test pictures"
    Chart loss, accuracy;
    std::string lag;  ///< how far apart the two are, in a sentence
};

/// In percent, of every epoch; none where the records have no accuracy.
std::optional<Chart> accuracy_chart(const std::vector<EpochRecord>& history);
/// The same of validations by steps.
std::optional<Chart> accuracy_chart(const std::vector<ValidationRecord>& validations);

/// For each set that was scored in both ways.
std::vector<BothCurves> both_curves(const std::vector<EpochRecord>& history);

/// "After epoch 1 the moving averages give 2.86 times the loss of batch statistics, 1.216 and 0.4257; from
/// epoch 7 on the two lie within 10 % of each other.", of scores that are there.
std::string lag_sentence(const std::vector<EpochRecord>& history, std::size_t set);

}  // namespace shadenet
