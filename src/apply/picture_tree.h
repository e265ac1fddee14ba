// The pictures of a folder, and of the folders in it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

/// What kept a file or folder from being looked at.
struct Problem {
    std::filesystem::path path;
    std::string message;
};

struct PictureTree {
    std::vector<std::filesystem::path> names;  ///< relative to the folder, sorted byte by byte
    std::vector<Problem> problems;             ///< folders that could not be read
    std::size_t links = 0;  ///< links to folders: not followed, so that none leads in circles
};

/// All files with a picture's extension; those in folders below only when `recursive`. Hidden files and
/// folders are passed over, and so is the folder `except`. A link that leads nowhere counts as a picture:
/// whoever opens it will report it. Throws InputError when `folder` is none or cannot be read.
PictureTree list_pictures(const std::filesystem::path& folder, bool recursive,
                          const std::filesystem::path& except);

}  // namespace shadenet
