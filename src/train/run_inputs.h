// What a run is made of, as far as names and headers tell, and whether a device can hold it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "data/job_pairs.h"
#include "gpu/device_info.h"
#include "group/shares.h"
#include "task/image_to_image.h"
#include "train/options/options.h"
#include "train/run_folder.h"

namespace shadenet {

/// Throws InputError where a run is to fill a folder that it reads pictures from.
void require_own_folder(const TrainOptions& options);

/// Of another rank than 0: what rank 0 tells of all pairs.
struct OtherPairs {
    const JobPairs &training, &validation;
};

/// The task that the options ask for, of inputs that are checked, and that the device can hold by the
/// options' plan (not automatic); decodes nothing. The references must outlive it. Throws InputError as
/// check_pairs(), check_domains(), check_pictures() and require_room() do, and for a name too long for that
/// of a result. Of labelled pictures reads all, gives a preset their form, and throws as
/// read_labelled_data() and require_classifier() do too. `shares`: of pairs, of which this rank is to
/// decode its own. `others`: on another rank than 0, which may lack the rest; throws as own_pairs() does
/// then.
std::unique_ptr<Task> make_task(const Device& device, TrainOptions& options, const RunPaths& paths,
                                const std::atomic<bool>& stop, const Shares& shares = {},
                                const std::optional<OtherPairs>& others = {});

/// Throws InputError where the device cannot hold this rank's part of the run by the plan (not automatic),
/// with the largest --size that it can.
void require_room(const DeviceInfo& device, const TrainOptions& options, PlanKind plan,
                  const PictureInputs& inputs, const Shares& shares = {});

}  // namespace shadenet
