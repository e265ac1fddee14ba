// Numbers that rank 0 gives all ranks.
#pragma once

#include <span>
#include <vector>

#include "group/group.h"

namespace shadenet {

/// Rank 0's values, which on the other ranks take the place of their own; as many in as many places. All
/// ranks call it together.
void broadcast_values(Group& group, const std::vector<std::span<float>>& places);

}  // namespace shadenet
