// Who we are: this process, this computer, and the time since it was started.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace shadenet {

/// As this process' own namespace counts.
int process_id();

/// The computer's name, "" where it has none.
std::string host_name();

/// `bytes` random bytes of the system, as twice as many hexadecimal digits. Throws WorkError.
std::string random_digits(std::size_t bytes);

/// Tells computers, and their times from one start to the next, apart. Both are hashes, 12 hexadecimal
/// digits, which tell nothing else.
struct Machine {
    std::string host;  ///< a container has another host than the computer it runs on
    std::string boot;  ///< of the running kernel: a container has the same boot as its computer
    /// When this boot began, in seconds since 1970; none where the system does not tell.
    std::optional<std::int64_t> booted;
};

/// Where the system tells no boot, another one in every process.
const Machine& this_machine();

}  // namespace shadenet
