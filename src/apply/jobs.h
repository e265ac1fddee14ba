// Which picture becomes which file, settled before anything is read or written.
#pragma once

#include <filesystem>
#include <vector>

namespace shadenet {

struct ApplyJob {
    std::filesystem::path input, output;
};

struct ApplyPlan {
    std::vector<ApplyJob> jobs;
    std::filesystem::path new_folder;  ///< to be created first; empty when there is none to create
    bool single = false;               ///< the user named one file
};

/// A folder's pictures become <stem>.png in the folder `output`. One picture becomes the file `output`, which
/// must end in .png, or <stem>.png in it when it is a folder. Throws InputError when there is no input, two
/// results would have one name, a result would overwrite an input, or the place for results is taken by a
/// file or does not exist.
ApplyPlan plan_application(const std::filesystem::path& input, const std::filesystem::path& output);

}  // namespace shadenet
