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

/// The mean and then the factor of PatchStatistics, as the fused plan reads them. `own` has the moments of
/// each of this rank's shares. The ranks exchange their moments: all ranks must call this function together.
std::vector<float> joined_patch_statistics(const Shares& shares, std::span<const PatchMoments> own);

}  // namespace shadenet
