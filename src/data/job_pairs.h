// The pairs of a run of several processes: each process decodes the pairs of its own shares.
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

/// What rank 0, which has checked all, tells of pairs that another rank may not have.
struct JobPairs {
    std::vector<PictureSize> sizes;           ///< [pair], as they are learned from; none: there are no pairs
    std::vector<std::uint32_t> domain_sizes;  ///< as CheckedPairs has them, and the next
    bool whole_levels = false;
};

// All ranks call it together: rank 0 send_pairs(), the others receive_pairs().
void send_pairs(Group& group, const CheckedPairs& pairs);
JobPairs receive_pairs(Group& group);

/// Throws InputError where a picture on this rank's disk is not the picture of rank 0.
void require_same_pictures(const DataDifference& from_leader);

/// The pairs of the run for one rank: the pairs of its `shares` (of pairs) with their files, all other pairs
/// without files. `found`: the pairs on this rank's disk, which may lack pairs of other ranks; `records`: the
/// records of rank 0, in its order. Throws as require_same_pictures() does where a pair of the rank's own
/// shares is missing, and where the disk has a pair that rank 0 lacks.
CheckedPairs own_pairs(const std::vector<ImagePair>& found, const std::vector<PairRecord>& records,
                       const JobPairs& job, const Shares& shares);

}  // namespace shadenet
