// PNG (ISO/IEC 15948): a signature, then chunks of length, type, data and checksum, from IHDR to IEND.
#pragma once

#include <optional>
#include <string_view>

#include "image/bytes.h"

namespace shadenet {

constexpr std::string_view png_signature("\x89PNG\r\n\x1a\n", 8);

struct PngChunk {
    std::string_view type;
    Bytes data;
    Bytes whole;  // with its length, type and checksum
    bool is_sound() const;
};

/// The complete chunks of a file, one by one.
class PngChunks {
  public:
    explicit PngChunks(Bytes file) : file_(file) {}
    /// None after IEND, or where the file is cut.
    std::optional<PngChunk> next();
    bool has_ended() const { return has_ended_; }

  private:
    Bytes file_;
    std::size_t at_ = png_signature.size();
    bool has_ended_ = false;
};

/// A PNG's header, with valid values.
struct PngHeader {
    std::uint32_t width = 0, height = 0;
    unsigned depth = 0, colour_type = 0;
    bool is_interlaced = false;
    bool is_grey() const { return colour_type == 0 || colour_type == 4; }
    bool is_palette() const { return colour_type == 3; }
    bool has_alpha_channel() const { return colour_type == 4 || colour_type == 6; }
    unsigned channels() const;
};

std::optional<PngHeader> read_png_header(const PngChunk& chunk);

/// Whether this chunk tells which colours are transparent, in the form that this kind of picture needs.
/// `palette`: the number of colours in the palette.
bool is_transparency(const PngChunk& chunk, const PngHeader& header, std::size_t palette);

/// Appends a complete chunk.
void append_png_chunk(std::vector<std::byte>& to, std::string_view type, Bytes data);

}  // namespace shadenet
