// WebP: still pictures, lossy or lossless, and the first picture of an animation.
#include <new>

#include <webp/decode.h>

#include "image/codecs.h"
#include "image/format.h"
#include "image/jpeg_segments.h"
#include "image/tiff.h"
#include "image/upright.h"
#include "image/webp_demux.h"

namespace shadenet {

namespace {

constexpr std::size_t riff_header = 12;

Bytes webp_chunk(const WebPDemuxer* demuxer, const char* name) {
    WebPChunkIterator chunk;
    if (WebPDemuxGetChunk(demuxer, name, 1, &chunk) == 0) return {};
    const Bytes bytes(reinterpret_cast<const std::byte*>(chunk.chunk.bytes), chunk.chunk.size);
    WebPDemuxReleaseChunkIterator(&chunk);  // the bytes are the file's
    return bytes;
}

/// Some programs begin it as JPEG does.
Bytes webp_exif(const WebPDemuxer* demuxer) {
    const Bytes exif = webp_chunk(demuxer, "EXIF");
    return starts_with(exif, exif_name) ? exif.subspan(exif_name.size()) : exif;
}

class WebpFrame {
  public:
    /// The first picture. `demuxer` must outlive it.
    explicit WebpFrame(const WebPDemuxer* demuxer) {
        has_frame_ = WebPDemuxGetFrame(demuxer, 1, &frame_) != 0;
    }
    ~WebpFrame() {
        if (has_frame_) WebPDemuxReleaseIterator(&frame_);
    }
    WebpFrame(const WebpFrame&) = delete;
    WebpFrame& operator=(const WebpFrame&) = delete;

    explicit operator bool() const { return has_frame_; }
    const WebPData& data() const { return frame_.fragment; }

  private:
    WebPIterator frame_{};
    bool has_frame_;
};

[[noreturn]] void refuse_webp(VP8StatusCode status, const std::filesystem::path& name) {
    if (status == VP8_STATUS_OUT_OF_MEMORY) throw std::bad_alloc();
    refuse_damaged(name, "its pixels cannot be decoded");
}

void decode_still(const WebPDemuxer* demuxer, const FileToDecode& file, std::uint8_t* to,
                  std::size_t channels) {
    const WebpFrame still(demuxer);
    WebPDecoderConfig config;
    if (!still || WebPInitDecoderConfig(&config) == 0) refuse_webp(VP8_STATUS_BITSTREAM_ERROR, file.name);
    const std::uint32_t width = is_sideways(file.orientation) ? file.facts.height : file.facts.width;
    const std::uint32_t height = is_sideways(file.orientation) ? file.facts.width : file.facts.height;
    config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = to;
    config.output.u.RGBA.stride = static_cast<int>(channels * width);
    config.output.u.RGBA.size = channels * width * height;
    const VP8StatusCode status = WebPDecode(still.data().bytes, still.data().size, &config);
    const bool fits =
        config.input.width == static_cast<int>(width) && config.input.height == static_cast<int>(height);
    if (status != VP8_STATUS_OK || !fits) refuse_webp(status, file.name);
}

struct DeleteAnimation {
    void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

/// The canvas after the first picture, RGBA.
void decode_first_of_animation(const FileToDecode& file, std::vector<std::uint8_t>& to) {
    const WebPData data = webp_data(file.bytes);
    WebPAnimDecoderOptions options;
    WebPAnimDecoderOptionsInit(&options);
    options.color_mode = MODE_RGBA;
    const std::unique_ptr<WebPAnimDecoder, DeleteAnimation> decoder(WebPAnimDecoderNew(&data, &options));
    std::uint8_t* canvas = nullptr;
    int time = 0;
    if (!decoder || WebPAnimDecoderGetNext(decoder.get(), &canvas, &time) == 0) {
        refuse_webp(VP8_STATUS_BITSTREAM_ERROR, file.name);
    }
    std::copy_n(canvas, to.size(), to.data());
}

}  // namespace

Inspection inspect_webp(Bytes bytes) {
    Inspection found(FileFormat::webp);
    if (bytes.size() < riff_header || riff_header - 4 + little(bytes, 4, 4) > bytes.size()) return found;
    found.complete = true;
    const WebpDemuxer demuxer = webp_parts(bytes);
    if (!demuxer) {
        found.refusal = "is a damaged WebP; copy it again";
        return found;
    }
    const std::uint32_t flags = WebPDemuxGetI(demuxer.get(), WEBP_FF_FORMAT_FLAGS);
    found.width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
    found.height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
    found.alpha = (flags & ALPHA_FLAG) != 0;
    found.animated = (flags & ANIMATION_FLAG) != 0;
    found.orientation = exif_orientation(webp_exif(demuxer.get()));
    return found;
}

FilePicture decode_webp(const FileToDecode& file) {
    const WebpDemuxer demuxer = webp_parts(file.bytes);
    if (!demuxer) throw std::bad_alloc();  // it was whole when it was inspected
    const std::uint32_t flags = WebPDemuxGetI(demuxer.get(), WEBP_FF_FORMAT_FLAGS);
    const std::uint32_t width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
    const std::uint32_t height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
    const bool animated = (flags & ANIMATION_FLAG) != 0;
    FilePicture picture{.format = FileFormat::webp};
    UprightPicture<std::uint8_t> canvas(place_upright(width, height, file.orientation), file.facts.alpha);
    std::uint8_t* direct = animated || height == 0 ? nullptr : canvas.row(0);
    if (direct != nullptr) {
        decode_still(demuxer.get(), file, direct, 3);
    } else {
        const std::size_t channels = animated || file.facts.alpha ? 4 : 3;
        std::vector<std::uint8_t> pixels(channels * width * height);
        if (animated) {
            decode_first_of_animation(file, pixels);
        } else {
            decode_still(demuxer.get(), file, pixels.data(), channels);
        }
        for (std::uint32_t y = 0; y < height; ++y) {
            canvas.put(y, pixels.data() + channels * width * y, width, channels);
        }
    }
    canvas.finish(picture);
    WebPBitstreamFeatures features;
    const WebpFrame first(demuxer.get());
    picture.lossy = first &&
                    WebPGetFeatures(first.data().bytes, first.data().size, &features) == VP8_STATUS_OK &&
                    features.format == 1;
    const Bytes icc = webp_chunk(demuxer.get(), "ICCP"), exif = webp_exif(demuxer.get());
    picture.metadata.icc.assign(icc.begin(), icc.end());
    picture.metadata.exif.assign(exif.begin(), exif.end());
    picture.metadata.xmp = as_text(webp_chunk(demuxer.get(), "XMP "));
    return picture;
}

}  // namespace shadenet
