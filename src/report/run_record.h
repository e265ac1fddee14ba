// What a run folder holds, read for people to look at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/parameters.h"
#include "statistics/health_file.h"
#include "train/early_stop.h"
#include "train/logs/floor.h"
#include "train/logs/histogram_log.h"
#include "train/options.h"
#include "train/trainer.h"

namespace shadenet {

/// A pair of pictures, or a test picture, with what the network made of it. Paths are empty where there is no
/// such file.
struct PictureSet {
    std::string stem;
    std::filesystem::path input;   ///< as the user gave it
    std::filesystem::path before;  ///< by the untrained network; of pairs only
    std::filesystem::path after;   ///< by the trained one
    std::filesystem::path target;  ///< of pairs only
};

struct RunRecord {
    TrainOptions options;
    std::string device;                                         ///< name and driver
    std::vector<std::pair<std::string, std::string>> settings;  ///< all of config.json, in its order
    std::vector<EpochRecord> history;                           ///< empty where no epoch is done
    std::vector<ValidationRecord> validations;                  ///< empty where there were none within epochs
    HistogramHistory histograms;                                ///< empty where none were measured
    std::optional<Parameters> parameters;                       ///< those of the last checkpoint
    EarlyStop early_stop;                                       ///< of a run that may end early
    std::optional<Floor> floor;                                 ///< of its training pictures
    std::vector<PictureSet> pairs, tests;                       ///< sorted by stem
    std::optional<HealthRecord> health;                         ///< none of a run that has not ended

    Network architecture() const { return two_layer_network(options.network); }
    /// Its validation got no better for long enough, before the last epoch was done.
    bool ended_early() const {
        return early_stop.reached(options.early_stop) &&
               (history.empty() || history.back().epoch < options.epochs);
    }
};

/// A run in any state, from its first checkpoint on. Pictures are looked for and not opened. Throws
/// InputError
/// "<path>: ..." when the folder is not there or holds no run, or a file in it is damaged.
RunRecord read_run(const std::filesystem::path& folder);

}  // namespace shadenet
