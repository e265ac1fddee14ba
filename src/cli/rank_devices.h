// Which rank has which device.
#pragma once

#include <string>
#include <vector>

#include "gpu/device_info.h"
#include "group/group.h"

namespace shadenet {

struct RankDevice {
    std::string host;
    std::string line;                ///< device_line()
    std::string name, driver, uuid;  ///< as DeviceInfo has them
    std::string problem;             ///< why it has none; empty when it has one
};

/// What every rank would use for its own `request`, in the order of the ranks. All ranks call it; throws
/// nothing where one has no device.
std::vector<RankDevice> devices_of_ranks(Group& group, const std::string& request);

/// A table of the ranks: who has which device, and what `last` says of each below that heading.
void say_ranks(const std::vector<RankDevice>& devices, const std::string& heading,
               const std::vector<std::string>& last);

/// "rank 1 on node7: " and the device_line() of every rank of this_group(). All ranks call it. Nothing of a
/// process alone.
std::vector<std::string> rank_lines(const std::string& request);

}  // namespace shadenet
