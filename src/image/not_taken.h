// Pictures in formats that are not read. They are counted, so that the user hears of all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace shadenet {

/// Whether the extension, in any case, is that of another picture format: .heic, .gif, .psd, a
/// camera's raw file.
bool has_foreign_extension(const std::filesystem::path& path);

/// Pictures in such formats.
class NotTaken {
  public:
    void add(const std::filesystem::path& picture);
    /// Adds those directly in a folder, except hidden ones. A folder that cannot be read adds none:
    /// list_images() reports that.
    void add_folder(const std::filesystem::path& folder);

    bool empty() const { return pictures_.empty(); }
    std::size_t count() const { return pictures_.size(); }
    const std::vector<std::filesystem::path>& pictures() const { return pictures_; }
    /// "3 .heic, 1 .gif", the most frequent first.
    std::string counts() const;
    /// Which formats are read, and how to convert the pictures: one line without its end.
    std::string remedy() const;
    /// "not taken: ", counts() and remedy().
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

/// "<folder>: not taken: ..." for each folder that holds such pictures, once. Files, empty paths and missing
/// folders are skipped.
std::vector<std::string> not_taken_in(const std::vector<std::filesystem::path>& folders);

}  // namespace shadenet
