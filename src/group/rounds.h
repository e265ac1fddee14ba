// Work that the processes of a group do in rounds, each its own part of a round.
#pragma once

#include <cstdint>
#include <functional>

#include "group/group.h"

namespace shadenet {

struct Rounds {
    std::uint32_t count;
    /// Asked on rank 0 before every round, with its number. Empty: always true.
    std::function<bool(std::uint32_t)> go_on{};
    /// This rank's part of a round.
    std::function<void(std::uint32_t)> work;
    /// After all have done their part of a round. May be empty; else it may call the group.
    std::function<void(std::uint32_t)> collect{};
};

/// All ranks call it, with as many rounds. False where rank 0 did not go on, and, on another rank than 0,
/// also where the work of any rank has failed. Rank 0 then throws: what its own work has thrown, or for
/// another rank an error of the same kind, or WorkError, with that rank's message. What `go_on` and `collect`
/// throw is thrown, and the other ranks are not told.
bool do_rounds(Group& group, const Rounds& rounds);

}  // namespace shadenet
