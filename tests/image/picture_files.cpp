#include "picture_files.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace shadenet::test {

namespace fs = std::filesystem;

namespace {

void append(Bytes& bytes, const Bytes& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void append_big(Bytes& bytes, std::uint32_t value, int count) {
    for (int i = count - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append_little(Bytes& bytes, std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// The CRC of PNG's annex D, bit by bit.
std::uint32_t crc32(const Bytes& bytes) {
    std::uint32_t crc = 0xffffffffu;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

std::uint32_t adler32(const Bytes& bytes) {
    std::uint32_t a = 1, b = 0;
    for (const std::uint8_t byte : bytes) {
        a = (a + byte) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

void append_chunk(Bytes& png, const std::string& type, const Bytes& data) {
    Bytes checked(type.begin(), type.end());
    append(checked, data);
    append_big(png, static_cast<std::uint32_t>(data.size()), 4);
    append(png, checked);
    append_big(png, crc32(checked), 4);
}

// Bits of a JPEG scan, the most significant first, with a zero stuffed after every 0xff.
class BitWriter {
  public:
    explicit BitWriter(Bytes& bytes) : bytes_(bytes) {}
    void put(unsigned value, int count) {
        for (int i = count - 1; i >= 0; --i) {
            current_ = current_ << 1 | (value >> i & 1u);
            if (++filled_ == 8) flush_byte();
        }
    }
    void finish() {
        while (filled_ != 0) put(1, 1);
    }

  private:
    void flush_byte() {
        bytes_.push_back(static_cast<std::uint8_t>(current_));
        if (bytes_.back() == 0xff) bytes_.push_back(0);
        current_ = 0;
        filled_ = 0;
    }
    Bytes& bytes_;
    unsigned current_ = 0;
    int filled_ = 0;
};

// Only the first block of a component says its level: differences of zero follow. With a quantiser of 8 the
// DC coefficient counts levels from 128. DC codes: 00 = no difference, 01 = 7 bits follow. AC code: 0 = end.
void append_scan(Bytes& jpeg, std::size_t blocks, const std::vector<int>& levels) {
    BitWriter bits(jpeg);
    for (std::size_t block = 0; block < blocks; ++block) {
        for (const int level : levels) {
            const int difference = block == 0 ? level - 128 : 0;
            if (difference == 0) {
                bits.put(0, 2);
            } else {
                bits.put(1, 2);
                bits.put(static_cast<unsigned>(difference > 0 ? difference : difference + 127), 7);
            }
            bits.put(0, 1);
        }
    }
    bits.finish();
}

}  // namespace

void write_bytes(const fs::path& path, const Bytes& bytes) {
    std::ofstream stream(path, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) throw std::runtime_error("cannot write " + path.string());
}

Bytes encode_png(std::uint32_t width, std::uint32_t height, PngColour colour, int bits, const Bytes& samples,
                 const Bytes& palette) {
    Bytes png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    Bytes header;
    append_big(header, width, 4);
    append_big(header, height, 4);
    append(header, {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(colour), 0, 0, 0});
    append_chunk(png, "IHDR", header);
    if (!palette.empty()) append_chunk(png, "PLTE", palette);
    Bytes filtered;
    const std::size_t row = samples.size() / height;
    for (std::size_t at = 0; at < samples.size(); at += row) {
        filtered.push_back(0);
        filtered.insert(filtered.end(), samples.begin() + static_cast<std::ptrdiff_t>(at),
                        samples.begin() + static_cast<std::ptrdiff_t>(at + row));
    }
    append_chunk(png, "IDAT", store(filtered));
    append_chunk(png, "IEND", {});
    return png;
}

Bytes store(const Bytes& raw) {
    Bytes stream = {0x78, 0x01};
    constexpr std::size_t most = 65535;
    for (std::size_t at = 0; at < raw.size(); at += most) {
        const std::size_t count = std::min(most, raw.size() - at);
        stream.push_back(at + count == raw.size() ? 1 : 0);
        append_little(stream, static_cast<std::uint32_t>(count), 2);
        append_little(stream, static_cast<std::uint32_t>(~count), 2);
        stream.insert(stream.end(), raw.begin() + static_cast<std::ptrdiff_t>(at),
                      raw.begin() + static_cast<std::ptrdiff_t>(at + count));
    }
    append_big(stream, adler32(raw), 4);
    return stream;
}

Bytes encode_interlaced_png(std::uint32_t width, std::uint32_t height, const Bytes& rgb) {
    constexpr std::uint32_t passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                            {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    Bytes filtered;
    for (const auto& [left, top, across, down] : passes) {
        for (std::uint32_t y = top; y < height && left < width; y += down) {
            filtered.push_back(0);
            for (std::uint32_t x = left; x < width; x += across) {
                const std::size_t at = 3 * (std::size_t{y} * width + x);
                append(filtered, {rgb[at], rgb[at + 1], rgb[at + 2]});
            }
        }
    }
    Bytes png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    Bytes header;
    append_big(header, width, 4);
    append_big(header, height, 4);
    append(header, {8, 2, 0, 0, 1});
    append_chunk(png, "IHDR", header);
    append_chunk(png, "IDAT", store(filtered));
    append_chunk(png, "IEND", {});
    return png;
}

Bytes with_chunk(Bytes png, const std::string& type, const Bytes& data) {
    Bytes chunk;
    append_chunk(chunk, type, data);
    png.insert(png.begin() + 33, chunk.begin(), chunk.end());
    return png;
}

Bytes with_segment(Bytes jpeg, std::uint8_t code, const Bytes& payload) {
    Bytes segment = {0xff, code};
    append_big(segment, static_cast<std::uint32_t>(payload.size() + 2), 2);
    append(segment, payload);
    jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
    return jpeg;
}

Bytes encode_exif(int orientation, bool big_endian) {
    Bytes tiff = to_bytes(big_endian ? "MM" : "II");
    const auto put = [&](std::uint32_t value, int count) {
        if (big_endian) {
            append_big(tiff, value, count);
        } else {
            append_little(tiff, value, count);
        }
    };
    put(42, 2);
    put(8, 4);
    put(2, 2);
    for (const auto& [tag, value] : {std::pair{0x0106, 2}, std::pair{0x0112, orientation}}) {
        put(static_cast<std::uint32_t>(tag), 2);
        put(3, 2);
        put(1, 4);
        put(static_cast<std::uint32_t>(value), 2);
        put(0xabcd, 2);  // what lies beyond the value means nothing, and must stay
    }
    put(0, 4);
    append(tiff, to_bytes("and more"));
    return tiff;
}

Bytes to_bytes(const std::string& words) {
    return {words.begin(), words.end()};
}

Bytes encode_jpeg(std::uint16_t width, std::uint16_t height, const std::vector<int>& levels, bool adobe) {
    const auto components = static_cast<std::uint8_t>(levels.size());
    Bytes jpeg = {0xff, 0xd8};
    if (adobe) append(jpeg, {0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0});
    append(jpeg, {0xff, 0xdb, 0, 67, 0});
    jpeg.insert(jpeg.end(), 64, 8);
    append(jpeg, {0xff, 0xc0, 0, static_cast<std::uint8_t>(8 + 3 * components), 8});
    append_big(jpeg, height, 2);
    append_big(jpeg, width, 2);
    jpeg.push_back(components);
    for (std::uint8_t c = 1; c <= components; ++c) append(jpeg, {c, 0x11, 0});
    append(jpeg, {0xff, 0xc4, 0, 21, 0x00, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7});
    append(jpeg, {0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    append(jpeg, {0xff, 0xda, 0, static_cast<std::uint8_t>(6 + 2 * components), components});
    for (std::uint8_t c = 1; c <= components; ++c) append(jpeg, {c, 0});
    append(jpeg, {0, 63, 0});
    append_scan(jpeg, std::size_t{(width + 7u) / 8u} * ((height + 7u) / 8u), levels);
    append(jpeg, {0xff, 0xd9});
    return jpeg;
}

Bytes encode_bmp(std::uint32_t width, std::uint32_t height, const Bytes& rgb) {
    const std::uint32_t stride = (3 * width + 3) / 4 * 4, data = 54;
    Bytes bmp = {'B', 'M'};
    append_little(bmp, data + stride * height, 4);
    append_little(bmp, 0, 4);
    append_little(bmp, data, 4);
    append_little(bmp, 40, 4);
    append_little(bmp, width, 4);
    append_little(bmp, height, 4);
    append_little(bmp, 1, 2);
    append_little(bmp, 24, 2);
    for (int field = 0; field < 6; ++field) append_little(bmp, 0, 4);
    for (std::uint32_t y = height; y-- > 0;) {
        for (std::uint32_t x = 0; x < width; ++x) {
            const std::size_t at = 3 * (std::size_t{y} * width + x);
            append(bmp, {rgb[at + 2], rgb[at + 1], rgb[at]});
        }
        bmp.insert(bmp.end(), stride - 3 * width, 0);
    }
    return bmp;
}

Bytes encode_packed_bmp(std::uint32_t width, std::uint32_t height, unsigned depth, const Bytes& runs) {
    const unsigned colours = 1u << depth;
    Bytes bmp = {'B', 'M'};
    const auto add = [&](std::uint32_t value, int count) {
        for (int i = 0; i < count; ++i) bmp.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    const std::uint32_t data = 54 + 4 * colours;
    for (const std::uint32_t value :
         {data + static_cast<std::uint32_t>(runs.size()), 0u, data, 40u, width, height}) {
        add(value, 4);
    }
    add(1, 2);
    add(depth, 2);
    for (const std::uint32_t value :
         {depth == 8 ? 1u : 2u, static_cast<std::uint32_t>(runs.size()), 0u, 0u, colours, 0u}) {
        add(value, 4);
    }
    for (unsigned i = 0; i < colours; ++i) add(3 * i | (2 * i << 8) | (i << 16), 4);
    bmp.insert(bmp.end(), runs.begin(), runs.end());
    return bmp;
}

Bytes encode_tga(std::uint16_t width, std::uint16_t height, const Bytes& rgb) {
    Bytes tga = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    append_little(tga, width, 2);
    append_little(tga, height, 2);
    append(tga, {24, 0x20});
    for (std::size_t at = 0; at < rgb.size(); at += 3) append(tga, {rgb[at + 2], rgb[at + 1], rgb[at]});
    return tga;
}

Bytes encode_packed_tga(std::uint16_t width, std::uint16_t height, std::uint8_t r, std::uint8_t g,
                        std::uint8_t b) {
    Bytes tga = {0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    append_little(tga, width, 2);
    append_little(tga, height, 2);
    append(tga, {24, 0x20});
    for (int left = width * height; left > 0; left -= 128) {
        append(tga, {static_cast<std::uint8_t>(0x80 | (std::min(left, 128) - 1)), b, g, r});
    }
    return tga;
}

}  // namespace shadenet::test
