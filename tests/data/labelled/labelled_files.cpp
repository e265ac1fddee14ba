#include "labelled_files.h"

#include <zlib.h>

namespace shadenet::test {

Bytes idx_file(const std::vector<std::uint32_t>& extents, const Bytes& values) {
    Bytes file = {0, 0, 8, static_cast<std::uint8_t>(extents.size())};
    for (const std::uint32_t extent : extents) {
        for (const int shift : {24, 16, 8, 0}) file.push_back(static_cast<std::uint8_t>(extent >> shift));
    }
    return joined(file, values);
}

Bytes gzip(const Bytes& bytes) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    Bytes packed(deflateBound(&stream, bytes.size()));
    Bytes source = bytes;
    stream.next_in = source.data();
    stream.avail_in = static_cast<uInt>(source.size());
    stream.next_out = packed.data();
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

Bytes joined(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Bytes without_end(Bytes bytes, std::size_t count) {
    bytes.resize(bytes.size() - count);
    return bytes;
}

Bytes counting_levels(std::size_t count) {
    Bytes levels;
    for (std::size_t i = 1; i <= count; ++i) levels.push_back(static_cast<std::uint8_t>(7 * i));
    return levels;
}

void write_idx_part(const std::filesystem::path& folder, const std::string& part, const Bytes& labels) {
    const auto count = static_cast<std::uint32_t>(labels.size());
    write_in(folder / (part + "-images-idx3-ubyte"),
             idx_file({count, 2, 3}, counting_levels(6 * labels.size())));
    write_in(folder / (part + "-labels-idx1-ubyte"), idx_file({count}, labels));
}

Bytes cifar_record(const Bytes& labels, std::uint8_t first) {
    Bytes record = labels;
    for (std::size_t i = 0; i < 3072; ++i) record.push_back(static_cast<std::uint8_t>(first + i));
    return record;
}

Bytes png_of(std::uint32_t width, std::uint32_t height, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    Bytes rgb;
    for (std::uint32_t i = 0; i < width * height; ++i) rgb.insert(rgb.end(), {r, g, b});
    return encode_png(width, height, PngColour::rgb, 8, rgb);
}

void write_in(const std::filesystem::path& path, const Bytes& bytes) {
    std::filesystem::create_directories(path.parent_path());
    write_bytes(path, bytes);
}

}  // namespace shadenet::test
