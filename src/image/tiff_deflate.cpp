#include "image/tiff_deflate.h"

#include <array>
#include <limits>
#include <new>
#include <vector>

#include <zlib.h>

#include "image/codecs.h"

namespace shadenet {

namespace {

/// As they are in the file; none where they cannot be read, or lie there in another order.
std::vector<std::byte> bytes_of_part(const TiffFile& file, const TiffForm& form, std::uint32_t part) {
    if (file.short_of(TIFFTAG_FILLORDER) != FILLORDER_MSB2LSB) return {};
    const std::uint64_t count = TIFFGetStrileByteCount(file.get(), part);
    if (count > std::numeric_limits<uInt>::max()) return {};
    std::vector<std::byte> bytes(static_cast<std::size_t>(count));
    const auto size = static_cast<tmsize_t>(count);
    const tmsize_t read = form.tiled ? TIFFReadRawTile(file.get(), part, bytes.data(), size)
                                     : TIFFReadRawStrip(file.get(), part, bytes.data(), size);
    file.rethrow();
    bytes.resize(read < 0 ? 0 : static_cast<std::size_t>(read));
    return bytes;
}

/// Whether they end with the checksum of what they hold, after at most `most` bytes of it.
bool is_sound(std::vector<std::byte>& deflated, std::uint64_t most) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
    std::array<Bytef, 1 << 15> inflated;
    stream.next_in = reinterpret_cast<Bytef*>(deflated.data());
    stream.avail_in = static_cast<uInt>(deflated.size());
    int state = Z_OK;
    while (state == Z_OK && stream.total_out <= most) {
        stream.next_out = inflated.data();
        stream.avail_out = static_cast<uInt>(inflated.size());
        state = inflate(&stream, Z_NO_FLUSH);
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END;
}

}  // namespace

void check_deflate(const TiffFile& file, const TiffForm& form, std::uint32_t part,
                   const std::filesystem::path& name) {
    if (form.compression != COMPRESSION_ADOBE_DEFLATE && form.compression != COMPRESSION_DEFLATE) return;
    std::vector<std::byte> bytes = bytes_of_part(file, form, part);
    const auto size =
        static_cast<std::uint64_t>(form.tiled ? TIFFTileSize64(file.get()) : TIFFStripSize64(file.get()));
    // Some writers fill the last strip up.
    if (!bytes.empty() && !is_sound(bytes, 2 * size))
        refuse_damaged(name, "a checksum of its pixels is wrong or missing");
}

}  // namespace shadenet
