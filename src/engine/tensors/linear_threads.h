// Threads that count themselves by one number, and what each of them has: shaders/include/linear.glsl.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"

namespace shadenet {

/// Threads of a workgroup where a thread does little.
inline constexpr std::uint32_t light_local_size = 64;

/// At least `count` threads, which linear_thread() numbers from 0; the kernel ignores those beyond. More rows
/// of them where there are more than a device runs along one axis.
inline Threads linear_threads(std::uint64_t count) {
    constexpr std::uint32_t along_x = 1 << 18;  // in workgroups of 8 half of what Vulkan guarantees
    return {std::min<std::uint64_t>(count, along_x), pieces_of(count, along_x)};
}

/// Threads that share `count` values of a row, at most `each` to a thread.
constexpr std::uint32_t row_threads(std::uint32_t count, std::uint32_t each) {
    constexpr std::uint32_t neighbours = 8;
    const std::uint32_t run = neighbours * each;
    return count / run * neighbours + std::min(count % run, neighbours);
}

}  // namespace shadenet
