// The statistics of the patches of a step's inputs, over all shares of a job.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/two_layer/patch_moments.h"
#include "group/shares.h"

namespace shadenet {

/// Of no picture.
PatchMoments no_moments(std::uint32_t channels, std::uint32_t kernel);

/// The mean and then the factor of PatchStatistics, as the fused plan reads them, from the moments of each
/// share of the job.
std::vector<float> joined_patch_statistics(std::span<const PatchMoments> shares);

/// The statistics of the steps of a pass. The moments depend on no weight, so that the ranks exchange those
/// of several steps at once: first of one, so that the device need not wait for more, then of two, four and
/// eight. All ranks must make the same calls together.
class JoinedPatches {
  public:
    explicit JoinedPatches(const Shares& shares) : shares_(shares) {}

    /// The moments of a step's patches, of each of this rank's shares.
    using OwnMoments = std::function<std::vector<PatchMoments>(std::uint32_t step)>;

    /// Before the steps of another pass.
    void begin_pass(std::uint32_t steps);
    /// The statistics of a step. `own` is asked about this one, and about some of those that follow it.
    const std::vector<float>& take(std::uint32_t step, const OwnMoments& own);

  private:
    Shares shares_;
    std::uint32_t steps_ = 0;                 ///< of the pass
    std::uint32_t first_ = 0;                 ///< the first step that was exchanged last
    std::vector<std::vector<float>> joined_;  ///< of it and those that follow
};

}  // namespace shadenet
