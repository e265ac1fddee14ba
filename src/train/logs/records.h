// What a run tells of an epoch and of a validation.
#pragma once

#include <array>
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
    /// Not one by one, but in the order of quantile_names: what history.csv keeps of many channels.
    bool quantiles = false;
};

/// Of the channels of a norm: a quartile lies between two of them where their number asks for it.
inline constexpr std::array<const char*, 5> quantile_names = {"smallest", "lower_quartile", "median",
                                                              "upper_quartile", "largest"};

/// The statistics that a domain other than the first keeps for itself.
struct DomainRecord {
    std::string name;  ///< "night"
    std::vector<NormStatistics> norms;
};

/// How well a network does on examples.
struct Score {
    double loss = 0;
    std::optional<double> accuracy{};  ///< the share of right answers, 0 to 1; of labelled pictures alone
};

/// How well a network does on a set of examples by the statistics of the whole set, and by the moving ones.
struct SetScores {
    std::string set;  ///< "train", "validation" or "test"
    Score batch, moving;
};

/// What is known at the end of an epoch: a row of history.csv.
struct EpochRecord {
    std::uint32_t epoch = 0;  ///< from 1
    std::uint64_t step = 0;   ///< steps so far
    float learning_rate = 0;
    double train_loss =
        0;  ///< mean of the steps' losses, each weighted by its images, from before its update
    std::optional<double> validation_loss;  ///< in inference mode, after the epoch
    /// Beside both losses, of labelled pictures.
    std::optional<double> train_accuracy{}, validation_accuracy{};
    double seconds = 0;
    std::vector<SetScores> sets{};      ///< where both are asked for
    std::vector<NormStatistics> norms;  ///< of the first domain, where there are several
    std::vector<DomainRecord> domains;  ///< the others'
};

/// One look at the validation pictures: a row of validation.csv.
struct ValidationRecord {
    std::uint32_t epoch = 0;  ///< from 1; that of the steps before it
    std::uint64_t step = 0;   ///< steps so far
    double loss = 0;
    std::optional<double> accuracy{};  ///< of labelled pictures
    bool best = false;                 ///< lower than all before it; only known where the run may end early
};

}  // namespace shadenet
