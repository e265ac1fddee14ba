// A share of a folder's pictures, for several machines that work on the same folder.
#pragma once

#include <cstdint>
#include <string>

namespace shadenet {

/// Share `index` of `count`, counted from 1.
struct Shard {
    std::uint32_t index = 1, count = 1;
    /// Whether a picture of this name, relative to the folder, is in the share. Every name is in exactly one
    /// of the `count` shares, whatever else the folder holds.
    bool takes(const std::string& name) const;
};

/// "2/4", or "auto" for the place in a Slurm job array, from Slurm's environment variables. Throws
/// InputError.
Shard parse_shard(const std::string& text);

}  // namespace shadenet
