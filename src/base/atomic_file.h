// A file that readers never see half written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "base/temporary_file.h"

namespace shadenet {

/// The path at the end of the symbolic links that begin at `path`, even if no file is there; `path` itself if
/// it is no link.
std::filesystem::path end_of_links(std::filesystem::path path);

/// A file that is written piece by piece under a temporary name in the same folder, and renamed when it is
/// complete. A reader finds the old file or the complete new one; of several writers one wins. An existing
/// file's permissions are kept, and its owner if we may give files away. A symbolic link stays: the file at
/// its end is replaced, or made if it is missing.
class AtomicFile {
  public:
    /// Every function throws WorkError, which names `path`, when its step fails. A folder or a device at
    /// `path` is an error, too.
    explicit AtomicFile(std::filesystem::path path);
    /// What goes to standard output when it is complete, and until then lies in the folder for temporary
    /// files, without a name where the system allows that: who is killed leaves nothing.
    static AtomicFile of_standard_output() { return AtomicFile(); }
    /// What is appended to these bytes, and makes no file; they must outlive it.
    static AtomicFile in_memory(std::vector<std::byte>& bytes) { return AtomicFile(bytes); }
    /// Removes the temporary file unless it was committed.
    ~AtomicFile() = default;

    void write(std::span<const std::byte> bytes);
    /// Writes over the beginning of what was written.
    void replace_start(std::span<const std::byte> bytes);
    /// Syncs the file and renames it over `path`, or sends it. The last call.
    void commit();
    std::uint64_t bytes() const { return bytes_; }

  private:
    AtomicFile();
    explicit AtomicFile(std::vector<std::byte>& bytes) : memory_(&bytes) {}
    [[noreturn]] void fail(const char* step, std::error_code error) const;
    void find_target();

    std::filesystem::path path_, target_;  ///< the path as given, and the path at the end of its links
    std::optional<TemporaryFile> temporary_;
    bool is_sent_ = false;                      ///< to standard output
    std::vector<std::byte>* memory_ = nullptr;  ///< in place of a file
    std::uint64_t bytes_ = 0;
};

}  // namespace shadenet
