// TIFF's structure, which EXIF has: the byte order, 42, and the place of a directory whose entries are 12
// bytes each: tag, type, count, and a value or its place.
#pragma once

#include <optional>

#include "image/bytes.h"

namespace shadenet {

/// Sorted and without overlaps.
std::vector<ByteRange> merged(std::vector<ByteRange> ranges);
/// The parts of `ranges` that are in none of `others`. Both are merged, and so is the result.
std::vector<ByteRange> without(const std::vector<ByteRange>& ranges, const std::vector<ByteRange>& others);

struct TiffDirectory {
    std::uint64_t at = 0;
    std::uint64_t entries = 0;                                       // the number of complete ones
    bool is_whole = false;                                           // the block holds all of them
    std::uint64_t next_at() const { return at + 2 + 12 * entries; }  // where the next directory's place is
};

namespace tiff_type {
constexpr std::uint64_t short_number = 3, long_number = 4, directory = 13;
}

/// The size of one value of each type in bytes; 0 for unknown types.
std::uint64_t bytes_of_type(std::uint64_t type);

struct TiffEntry {
    std::uint64_t at = 0, tag = 0, type = 0, count = 0;
};

/// A view of a block in memory; bytes that change there change here.
class Tiff {
  public:
    /// None when the block does not begin as TIFF does.
    static std::optional<Tiff> open(Bytes block);

    std::uint64_t size() const { return block_.size(); }
    bool is_big_endian() const { return is_big_; }
    /// The number in `count` bytes. The bytes must exist.
    std::uint64_t number(std::uint64_t at, std::size_t count) const;
    std::uint64_t first_directory() const { return number(4, 4); }
    /// None when no part of it is in the block.
    std::optional<TiffDirectory> directory(std::uint64_t at) const;
    std::vector<TiffEntry> entries(const TiffDirectory& directory) const;
    /// The place of the directory after this one; 0 when this one is the last.
    std::uint64_t next_directory(const TiffDirectory& directory) const;
    /// The bytes of an entry's values that are outside the entry, as far as the block has them.
    ByteRange value_outside(const TiffEntry& entry) const;
    /// The bytes of an entry's values, in or outside the entry; none if the block does not hold them all.
    Bytes values(const TiffEntry& entry) const;
    /// The entry's integers; none if they are not in the block, of another type, or more than `most`.
    std::vector<std::uint64_t> numbers(const TiffEntry& entry, std::size_t most) const;
    /// Writes a number into `block`, which must be the viewed block.
    void put(std::span<std::byte> block, std::uint64_t at, std::size_t count, std::uint64_t value) const;

  private:
    Tiff(Bytes block, bool is_big) : block_(block), is_big_(is_big) {}

    Bytes block_;
    bool is_big_;
};

/// The orientation, 1 to 8; 1 (upright) when EXIF does not tell it or cannot be read.
int exif_orientation(Bytes exif);

}  // namespace shadenet
