// The statistics of the patches of a step's inputs, over all shares of a job.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/two_layer/patch_moments.h"
#include "group/shares.h"

namespace shadenet {

/// Of no picture.
PatchMoments no_moments(std::uint32_t channels, std::uint32_t kernel);

/// As the fused plan reads them: the mean and then the factor of PatchStatistics. `own` has the moments of
/// each of this rank's shares; those of other ranks are exchanged, so that all ranks must call it together.
std::vector<float> joined_patch_statistics(const Shares& shares, std::span<const PatchMoments> own);

}  // namespace shadenet
