// A file that no reader ever meets half written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>

#include "base/temporary_file.h"

namespace shadenet {

/// Where the links lead that `path` is, though nothing may be there; `path` itself where it is no link.
std::filesystem::path end_of_links(std::filesystem::path path);

/// Written piece by piece under a temporary name in its folder; it gets its own name when it is whole. A
/// reader finds the file either as it was or complete, and of several writers one wins. An existing file's
/// permissions stay, and its owner as far as we may give files away. A symbolic link stays too: what it leads
/// to is replaced, or made where it leads nowhere.
class AtomicFile {
  public:
    /// Every function throws WorkError, naming `path`, when its step fails. What is there and is no file (a
    /// folder, a device) is not replaced.
    explicit AtomicFile(std::filesystem::path path);
    /// Removes the temporary file unless it was committed.
    ~AtomicFile() = default;

    void write(std::span<const std::byte> bytes);
    /// Syncs the file and renames it over `path`. The last call.
    void commit();
    std::uint64_t bytes() const { return bytes_; }

  private:
    [[noreturn]] void fail(const char* step, std::error_code error) const;
    void find_target();

    std::filesystem::path path_, target_;  ///< as given, and where its links lead
    std::optional<TemporaryFile> temporary_;
    std::uint64_t bytes_ = 0;
};

}  // namespace shadenet
