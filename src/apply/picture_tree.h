// The pictures of a folder, and of the folders in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

/// A file or folder that could not be read, and why.
struct Problem {
    std::filesystem::path path;
    std::string message;
};

struct ListedPicture {
    std::filesystem::path path;  ///< the path to open
    std::filesystem::path name;  ///< relative to the folder; the result's name, too
};

struct PictureTree {
    std::vector<ListedPicture> pictures;  ///< sorted by name, byte by byte
    std::vector<ListedPicture> foreign;   ///< the same for formats that are not read (image/not_taken.h)
    std::vector<Problem> problems;        ///< folders that could not be read
    std::size_t others = 0;               ///< files whose names are not names of pictures
    std::size_t links = 0;                ///< links to folders: not followed, as they may lead in circles
    std::vector<std::filesystem::path> results;  ///< folders of results, which are skipped

    bool has_files() const { return !pictures.empty() || !foreign.empty() || others > 0; }
};

/// All files with a picture's extension; those in folders below only when `recursive`. Hidden files and
/// folders, the folder `except` and folders marked as results are skipped. A link that leads nowhere counts
/// as a picture: opening it will report the problem. Throws InputError when `folder` is no folder or cannot
/// be read.
PictureTree list_pictures(const std::filesystem::path& folder, bool recursive,
                          const std::filesystem::path& except);

/// The same for named files and folders, as if they lay in one folder. Hidden ones count, too, because the
/// user named them; a file that is named twice counts once. Throws InputError if one does not exist.
PictureTree list_named(const std::vector<std::filesystem::path>& paths, bool recursive,
                       const std::filesystem::path& except);

/// Marks a folder by a hidden file, so that list_pictures() skips it below other folders. Throws WorkError
/// when it cannot be written.
void mark_results(const std::filesystem::path& folder);
bool holds_results(const std::filesystem::path& folder);

}  // namespace shadenet
