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
    std::size_t at = 0;
    for (const std::span<float> values : places) {
        std::memcpy(values.data(), bytes.data() + at, values.size_bytes());
        at += values.size_bytes();
    }
}

}  // namespace shadenet
