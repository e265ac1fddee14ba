#include <memory>
#include <new>

#include <fmt/format.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/samples.h"

namespace shadenet {

namespace {

/// Of a picture that was coded with loss before, where the user asks for no quality: high enough that a
/// second coding is not seen.
constexpr int quality_of_lossy = 95;

[[noreturn]] void refuse_encoding(const FileToEncode& work, const char* what, int code) {
    throw WorkError(fmt::format("{}: cannot be encoded as WebP: {} {}", work.path.string(), what, code));
}

struct FreeWebpPicture {
    void operator()(WebPPicture* picture) const { WebPPictureFree(picture); }
};

struct ClearWriter {
    void operator()(WebPMemoryWriter* writer) const { WebPMemoryWriterClear(writer); }
};

/// RGB or RGBA, 8 bits. The rows are released again before the picture is coded.
template <class Sample>
bool import_pixels(WebPPicture& to, const Picture<Sample>& colour, const FilePicture& picture) {
    const RowLayout layout{.grey = picture.grey, .alpha = !picture.alpha.empty(), .repeated = true};
    Rows<std::uint8_t, Sample> rows(colour, picture.alpha, layout);
    std::vector<std::uint8_t> pixels(rows.bytes() * colour.height);
    for (std::uint32_t y = 0; y < colour.height; ++y) {
        std::copy_n(rows.row(y), rows.bytes(), pixels.data() + rows.bytes() * y);
    }
    const auto import = layout.alpha ? WebPPictureImportRGBA : WebPPictureImportRGB;
    return import(&to, pixels.data(), static_cast<int>(rows.bytes())) != 0;
}

void encode_pixels(const FileToEncode& work, WebPMemoryWriter& writer) {
    WebPConfig config;
    WebPPicture picture;
    if (WebPConfigInit(&config) == 0 || WebPPictureInit(&picture) == 0) refuse_encoding(work, "library", 0);
    const std::unique_ptr<WebPPicture, FreeWebpPicture> owner(&picture);
    const int asked = work.options.quality;
    config.lossless = asked == 0 && !work.picture.lossy ? 1 : 0;
    if (config.lossless == 0) config.quality = static_cast<float>(asked == 0 ? quality_of_lossy : asked);
    config.exact = 1;  // colours of transparent pixels are kept
    picture.use_argb = config.lossless;
    bool imported = false;
    const auto import = [&](const auto& colour) {
        picture.width = static_cast<int>(colour.width);
        picture.height = static_cast<int>(colour.height);
        imported = import_pixels(picture, colour, work.picture);
    };
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    with_integers(work.picture.colour, import);
    if (imported && WebPEncode(&config, &picture) != 0) return;
    if (picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
        picture.error_code == VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    refuse_encoding(work, "encoder's error", picture.error_code);
}

struct DeleteMux {
    void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};

void put_metadata(const FileToEncode& work, WebPMux* mux) {
    const auto put = [&](const char* name, Bytes content) {
        if (content.empty()) return;
        const WebPData data{reinterpret_cast<const std::uint8_t*>(content.data()), content.size()};
        const WebPMuxError error = WebPMuxSetChunk(mux, name, &data, 0);
        if (error == WEBP_MUX_MEMORY_ERROR) throw std::bad_alloc();
        if (error != WEBP_MUX_OK) refuse_encoding(work, name, error);
    };
    put("ICCP", work.metadata.icc);
    put("EXIF", work.metadata.exif);
    put("XMP ", as_bytes(work.metadata.xmp));
}

}  // namespace

void encode_webp(const FileToEncode& work) {
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    const std::unique_ptr<WebPMemoryWriter, ClearWriter> owner(&writer);
    encode_pixels(work, writer);
    const WebPData pixels{writer.mem, writer.size};
    const std::unique_ptr<WebPMux, DeleteMux> mux(WebPMuxCreate(&pixels, 0));
    if (!mux) throw std::bad_alloc();
    put_metadata(work, mux.get());
    WebPData whole{nullptr, 0};
    const WebPMuxError error = WebPMuxAssemble(mux.get(), &whole);
    const std::unique_ptr<WebPData, decltype([](WebPData* data) { WebPDataClear(data); })> assembled(&whole);
    if (error == WEBP_MUX_MEMORY_ERROR) throw std::bad_alloc();
    if (error != WEBP_MUX_OK) refuse_encoding(work, "container's error", error);
    work.file.write(Bytes(reinterpret_cast<const std::byte*>(whole.bytes), whole.size));
}

}  // namespace shadenet
