// The pictures of a folder, and of the folders in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

/// What kept a file or folder from being looked at.
struct Problem {
    std::filesystem::path path;
    std::string message;
};

struct ListedPicture {
    std::filesystem::path path;  ///< to open it by
    std::filesystem::path name;  ///< relative to the folder, which its result will be called
};

struct PictureTree {
    std::vector<ListedPicture> pictures;  ///< sorted by name, byte by byte
    std::vector<ListedPicture> foreign;   ///< alike, in formats that are not read (image/not_taken.h)
    std::vector<Problem> problems;        ///< folders that could not be read
    std::size_t others = 0;               ///< files that are no pictures by their names
    std::size_t links = 0;                ///< links to folders: not followed, so that none leads in circles
    std::vector<std::filesystem::path> results;  ///< folders of results, not looked into

    bool has_files() const { return !pictures.empty() || !foreign.empty() || others > 0; }
};

/// All files with a picture's extension; those in folders below only when `recursive`. Hidden files and
/// folders are passed over, and so are the folder `except` and folders marked as results. A link that leads
/// nowhere counts as a picture: whoever opens it will report it. Throws InputError when `folder` is none or
/// cannot be read.
PictureTree list_pictures(const std::filesystem::path& folder, bool recursive,
                          const std::filesystem::path& except);

/// The same of files and folders as if these lay in one folder, hidden ones too: they were named. A file that
/// is named twice counts once. Throws InputError for one that is not there.
PictureTree list_named(const std::vector<std::filesystem::path>& paths, bool recursive,
                       const std::filesystem::path& except);

/// Marks a folder by a hidden file, so that list_pictures() passes over it below other folders. Throws
/// WorkError when it cannot be written.
void mark_results(const std::filesystem::path& folder);
bool holds_results(const std::filesystem::path& folder);

}  // namespace shadenet
