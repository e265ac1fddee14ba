// Where a run begins: what a resumed one must have in common with what it goes on from, and the first
// parameters.
#pragma once

#include <filesystem>

#include "model/model_file.h"
#include "train/options.h"

namespace shadenet {

/// Compares `options` with the config.json of the run that they are to go on with: network, what its norms do
/// in training, optimizer, seed, batch, size, schedule, plan and training and validation folders must be the
/// same; epochs, test pictures and output may differ, and an --init, a plan or a schedule's steps that are
/// not repeated, and changes of rates, are taken over. Throws InputError when there is no such run, naming
/// what differs otherwise.
void adopt(const std::filesystem::path& config, TrainOptions& options);

/// The model that --init names, or a fresh one. What is held (--no-center, --no-scale) is held at the model's
/// values, which in a fresh one are β 0 and γ 1. Throws InputError when that model is of another
/// architecture.
Model starting_model(const TrainOptions& options);

}  // namespace shadenet
