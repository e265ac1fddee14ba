#include <algorithm>
#include <new>
#include <span>

#include <fmt/format.h>
#include <jerror.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/jpeg_guard.h"
#include "image/jpeg_metadata.h"
#include "image/row_decoder.h"

namespace shadenet {

namespace {

// Pictures with more scans are made only to keep programs busy.
constexpr int most_scans = 1000;

void limit_scans(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= most_scans) return;
    reinterpret_cast<JpegErrors*>(info->err)->has_too_many_scans = true;
    info->err->error_exit(info);
}

// libjpeg's input, read in pieces.
struct Source {
    jpeg_source_mgr manager{};  // the first member, because libjpeg gets its address
    const PictureBytes* file = nullptr;
    JpegErrors* errors = nullptr;
    std::uint64_t at = 0;
    std::array<JOCTET, 65536> buffer{};
};

Source& source_of(j_decompress_ptr info) {
    return *reinterpret_cast<Source*>(info->src);
}

// The decoder is C code, and no exception may pass through it.
bool read_in(Source& from) noexcept {
    try {
        const std::size_t count = from.file->read(from.at, std::as_writable_bytes(std::span(from.buffer)));
        from.at += count;
        from.manager.next_input_byte = from.buffer.data();
        from.manager.bytes_in_buffer = count;
        return true;
    } catch (...) {
        from.errors->thrown = std::current_exception();
        return false;
    }
}

boolean fill_buffer(j_decompress_ptr info) {
    Source& from = source_of(info);
    if (!read_in(from)) info->err->error_exit(reinterpret_cast<j_common_ptr>(info));
    if (from.manager.bytes_in_buffer > 0) return TRUE;
    // The data end early: libjpeg is told so, and given an end marker, as its own sources do.
    info->err->msg_code = JWRN_JPEG_EOF;
    info->err->emit_message(reinterpret_cast<j_common_ptr>(info), -1);
    from.buffer[0] = 0xff;
    from.buffer[1] = JPEG_EOI;
    from.manager.next_input_byte = from.buffer.data();
    from.manager.bytes_in_buffer = 2;
    return TRUE;
}

void skip_bytes(j_decompress_ptr info, long count) {
    Source& from = source_of(info);
    if (count <= 0) return;
    const auto wanted = static_cast<std::uint64_t>(count),
               there = std::uint64_t{from.manager.bytes_in_buffer};
    const std::uint64_t taken = std::min(wanted, there);
    from.manager.next_input_byte += taken;
    from.manager.bytes_in_buffer -= taken;
    from.at += wanted - taken;
}

void nothing_to_do(j_decompress_ptr) {}

// libjpeg's decoder. It is zero before libjpeg creates it, so it can be destroyed at any time.
class Decoder {
  public:
    Decoder(const PictureBytes& file, const std::filesystem::path& name)
        : name_(name),
          source_{.manager = {.init_source = nothing_to_do,
                              .fill_input_buffer = fill_buffer,
                              .skip_input_data = skip_bytes,
                              .resync_to_restart = jpeg_resync_to_restart,
                              .term_source = nothing_to_do},
                  .file = &file,
                  .errors = &errors_} {
        watch_jpeg(reinterpret_cast<j_common_ptr>(&info_), errors_);
        progress_.progress_monitor = limit_scans;
        const auto read_header = [&] {
            jpeg_create_decompress(&info_);
            info_.progress = &progress_;
            info_.src = &source_.manager;
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
    Source source_;
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

// To be called when decoding has started: all tables have been read then. A picture turned by 90 degrees
// would lose detail a second time if its tables and sampling factors were not turned as well.
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

// Adobe keeps CMYK inverted: 255 is no ink.
void cmyk_to_rgb(std::span<const std::uint8_t> cmyk, std::uint8_t* rgb) {
    for (; !cmyk.empty(); cmyk = cmyk.subspan(4), rgb += 3) {
        for (std::size_t c = 0; c < 3; ++c) {
            rgb[c] = static_cast<std::uint8_t>((cmyk[c] * unsigned{cmyk[3]} + 127) / 255);
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

class JpegRows : public RowDecoder {
  public:
    explicit JpegRows(const FileToDecode& file) : decoder_(file.file, file.name) {
        jpeg_decompress_struct& info = decoder_.info();
        const UprightPlacement placement =
            place_upright(info.image_width, info.image_height, file.orientation);
        if (placement.width != file.facts.width || placement.height != file.facts.height) {
            refuse_damaged(file.name, "it has two different sizes");
        }
        if (info.num_components == 4) cmyk_.resize(std::size_t{4} * info.image_width);
        info.out_color_space = is_cmyk() ? JCS_CMYK : JCS_RGB;
        decoder_.run([&] { jpeg_start_decompress(&info); });
    }

    bool is_cmyk() const { return !cmyk_.empty(); }
    const jpeg_decompress_struct& info() { return decoder_.info(); }
    std::size_t channels() const override { return 3; }
    void read(void* to) override {
        auto* rgb = static_cast<std::uint8_t*>(to);
        JSAMPROW row = is_cmyk() ? cmyk_.data() : rgb;
        decoder_.run([&] { jpeg_read_scanlines(&decoder_.info(), &row, 1); });
        if (is_cmyk()) cmyk_to_rgb(cmyk_, rgb);
    }
    void finish() override {
        decoder_.run([&] { jpeg_finish_decompress(&decoder_.info()); });
    }

  private:
    Decoder decoder_;
    std::vector<std::uint8_t> cmyk_;  ///< a row, where the picture is CMYK
};

}  // namespace

bool holds_all_data(const PictureBytes& jpeg, const std::filesystem::path& name) {
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

void check_jpeg_header(const PictureBytes& bytes, const std::filesystem::path& name) {
    const Decoder decoder(bytes, name);
}

OpenedPicture open_jpeg(const FileToDecode& file) {
    auto rows = std::make_unique<JpegRows>(file);
    FilePicture picture{.grey = file.facts.grey, .lossy = true, .format = FileFormat::jpeg};
    picture.jpeg = coding_of(rows->info(), file.orientation);
    read_jpeg_metadata(file.bytes, picture);
    if (rows->is_cmyk()) {
        const bool had_profile = !picture.metadata.icc.empty();
        picture.losses.emplace_back(had_profile ? "CMYK became RGB, without its profile" : "CMYK became RGB");
        picture.metadata.icc.clear();  // the profile describes CMYK, not RGB
    }
    return {std::move(picture), std::move(rows)};
}

FilePicture decode_jpeg(const FileToDecode& file) {
    return decode_all_rows(open_jpeg(file), file);
}

}  // namespace shadenet
