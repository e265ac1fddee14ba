// Files with names that nobody can guess, and the removal of files whose writer was killed.
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace shadenet {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// A new hidden file in a folder, locked as long as its writer lives. Its name tells the computer that made
/// it, and the boot of that computer.
class TemporaryFile {
  public:
    /// `mode`: the file's permissions, before the user's umask is applied. Throws std::system_error.
    explicit TemporaryFile(const std::filesystem::path& folder, unsigned mode = 0666);
    /// Removes the file unless it was renamed.
    ~TemporaryFile();

    std::FILE* stream() const { return stream_.get(); }
    const std::filesystem::path& path() const { return path_; }

    /// Gives the file this name, and replaces a file that has it. Must be the last call.
    std::error_code rename_to(const std::filesystem::path& target);

  private:
    std::filesystem::path path_;
    OpenFile stream_;
};

struct AbandonedFiles {
    std::size_t removed = 0;
    std::size_t left = 0;  ///< their writers may live: on other computers, or without locks
};

/// Removes the temporary files in a folder whose writers are surely dead: files of this boot that nobody has
/// locked, and files of earlier boots of this computer. Files that a process of this boot has locked are
/// neither removed nor counted.
AbandonedFiles remove_abandoned(const std::filesystem::path& folder);

}  // namespace shadenet
