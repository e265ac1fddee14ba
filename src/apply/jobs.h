// Which picture becomes which file, settled before anything is read or written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "apply/picture_tree.h"
#include "apply/shard.h"

namespace shadenet {

/// What the user asked for. `format`: "same", "png" or "jpg", or empty where it is left to the names.
struct ApplyRequest {
    std::filesystem::path input, output;
    std::string format;
    bool recursive = false;
    Shard shard;
};

struct ApplyJob {
    std::filesystem::path input;
    std::filesystem::path output;  ///< its extension tells the format
};

struct ApplyPlan {
    std::vector<ApplyJob> jobs;  ///< sorted by the input's name
    bool single = false;         ///< the user named one file
    std::vector<Problem> problems;
    std::size_t links = 0;  ///< to folders, which are not followed
};

/// A folder's pictures go to the folder `output`, with the folders below it as they are; one picture goes to
/// the file `output`, or into the folder of that name. A picture keeps its name, but for the extension when
/// `format` is another. Throws InputError when there is no input, two results would have one name, a result
/// would overwrite an input or lie among them, the format is unknown or disagrees with the name, or the place
/// for results is taken by a file or does not exist.
ApplyPlan plan_application(const ApplyRequest& request);

/// Throws InputError when a summary of this name would overwrite the model or a picture.
void check_summary(const std::filesystem::path& summary, const ApplyPlan& plan,
                   const std::filesystem::path& model);

/// Makes the folders that the results go to. Throws InputError.
void make_folders(const std::vector<ApplyJob>& jobs);

}  // namespace shadenet
