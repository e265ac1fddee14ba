// The content of a run's folder, read for the report.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/parameters.h"
#include "statistics/health_file.h"
#include "statistics/quality_file.h"
#include "task/test_results.h"
#include "train/logs/floor.h"
#include "train/logs/histogram_log.h"
#include "train/options/early_stop.h"
#include "train/options/options.h"
#include "train/trainer.h"

namespace shadenet {

/// A pair of pictures, or a test picture, with the network's results. A path is empty if there is no such
/// file.
struct ReportedPicture {
    std::string stem;
    std::filesystem::path input;   ///< as the user gave it
    std::filesystem::path before;  ///< result of the untrained network; only of pairs
    std::filesystem::path after;   ///< result of the trained network
    std::filesystem::path target;  ///< only of pairs
};

/// One of the worst mistakes whose picture the run has written.
struct ReportedMistake {
    Mistake mistake;
    std::filesystem::path picture;
};

struct RunRecord {
    TrainOptions options;
    std::string device;                                         ///< name and driver
    std::vector<std::pair<std::string, std::string>> settings;  ///< all of config.json, in its order
    std::vector<EpochRecord> history;                           ///< empty before the first epoch is done
    std::vector<ValidationRecord> validations;                  ///< empty if there were none within epochs
    HistogramHistory histograms;                                ///< empty if none were measured
    std::optional<Parameters> parameters;                       ///< those of the last checkpoint, or solved
    std::string solved;                         ///< what solving the last layer gained; mostly empty
    EarlyStop early_stop;                       ///< only of a run that may end early
    std::optional<Floor> floor;                 ///< of its training pictures
    std::vector<ReportedPicture> pairs, tests;  ///< sorted by stem
    std::optional<QualityRecord> quality;       ///< none if the run has not ended
    std::optional<HealthRecord> health;         ///< none if the run has not ended
    std::optional<TestResults> test;            ///< of labelled pictures; none if the run has not ended
    std::vector<ReportedMistake> mistakes;      ///< of the test, in its order

    Network architecture() const { return options.network.network(); }
    /// Whether the run ended before its last epoch, because validation did not improve for long enough.
    bool ended_early() const {
        return early_stop.reached(options.early_stop) &&
               (history.empty() || history.back().epoch < options.epochs);
    }
};

/// Reads a run in any state, from its first checkpoint on. Pictures are searched for, but not opened. Throws
/// InputError "<path>: ..." when the folder does not exist or holds no run, or a file in it is damaged.
RunRecord read_run(const std::filesystem::path& folder);

/// Where training has gone on since something was found after `step`: " This was found after 20 steps; ...",
/// else empty.
std::string found_before(const std::vector<EpochRecord>& history, std::uint64_t step);

}  // namespace shadenet
