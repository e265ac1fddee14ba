// What a run is made of, as far as names and headers tell, and whether a device can hold it.
#pragma once

#include <filesystem>
#include <vector>

#include "data/picture_pairs.h"
#include "gpu/device_info.h"
#include "train/options.h"

namespace shadenet {

struct RunInputs {
    CheckedPairs training, validation;  ///< no pairs where there is no validation
    std::vector<std::filesystem::path> test;
};

/// Decodes nothing. Throws InputError as check_pairs(), check_streams() and check_pictures() do.
RunInputs checked_inputs(const TrainOptions& options);

/// All folders of pictures that a run is given.
std::vector<std::filesystem::path> picture_folders(const TrainOptions& options);

/// Throws InputError where the device cannot hold the run by the plan (not automatic), with the largest
/// --size that it can.
void require_room(const DeviceInfo& device, const TrainOptions& options, PlanKind plan,
                  const RunInputs& inputs);

}  // namespace shadenet
