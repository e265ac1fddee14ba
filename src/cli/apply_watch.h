// shadenet apply --watch: pictures as they arrive.
#pragma once

#include "cli/apply_flags.h"
#include "model/model_file.h"

namespace shadenet {

/// Filters what is in the folders and what comes, until Ctrl-C. Returns the exit code. Throws InputError and
/// WorkError.
int watch_folders(const ApplyFlags& flags, const Model& model);

}  // namespace shadenet
