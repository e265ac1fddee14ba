// What a run tells of an epoch and of a validation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shadenet {

/// A norm layer's statistics at some epoch.
struct NormStatistics {
    std::string name;  ///< "bn1"
    std::vector<float> moving_mean, moving_variance;
    /// Those of the epoch's last batch, which it normalised by unless the norms were frozen; empty where not
    /// known, and where there are domains.
    std::vector<float> batch_mean, batch_variance;
};

/// The statistics that a domain other than the first keeps for itself.
struct DomainRecord {
    std::string name;  ///< "night"
    std::vector<NormStatistics> norms;
};

/// What is known at the end of an epoch: a row of history.csv.
struct EpochRecord {
    std::uint32_t epoch = 0;  ///< from 1
    std::uint64_t step = 0;   ///< steps so far
    float learning_rate = 0;
    double train_loss =
        0;  ///< mean of the steps' losses, each weighted by its images, from before its update
    std::optional<double> validation_loss;  ///< in inference mode, after the epoch
    double seconds = 0;
    std::vector<NormStatistics> norms;  ///< of the first domain, where there are several
    std::vector<DomainRecord> domains;  ///< the others'
};

/// One look at the validation pictures: a row of validation.csv.
struct ValidationRecord {
    std::uint32_t epoch = 0;  ///< from 1; that of the steps before it
    std::uint64_t step = 0;   ///< steps so far
    double loss = 0;
    bool best = false;  ///< lower than all before it; only known where the run may end early
};

}  // namespace shadenet
