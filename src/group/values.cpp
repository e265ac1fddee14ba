#include "group/values.h"

#include <cstddef>
#include <cstring>

namespace shadenet {

void broadcast_values(Group& group, const std::vector<std::span<float>>& places) {
    if (group.is_alone()) return;
    std::vector<std::byte> bytes;
    for (const std::span<float> values : places) {
        const auto more = std::as_bytes(values);
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    group.broadcast(bytes);
    std::span<const std::byte> left = bytes;
    for (const std::span<float> values : places) {
        // Nothing has no address, which memcpy must be given.
        if (!values.empty()) std::memcpy(values.data(), left.data(), values.size_bytes());
        left = left.subspan(values.size_bytes());
    }
}

}  // namespace shadenet
