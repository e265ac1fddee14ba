#include "image/jpeg_bytes.h"

#include <cstdlib>
#include <span>

#include <fmt/format.h>

#include "base/error.h"
#include "image/jpeg_guard.h"

namespace shadenet {

namespace {

/// The encoder's resources, freed whether encoding succeeds or not.
struct Encoding {
    JpegErrors errors{};
    jpeg_compress_struct info{};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;

    Encoding() = default;
    ~Encoding() {
        jpeg_destroy_compress(&info);
        std::free(bytes);  // libjpeg allocated them with malloc
    }
    Encoding(const Encoding&) = delete;
    Encoding& operator=(const Encoding&) = delete;
};

void encode_jpeg(Encoding& encoding, const Picture8& picture, int quality) {
    jpeg_compress_struct& info = encoding.info;
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &encoding.bytes, &encoding.size);
    info.image_width = picture.width;
    info.image_height = picture.height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    info.dct_method = JDCT_ISLOW;
    info.optimize_coding = TRUE;
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        // libjpeg only reads the row.
        auto* row = const_cast<JSAMPROW>(picture.rgb.data() + std::size_t{3} * picture.width * y);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
}

}  // namespace

std::vector<std::byte> jpeg_bytes(const Picture8& picture, int quality) {
    Encoding encoding;
    watch_jpeg(reinterpret_cast<j_common_ptr>(&encoding.info), encoding.errors);
    if (!succeeds(encoding.errors, [&] { encode_jpeg(encoding, picture, quality); })) {
        encoding.bytes = nullptr;  // libjpeg may have replaced them; better a leak than a double free
        rethrow(encoding.errors);
        throw WorkError(fmt::format("a picture of {} x {} pixels cannot be encoded as JPEG: {}",
                                    picture.width, picture.height, encoding.errors.text));
    }
    const auto bytes = std::as_bytes(std::span(encoding.bytes, encoding.size));
    return {bytes.begin(), bytes.end()};
}

}  // namespace shadenet
