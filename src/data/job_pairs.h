// The pairs of a run of several processes: each process reads the pairs of its own shares.
#pragma once

#include <vector>

#include "data/checked_pairs.h"
#include "data/run_data.h"
#include "group/shares.h"

namespace shadenet {

/// Throws InputError where a picture on this rank's disk is not the picture of rank 0.
void require_same_pictures(const DataDifference& from_leader);

/// The pairs of these domains for one rank; all ranks call it together. Rank 0 gives all, as it has `listed`
/// them. Another rank lists its own disk, which may lack what is not of its `shares` (of pairs), and gets all
/// pairs, the others' without files. It throws as list_pairs() does, and as require_same_pictures() does
/// where a pair of its shares is missing or has a file of another number of bytes than rank 0's, and where
/// its disk has a pair that rank 0 lacks. Reads no file.
CheckedPairs own_pairs(const std::vector<Domain>& domains, CheckedPairs listed, const Shares& shares);

}  // namespace shadenet
