// Reading whole files, and writing them so that a reader never meets half of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shadenet {

/// The whole file. Throws InputError when it does not exist, is no regular file, cannot be read, or is larger
/// than `max_bytes`.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// A file that is written piece by piece under a temporary name in its folder, and gets its own name when it
/// is whole: a reader finds it either as it was or complete.
class AtomicFile {
  public:
    /// Every function throws WorkError, naming `path`, when its step fails.
    explicit AtomicFile(std::filesystem::path path);
    /// Removes the temporary file unless it was committed.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    /// Syncs the file and renames it over `path`. The last call.
    void commit();
    std::uint64_t bytes() const { return bytes_; }

  private:
    [[noreturn]] void fail(const char* step) const;

    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_, temporary_;
    std::unique_ptr<std::FILE, Close> file_;
    std::uint64_t bytes_ = 0;
    bool committed_ = false;
};

/// The temporary files for `names`, file names of this folder, that were left by processes which no longer
/// run. A process of another computer looks like one of those.
std::vector<std::filesystem::path> abandoned_temporaries(const std::filesystem::path& folder,
                                                         std::span<const std::string> names);

/// Writes to a temporary name in the same folder, syncs it, and renames it over `path`, so that `path` is
/// always either whole or as it was. Throws WorkError, and removes the temporary, when any step fails.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Whether files can be made in the folder: tries it, and leaves none.
bool is_writable(const std::filesystem::path& folder);

/// Adds to the end of a file, in one write to the system: a process that is killed meanwhile has made it
/// wholly or not at all, where it is short. Throws WorkError when the disk is full or the like; the file then
/// ends as before.
void append_to_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// The user's cache folder for this program (`$XDG_CACHE_HOME/shadenet`, else `~/.cache/shadenet`; on macOS
/// `~/Library/Caches/shadenet`, on Windows `%LOCALAPPDATA%\shadenet`), or an empty path when there is none.
/// The folder may not exist yet.
std::filesystem::path cache_folder();

}  // namespace shadenet
