// Numbers that ranks give one another.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include "group/group.h"

namespace shadenet {

/// The numbers that lie in these bytes, as an exchange returns them.
template <class Value>
std::vector<Value> values_in(std::span<const std::byte> bytes) {
    std::vector<Value> values(bytes.size() / sizeof(Value));
    // Nothing has no address, which memcpy must be given.
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

/// Rank 0's values, which on the other ranks take the place of their own; as many in as many places. All
/// ranks call it together.
void broadcast_values(Group& group, const std::vector<std::span<float>>& places);

}  // namespace shadenet
