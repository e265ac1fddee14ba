// Compiled pipelines kept in the user's cache folder, one file per device and driver.
#pragma once

#include "gpu/device.h"

namespace shadenet {

/// The cache kept for this device, or an empty one. A missing, foreign or damaged file counts as empty. Some
/// drivers do not check the data that they are given, so the file has a checksum of ours.
VkPipelineCache load_pipeline_cache(const Device& device);

/// Writes the cache when it has changed. A failure is no error: the next start just compiles again.
void store_pipeline_cache(const Device& device, VkPipelineCache cache) noexcept;

}  // namespace shadenet
