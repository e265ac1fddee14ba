// Finding the pictures of a folder, and pairing two folders by file stem.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

class NotTaken;

struct ImagePair {
    std::string stem;  ///< the input's stem
    std::filesystem::path input, target;
    bool respelled = false;  ///< their stems are equal only after normalisation
};

/// The extension with its dot, in lower case: ".png" for "Cat.PNG".
std::string lower_extension(const std::filesystem::path& path);

/// Of a format that is read, in any case.
bool has_picture_extension(const std::filesystem::path& path);

/// The message for a folder without pictures, of whose others `foreign` knows.
std::string without_pictures(const std::filesystem::path& folder, const NotTaken& foreign);

/// The pictures in a folder (by their extensions; not below it; hidden files skipped), sorted
/// by name byte by byte. Throws InputError when there is no such folder, it cannot be read, or it holds none.
std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder);

/// The same list for a folder, or the one file itself.
std::vector<std::filesystem::path> list_images_or_file(const std::filesystem::path& file_or_folder);

/// Throws InputError "two files named ..." when two pictures have the same stem, even if only after
/// normalisation: their outputs would collide.
void check_unique_stems(const std::vector<std::filesystem::path>& images);

/// Pairs by normalised stem, sorted by it. Throws InputError for pictures of either folder without a partner
/// (naming the first, the number of others, and a file that differs only in case), or a stem that occurs
/// twice in one folder.
std::vector<ImagePair> pair_images(const std::filesystem::path& input, const std::filesystem::path& target);

}  // namespace shadenet
