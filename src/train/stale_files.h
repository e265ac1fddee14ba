// Files of a run that are no longer worth keeping.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/run_data.h"
#include "train/run_folder.h"

namespace shadenet {

/// Removes what was made of pictures that a run no longer has: the floor, the health check, before_*.png and
/// after_*.png of the pairs `before` and `now`, and after a change of the validation pictures
/// best.safetensors. What tells of the epochs that are done stays, for that is how they were. Throws
/// WorkError.
void remove_derived(const RunFolder& folder, const DataChange& change, const std::vector<PairRecord>& before,
                    const std::vector<PairRecord>& now);

/// Removes what a new run has written that failed before it had learned anything, so that its folder can be
/// used again. `stems`: of its pairs; `event_file` may be empty.
void remove_begun(const RunFolder& folder, const std::vector<std::string>& stems,
                  const std::filesystem::path& event_file) noexcept;

}  // namespace shadenet
