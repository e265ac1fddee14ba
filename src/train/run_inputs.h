// What a run is made of, as far as names and headers tell, and whether a device can hold it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "gpu/device_info.h"
#include "group/shares.h"
#include "task/image_to_image.h"
#include "train/options/options.h"
#include "train/run_folder.h"

namespace shadenet {

/// Throws InputError where a run is to fill a folder that it reads pictures from.
void require_own_folder(const TrainOptions& options);

/// The task that the options ask for, of inputs that are checked, and that the device can hold by the
/// options' plan (not automatic); decodes nothing. The references must outlive it. Of labelled pictures reads
/// all, and gives a preset their form. Throws InputError as list_pairs(), check_headers(), check_pictures()
/// and require_room() do, and for a picture whose name is too long for the name of its result. For labelled
/// pictures it throws as make_classification() does.
///
/// `shares`: of pairs, of which this rank is to decode its own. Rank 0 has `offer` called when it has done
/// what it can by itself, and the other ranks then call make_task(), too, each with its own device. They
/// throw as own_pairs() does, too; where one rank throws after that, the others are still waiting.
std::unique_ptr<Task> make_task(const Device& device, TrainOptions& options, const RunPaths& paths,
                                const std::atomic<bool>& stop, const Shares& shares = {},
                                const std::function<void()>& offer = {});

/// Throws InputError where the device cannot hold this rank's part of the run by the plan (not automatic),
/// with the largest --size that it can.
void require_room(const DeviceInfo& device, const TrainOptions& options, PlanKind plan,
                  const PictureInputs& inputs, const Shares& shares = {});

}  // namespace shadenet
