// Tiny encoders for the kinds of picture files that the program reads and does not write, and a folder to put
// them in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../message_of.h"
#include "../temporary_folder.h"

namespace shadenet::test {

using Bytes = std::vector<std::uint8_t>;

void write_bytes(const std::filesystem::path& path, const Bytes& bytes);

/// PNG's colour types by their numbers.
enum class PngColour : std::uint8_t { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgb_alpha = 6 };

/// `samples`: rows of `bits`-bit samples as PNG stores them, without filter bytes. `palette`: RGB triples.
/// Not compressed; checksums are right.
Bytes encode_png(std::uint32_t width, std::uint32_t height, PngColour colour, int bits, const Bytes& samples,
                 const Bytes& palette = {});

/// The same for 8-bit RGB that is interlaced.
Bytes encode_interlaced_png(std::uint32_t width, std::uint32_t height, const Bytes& rgb);

/// A chunk with its right checksum, put behind the header.
Bytes with_chunk(Bytes png, const std::string& type, const Bytes& data);

/// A segment put behind a JPEG's first two bytes.
Bytes with_segment(Bytes jpeg, std::uint8_t code, const Bytes& payload);

/// A TIFF structure of two entries, of which the second is the orientation.
Bytes encode_exif(int orientation, bool big_endian);

/// The characters of `words`.
Bytes to_bytes(const std::string& words);

/// A zlib stream of stored blocks.
Bytes store(const Bytes& raw);

/// One colour everywhere: component c is levels[c], which must be 1..64, 128 or 192..255. 1, 3 or 4
/// components; `adobe` adds the marker that says CMYK.
Bytes encode_jpeg(std::uint16_t width, std::uint16_t height, const std::vector<int>& levels,
                  bool adobe = false);

/// 24 bits, rows from bottom to top. `rgb`: (height, width, 3).
Bytes encode_bmp(std::uint32_t width, std::uint32_t height, const Bytes& rgb);

/// 4 or 8 bits, run-length coded, with a palette in which colour i is (i, 2 i, 3 i).
Bytes encode_packed_bmp(std::uint32_t width, std::uint32_t height, unsigned depth, const Bytes& runs);

/// 24 bits, rows from top to bottom, not compressed. `rgb`: (height, width, 3).
Bytes encode_tga(std::uint16_t width, std::uint16_t height, const Bytes& rgb);

/// One colour everywhere, run-length coded.
Bytes encode_packed_tga(std::uint16_t width, std::uint16_t height, std::uint8_t r, std::uint8_t g,
                        std::uint8_t b);

}  // namespace shadenet::test
