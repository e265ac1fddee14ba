#include "engine/stack/scratch.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/smaller.h"

namespace shadenet {

void Scratch::reserve(std::uint64_t bytes, int half) {
    reserved_[half] = std::max(reserved_[half], bytes);
}

void Scratch::allocate() {
    if (halves_[0]) return;
    const std::uint64_t bytes = std::max(reserved_[0], reserved_[1]);
    if (bytes > device_.info().max_storage_range) {
        throw InputError(
            fmt::format("{}: the partial sums of such a batch need {} MiB in one binding, and the device "
                        "binds {} MiB; use {}",
                        device_.info().name, bytes >> 20, device_.info().max_storage_range >> 20,
                        smaller_batch_or_pictures));
    }
    for (int half : {0, 1}) halves_[half].emplace(device_, reserved_[half], "partial results");
}

BufferRange Scratch::range(std::uint64_t bytes, int half) {
    allocate();
    return halves_[half]->range(0, bytes);
}

}  // namespace shadenet
