// Pictures in formats that are not read: they are counted, so that none is passed over in silence.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace shadenet {

/// By its extension, any case, a picture of another format: .webp, .tif, .heic, .gif, a camera's raw file.
bool has_foreign_extension(const std::filesystem::path& path);

/// Pictures in such formats.
class NotTaken {
  public:
    void add(const std::filesystem::path& picture);
    /// Those directly in a folder, but for hidden ones. A folder that cannot be read has none: who lists its
    /// pictures says so.
    void add_folder(const std::filesystem::path& folder);

    bool empty() const { return pictures_.empty(); }
    std::size_t count() const { return pictures_.size(); }
    const std::vector<std::filesystem::path>& pictures() const { return pictures_; }
    /// "3 .webp, 1 .tif", the most frequent first.
    std::string counts() const;
    /// What is read, and how the pictures become such: one line without an end.
    std::string remedy() const;
    /// "not taken: " with both.
    std::string line() const;

  private:
    struct Kind {
        std::string extension;  ///< in lower case
        std::string spelling;   ///< as the first file has it
        std::size_t count;
    };
    std::vector<Kind> kinds() const;

    std::vector<std::filesystem::path> pictures_;
};

/// "<folder>: not taken: ..." for each of the folders, each once, that holds such pictures. Files, empty
/// paths and what is not there are passed over.
std::vector<std::string> not_taken_in(const std::vector<std::filesystem::path>& folders);

}  // namespace shadenet
