// Which picture becomes which file, decided before anything is read or written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/picture_tree.h"
#include "image/not_taken.h"
#include "image/picture_file.h"

namespace shadenet {

/// A share of a folder's pictures, for several machines that work on the same folder: share `index` of
/// `count`, counted from 1.
struct Shard {
    std::uint32_t index = 1, count = 1;
    /// Whether a picture of this name, relative to the folder, is in the share. Every name is in exactly one
    /// of the `count` shares, whatever else the folder holds.
    bool takes(const std::string& name) const;
};

/// What stands for standard input among inputs, and for standard output as an output. A file of that name is
/// "./-".
inline constexpr const char* stream_mark = "-";

/// "2/4", or "auto" for the place in a Slurm job array, from Slurm's environment variables. Throws
/// InputError.
Shard parse_shard(const std::string& text);

/// What the user asked for. `format`: "same", "png", "jpg", "tif" or "webp", or empty if the names decide.
/// `quality`: 0 if none was given.
struct ApplyRequest {
    std::vector<std::filesystem::path> inputs;  ///< one picture, one folder, or several of both
    std::filesystem::path output;
    std::string format;
    bool recursive = false;
    Shard shard{};
    int quality = 0;
    const char* output_flag = "--output";  ///< what messages call the flag of `output`
};

struct ApplyJob {
    std::filesystem::path input;
    std::filesystem::path output;           ///< its extension tells the format
    std::filesystem::path name{};           ///< relative to the folder that was given
    std::shared_ptr<PictureReader> read{};  ///< of a picture that was read to know where it goes
    /// The format of a result that goes to standard output, which is then also the name of `output`.
    std::optional<FileFormat> sent_as{};
};

struct ApplyPlan {
    std::vector<ApplyJob> jobs;  ///< sorted by the input's name
    bool single = false;         ///< the user named one file
    std::vector<Problem> problems;
    NotTaken not_taken;                   ///< pictures in formats that are not read
    std::string nothing_taken;            ///< the message if there are files but no pictures
    std::vector<std::string> notes;       ///< what else is skipped, a line each
    std::vector<std::string> warnings;    ///< what is not taken, and what may be a surprise later
    std::filesystem::path new_results{};  ///< a folder inside the input, to be marked by mark_results()
};

/// A folder's pictures go to the folder `output`, into the same folders below it; several inputs are treated
/// as if they lay in one folder; one picture goes to the file `output`, or into the folder of that name. A
/// picture keeps its name, except for the extension if `format` is another. Throws InputError when there is
/// no input, two results would have the same name, a result would overwrite an input or lie among the inputs,
/// the format is unknown or disagrees with the name, a quality is given and no result is a JPEG or WebP, the
/// place for results is a file, does not exist, or is called like a picture where a folder is needed, or a
/// result's name is too long for the system. Standard input is read here, to its end; it and standard output
/// are for one picture, whose format its bytes tell and the result keeps, unless `format` is another.
ApplyPlan plan_application(const ApplyRequest& request);

/// The same of pictures that are to be told their classes: only inputs, output, recursive and shard of the
/// request count. Without an output nothing is written. Else it is the folder that the classes' folders will
/// lie in: a picture keeps its name there, and the folders before it; what a result's place is, its class
/// will tell. Throws InputError as plan_application() does, and when an input lies in that folder.
ApplyPlan plan_classification(const ApplyRequest& request);

/// The pictures of a request's folders and names. Throws InputError when one of these does not exist, or is a
/// folder that cannot be read.
PictureTree pictures_of(const ApplyRequest& request);
/// Throws InputError when the results would lie among these pictures.
void check_apart(const ApplyRequest& request, const PictureTree& tree);
/// What is said of a picture in a format that is not read.
std::string not_read_message(const std::filesystem::path& picture);

/// Leaves the jobs of this share, by their names.
void keep_share(std::vector<ApplyJob>& jobs, const Shard& shard);

/// Throws InputError when a file of this name, which `flag` names, would overwrite the model or a picture.
void check_told_file(const std::filesystem::path& file, const char* flag, const ApplyPlan& plan,
                     const std::filesystem::path& model);

/// Makes a folder, and those above it, and sees that a file can be made in it. Throws InputError.
void make_folder(const std::filesystem::path& folder);
/// Makes the folder of every job's result, likewise.
void make_folders(const std::vector<ApplyJob>& jobs);

/// The format that the result's name tells, or that is sent.
FileFormat result_format(const ApplyJob& job);

}  // namespace shadenet
