// A zip archive of a few files, as packages of other programs are.
#pragma once

#include <string>
#include <vector>

namespace shadenet {

struct ZipEntry {
    std::string name;  ///< with / between folders
    std::string bytes;
};

/// The archive's bytes: entries stored as they are, without times, so that the same files make the same
/// bytes. Names and contents must be below 4 GiB together.
std::string zip_file(const std::vector<ZipEntry>& entries);

}  // namespace shadenet
