// Files under names that nobody can guess, and what becomes of them when their writer is killed.
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace shadenet {

/// A new file in a folder, hidden, and locked as long as its writer lives. Its name says which computer made
/// it, and in which of the times between two starts of that.
class TemporaryFile {
  public:
    /// `mode`: the file's permissions, before the user's umask is applied. Throws std::system_error.
    explicit TemporaryFile(const std::filesystem::path& folder, unsigned mode = 0666);
    /// Removes it, unless it was renamed.
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    std::FILE* stream() const { return stream_.get(); }
    const std::filesystem::path& path() const { return path_; }

    /// The last call: it gets this name, in place of the file that has it.
    std::error_code rename_to(const std::filesystem::path& target);

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> stream_;
};

struct AbandonedFiles {
    std::size_t removed = 0;
    std::size_t left = 0;  ///< whose writers may live, on other computers
};

/// Removes the temporary files in a folder whose writer is surely dead: those of this running system that
/// nobody has locked, and those of earlier starts of this computer. What a living process of this computer
/// writes is neither removed nor counted.
AbandonedFiles remove_abandoned(const std::filesystem::path& folder);

}  // namespace shadenet
