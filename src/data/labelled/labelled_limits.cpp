#include "data/labelled/labelled_limits.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/memory.h"

namespace shadenet {

std::uint64_t most_labelled_bytes_here() {
    return std::min(most_labelled_bytes, usable_memory() / 2);
}

void check_labelled_size(const std::string& name, std::uint64_t pictures, std::uint64_t bytes) {
    if (pictures > most_labelled_pictures) {
        throw InputError(fmt::format("{}: has {} pictures, and at most {} are accepted; use a part of them",
                                     name, pictures, most_labelled_pictures));
    }
    const std::uint64_t most = most_labelled_bytes_here();
    if (bytes > most) {
        throw InputError(fmt::format(
            "{}: its pictures take {} bytes, and at most {} are accepted here; use fewer or smaller ones",
            name, bytes, most));
    }
}

void throw_if_stopped(const std::atomic<bool>* stop) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) throw Stopped();
}

}  // namespace shadenet
