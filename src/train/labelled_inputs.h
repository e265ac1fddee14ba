// A run on labelled pictures: what it reads, and the network that fits it.
#pragma once

#include <atomic>
#include <memory>

#include "task/task.h"
#include "train/options/options.h"
#include "train/run_folder.h"

namespace shadenet {

/// Reads the labelled pictures of the options, splits them, gives a network that fits its data their form,
/// and sees that the network and the device can take them. The references must outlive the task. Throws
/// InputError as read_labelled_data(), require_classifier() and require_fit() do, for options that ask for
/// validation where no picture is left for it, and where a run that goes on knows other classes; Stopped.
std::unique_ptr<Task> make_classification(const Device& device, TrainOptions& options, const RunPaths& paths,
                                          const std::atomic<bool>& stop);

}  // namespace shadenet
