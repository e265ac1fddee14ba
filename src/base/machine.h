// The identity of this process, of this computer, and of its current boot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace shadenet {

/// The number in the process' own namespace: a container counts its own processes.
int process_id();

/// The computer's name, "" where it has none.
std::string host_name();

/// `bytes` random bytes of the system, as twice as many hexadecimal digits. Throws WorkError.
std::string random_digits(std::size_t bytes);

/// Tells computers apart, and the boots of one computer. Both are hashes, 12 hexadecimal digits, that reveal
/// nothing else.
struct Machine {
    std::string host;  ///< a container has another host than the computer it runs on
    std::string boot;  ///< of the running kernel: a container has the same boot as its computer
    /// When this boot began, in seconds since 1970; none where the system does not tell.
    std::optional<std::int64_t> booted;
};

/// Where the system does not tell the boot, every process gets a random one.
const Machine& this_machine();

}  // namespace shadenet
