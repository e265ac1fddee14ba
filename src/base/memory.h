// The memory of this computer and of this process.
#pragma once

#include <cstdint>

namespace shadenet {

/// The memory of this computer in bytes; 8 GiB if unknown.
std::uint64_t physical_memory();
/// The same, or less if a container or batch system allows this process less.
std::uint64_t usable_memory();
/// The most memory that this process ever had, in bytes; 0 if unknown.
std::uint64_t peak_memory();

}  // namespace shadenet
