// The model of a run whose last layer was solved after training: its checkpoint and epochs.bin stay as
// trained.
#pragma once

#include <optional>

#include "model/model_file.h"
#include "train/run_folder.h"

namespace shadenet {

/// The run's model where it was solved after the last step of its checkpoint; none where it was not, or
/// training has gone on since. Throws InputError "<path>: ..." for a damaged model.
std::optional<Model> solved_model(const RunPaths& run, const SafeTensors& checkpoint);

}  // namespace shadenet
