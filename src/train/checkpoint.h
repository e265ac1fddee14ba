// checkpoint.safetensors: a model file that also holds what training needs to go on as if it had never
// stopped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/run_data.h"
#include "model/model_classes.h"
#include "model/model_colours.h"
#include "model/named_statistics.h"
#include "model/parameters.h"
#include "model/safetensors.h"
#include "train/options/early_stop.h"
#include "train/options/options.h"

namespace shadenet {

/// How far a training run has come. The order of the pictures is a function of seed and step, so these are
/// the random state too.
struct Progress {
    std::uint64_t step = 0;           ///< steps done
    std::uint32_t epoch = 0;          ///< epochs finished
    std::uint32_t epoch_step = 0;     ///< steps done of the epoch after those
    double epoch_loss = 0;            ///< sum over these steps of loss times images
    double epoch_seconds = 0;         ///< time they took
    std::uint64_t epoch_correct = 0;  ///< right answers in these steps, of labelled pictures
};

/// What the numbers of a checkpoint depend on besides its options.
struct DataFacts {
    std::uint32_t images, width, height;      ///< examples of an epoch, and their size
    std::vector<std::uint32_t> domain_sizes;  ///< examples of each domain; one where there are no domains
    ModelColours colours{};                   ///< kept for who uses the file as a model
    ModelClasses classes{};                   ///< likewise; none of pairs
};

struct Checkpoint {
    Progress progress;
    Parameters parameters;
    std::vector<float> optimizer_state;  ///< as OptimizerKernels::download_state() gives it
    EarlyStop early_stop{};
    std::vector<NamedStatistics> domains{};  ///< of all but the first, whose own are the parameters'
};

/// Atomic. Throws WorkError when it cannot be written, and when a parameter is not finite: the file then
/// stays as it was.
void write_checkpoint(const std::filesystem::path& path, const TrainOptions& options, const DataFacts& data,
                      const Checkpoint& checkpoint);

/// The best validation that a checkpoint knows of; none in those of earlier versions, and of runs that are
/// not to end early. Throws InputError "<source>: ..." when it is damaged.
EarlyStop early_stop_of(const SafeTensors& file, const std::string& source);

/// Throws InputError "<path>: ..." when the file is damaged, no checkpoint, or of another network,
/// optimizer, learning rate, seed, batch, domains or data set than `options` and `data` say, or has
/// epochs of another number of steps. Of a change in the training pictures their number and size are no
/// matter; the losses and right answers of an unfinished epoch then count by their share of it. After one in
/// the validation pictures there is no best validation.
Checkpoint read_checkpoint(const std::filesystem::path& path, const TrainOptions& options,
                           const DataFacts& data, const DataChange& change = {});

}  // namespace shadenet
