// A file that is read piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "base/temporary_file.h"

namespace shadenet {

class FilePieces {
  public:
    /// Throws InputError when the file does not exist, is no regular file, cannot be read, or is larger than
    /// `max_bytes`.
    FilePieces(std::filesystem::path path, std::uint64_t max_bytes);

    /// In bytes, as it was opened.
    std::uint64_t size() const { return size_; }
    /// Fills `to` with the bytes from `at` on; both ends lie within size(). Throws InputError when they
    /// cannot be read, or the file became shorter.
    void read(std::uint64_t at, std::span<std::byte> to) const;

  private:
    std::filesystem::path path_;
    OpenFile file_;
    std::uint64_t size_ = 0;
};

}  // namespace shadenet
