// The pairs of a run that several processes share: each rank but 0 reads only those of its shares.
#pragma once

#include <cstdint>
#include <vector>

#include "data/checked_pairs.h"
#include "data/picture_set.h"
#include "data/run_data.h"
#include "group/group.h"
#include "group/shares.h"
#include "image/pairs.h"

namespace shadenet {

/// What rank 0, which has read all, tells of the pictures that another rank does not read.
struct JobPairs {
    std::vector<PictureSize> sizes;           ///< [pair], as they are learned from
    std::vector<std::uint32_t> domain_sizes;  ///< as PictureSet has them
    bool whole_levels = false;                ///< of all, likewise
};

// All ranks call it together: rank 0 send_pairs(), the others receive_pairs().
void send_pairs(Group& group, const PictureSet& pictures);
JobPairs receive_pairs(Group& group);

/// Throws InputError where the pictures of this rank, which has its own disks, are not those of rank 0.
void require_same_pictures(const DataDifference& from_leader);

/// The pairs of the run as a rank is to read them: those of its `shares` (of pairs) with their files, the
/// others without. `found`: what there is on this rank's disks, which may lack the others; `records`: those
/// of rank 0, in its order. Throws as require_same_pictures() does where one of its own is missing, or one is
/// there that rank 0 has not.
CheckedPairs own_pairs(const std::vector<ImagePair>& found, const std::vector<PairRecord>& records,
                       const JobPairs& job, const Shares& shares);

}  // namespace shadenet
