// How much labelled data may be, and how its readers are stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace shadenet {

constexpr std::uint32_t most_labelled_classes = 1000;
constexpr std::uint32_t most_labelled_pictures = 1U << 24;  ///< training and test together
constexpr std::uint32_t most_labelled_side = 4096;          ///< in pixels
/// The levels of training and test together, or a file. They must also fit in half of the memory that can be
/// used: the other half is for a file while it is read, and for parts that are split off.
constexpr std::uint64_t most_labelled_bytes = std::uint64_t{1} << 32;

/// The less of the two.
std::uint64_t most_labelled_bytes_here();

/// Throws InputError "<name>: ..." when so many pictures of so many bytes, training and test together, are
/// more than that.
void check_labelled_size(const std::string& name, std::uint64_t pictures, std::uint64_t bytes);

/// Throws Stopped when it is set; null is never set.
void throw_if_stopped(const std::atomic<bool>* stop);

}  // namespace shadenet
