#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/jpeg_guard.h"
#include "image/jpeg_metadata.h"
#include "image/upright.h"

namespace shadenet {

namespace {

// Pictures with more scans are made only to keep programs busy.
constexpr int most_scans = 1000;

void limit_scans(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= most_scans) return;
    reinterpret_cast<JpegErrors*>(info->err)->has_too_many_scans = true;
    info->err->error_exit(info);
}

// libjpeg's decoder. It is zero before libjpeg creates it, so it can be destroyed at any time.
class Decoder {
  public:
    Decoder(Bytes bytes, const std::filesystem::path& name) : name_(name) {
        watch_jpeg(reinterpret_cast<j_common_ptr>(&info_), errors_);
        progress_.progress_monitor = limit_scans;
        const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
        const auto size = static_cast<unsigned long>(bytes.size());
        const auto read_header = [&] {
            jpeg_create_decompress(&info_);
            info_.progress = &progress_;
            jpeg_mem_src(&info_, data, size);
            jpeg_read_header(&info_, TRUE);
        };
        if (!succeeds(errors_, read_header)) fail_at_header();
    }
    ~Decoder() { jpeg_destroy_decompress(&info_); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    jpeg_decompress_struct& info() { return info_; }

    template <class Step>
    void run(const Step& step) {
        if (succeeds(errors_, step)) return;
        rethrow(errors_);
        if (errors_.is_data_cut) refuse_truncated(name_);
        if (errors_.has_too_many_scans) {
            throw InputError(
                fmt::format("{}: has more than {} scans; save it again", name_.string(), most_scans));
        }
        refuse_damaged(name_, errors_.text);
    }

  private:
    // A constructor that throws is not followed by the destructor.
    [[noreturn]] void fail_at_header() {
        jpeg_destroy_decompress(&info_);
        rethrow(errors_);
        refuse_unreadable(name_, errors_.text);
    }

    const std::filesystem::path& name_;
    JpegErrors errors_{};
    jpeg_progress_mgr progress_{};
    jpeg_decompress_struct info_{};
};

std::array<std::uint16_t, 64> table_of(const JQUANT_TBL& table, bool turned) {
    std::array<std::uint16_t, 64> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = table.quantval[turned ? i % 8 * 8 + i / 8 : i];
    }
    return values;
}

// To be called when all tables have been read. A picture turned by 90 degrees would lose detail a second time
// if its tables and sampling factors were not turned as well.
std::optional<JpegCoding> coding_of(const jpeg_decompress_struct& info, int orientation) {
    if (info.num_components != 1 && info.num_components != 3) return std::nullopt;
    const bool turned = is_sideways(orientation);
    JpegCoding coding{.progressive = info.progressive_mode != FALSE,
                      .rgb = info.jpeg_color_space == JCS_RGB,
                      .jfif = info.saw_JFIF_marker != FALSE,
                      .adobe = info.saw_Adobe_marker != FALSE,
                      .restart_interval = info.restart_interval};
    for (int c = 0; c < info.num_components; ++c) {
        const jpeg_component_info& component = info.comp_info[c];
        if (component.quant_table == nullptr) return std::nullopt;
        const auto table = table_of(*component.quant_table, turned);
        const auto known = std::ranges::find(coding.tables, table);
        const auto index = static_cast<std::size_t>(known - coding.tables.begin());
        if (known == coding.tables.end()) coding.tables.push_back(table);
        const int across = component.h_samp_factor, down = component.v_samp_factor;
        coding.components.push_back({index, turned ? Sampling{down, across} : Sampling{across, down}});
    }
    return coding;
}

// Adobe keeps CMYK inverted: 255 is no ink. Converts in place, from four bytes a pixel to three.
void cmyk_to_rgb(std::uint8_t* row, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        const unsigned black = row[4 * x + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            row[3 * x + c] = static_cast<std::uint8_t>((row[4 * x + c] * black + 127) / 255);
        }
    }
}

// Whether a progressive picture's scans have every coefficient to the last bit.
bool has_all_bits(const jpeg_decompress_struct& info) {
    for (int c = 0; c < info.num_components; ++c) {
        const int* left = info.coef_bits[c];
        if (std::any_of(left, left + DCTSIZE2, [](int bits) { return bits != 0; })) return false;
    }
    return true;
}

void decode_jpeg_rows(Decoder& decoder, UprightPicture<std::uint8_t>& canvas) {
    jpeg_decompress_struct& info = decoder.info();
    const bool cmyk = info.out_color_space == JCS_CMYK;
    std::vector<std::uint8_t> samples(std::size_t{4} * info.output_width);
    while (info.output_scanline < info.output_height) {
        const std::uint32_t y = info.output_scanline;
        std::uint8_t* direct = cmyk ? nullptr : canvas.row(y);
        JSAMPROW row = direct != nullptr ? direct : samples.data();
        decoder.run([&] { jpeg_read_scanlines(&info, &row, 1); });
        if (cmyk) cmyk_to_rgb(samples.data(), info.output_width);
        if (direct == nullptr) canvas.put(y, samples.data(), info.output_width, 3);
    }
}

}  // namespace

bool holds_all_data(Bytes jpeg, const std::filesystem::path& name) {
    try {
        Decoder decoder(jpeg, name);
        jpeg_decompress_struct& info = decoder.info();
        decoder.run([&] { jpeg_start_decompress(&info); });
        std::vector<std::uint8_t> samples(std::size_t{info.output_width} *
                                          static_cast<unsigned>(info.output_components));
        while (info.output_scanline < info.output_height) {
            JSAMPROW row = samples.data();
            decoder.run([&] { jpeg_read_scanlines(&info, &row, 1); });
        }
        const bool is_refined = !info.progressive_mode || has_all_bits(info);
        decoder.run([&] { jpeg_finish_decompress(&info); });
        return is_refined;
    } catch (const InputError&) {
        return false;
    }
}

void check_jpeg_header(Bytes bytes, const std::filesystem::path& name) {
    const Decoder decoder(bytes, name);
}

FilePicture decode_jpeg(const FileToDecode& file) {
    Decoder decoder(file.bytes, file.name);
    jpeg_decompress_struct& info = decoder.info();
    const UprightPlacement placement = place_upright(info.image_width, info.image_height, file.orientation);
    if (placement.width != file.facts.width || placement.height != file.facts.height) {
        refuse_damaged(file.name, "it has two different sizes");
    }
    const bool cmyk = info.num_components == 4;
    info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    decoder.run([&] { jpeg_start_decompress(&info); });
    UprightPicture<std::uint8_t> canvas(placement, false);
    decode_jpeg_rows(decoder, canvas);
    FilePicture picture{.grey = file.facts.grey, .lossy = true, .format = FileFormat::jpeg};
    picture.jpeg = coding_of(info, file.orientation);  // finishing frees the tables
    decoder.run([&] { jpeg_finish_decompress(&info); });
    picture.metadata = jpeg_metadata(file.bytes);
    if (cmyk) {
        const bool had_profile = !picture.metadata.icc.empty();
        picture.losses.emplace_back(had_profile ? "CMYK became RGB, without its profile" : "CMYK became RGB");
        picture.metadata.icc.clear();  // the profile describes CMYK, not RGB
    }
    canvas.finish(picture);
    return picture;
}

}  // namespace shadenet
