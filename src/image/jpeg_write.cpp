#include <functional>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/jpeg_guard.h"
#include "image/jpeg_metadata.h"
#include "image/samples.h"

namespace shadenet {

namespace {

constexpr int best_quality = 95;         // if neither the user nor a source gives another
constexpr int full_chroma_quality = 90;  // from this quality on, chroma is as fine as luma

// libjpeg's output: libjpeg fills the buffer, and asks us to empty it.
struct Destination {
    jpeg_destination_mgr manager{};  // the first member, because libjpeg gets its address
    std::function<void(Bytes)> write;
    JpegErrors* errors = nullptr;
    std::array<JOCTET, 65536> buffer{};
};

Destination& destination_of(j_compress_ptr info) {
    return *reinterpret_cast<Destination*>(info->dest);
}

void start_buffer(j_compress_ptr info) {
    Destination& to = destination_of(info);
    to.manager.next_output_byte = to.buffer.data();
    to.manager.free_in_buffer = to.buffer.size();
}

// The encoder is C code, and no exception may pass through it.
bool write_out(Destination& to, std::size_t count) noexcept {
    try {
        to.write(std::as_bytes(std::span(to.buffer).first(count)));
        return true;
    } catch (...) {
        to.errors->thrown = std::current_exception();
        return false;
    }
}

boolean empty_buffer(j_compress_ptr info) {
    Destination& to = destination_of(info);
    if (!write_out(to, to.buffer.size())) info->err->error_exit(reinterpret_cast<j_common_ptr>(info));
    start_buffer(info);
    return TRUE;
}

void finish_buffer(j_compress_ptr info) {
    Destination& to = destination_of(info);
    const std::size_t count = to.buffer.size() - to.manager.free_in_buffer;
    if (!write_out(to, count)) info->err->error_exit(reinterpret_cast<j_common_ptr>(info));
}

class JpegEncoder {
  public:
    /// `write` gets the bytes; messages begin with `name`.
    JpegEncoder(std::function<void(Bytes)> write, std::string name)
        : name_(std::move(name)),
          destination_{.manager = {.init_destination = start_buffer,
                                   .empty_output_buffer = empty_buffer,
                                   .term_destination = finish_buffer},
                       .write = std::move(write),
                       .errors = &errors_} {
        watch_jpeg(reinterpret_cast<j_common_ptr>(&info_), errors_);
        if (!succeeds(errors_, [&] { jpeg_create_compress(&info_); })) throw std::bad_alloc();
        info_.dest = &destination_.manager;
    }
    ~JpegEncoder() { jpeg_destroy_compress(&info_); }
    JpegEncoder(const JpegEncoder&) = delete;
    JpegEncoder& operator=(const JpegEncoder&) = delete;

    jpeg_compress_struct& info() { return info_; }

    template <class Step>
    void run(const Step& step) {
        if (succeeds(errors_, step)) return;
        rethrow(errors_);
        throw WorkError(fmt::format("{} cannot be encoded as JPEG: {}", name_, errors_.text));
    }

  private:
    std::string name_;
    JpegErrors errors_{};
    Destination destination_;
    jpeg_compress_struct info_{};
};

// The source's coding, if it has this picture's components, and tables and sampling factors within the
// encoder's limits.
const JpegCoding* usable_coding(const FilePicture& picture) {
    if (!picture.jpeg) return nullptr;
    const JpegCoding& coding = *picture.jpeg;
    const std::size_t components = picture.grey ? 1 : 3;
    if (coding.components.size() != components || coding.tables.empty()) return nullptr;
    if (coding.tables.size() > NUM_QUANT_TBLS) return nullptr;
    for (const JpegCoding::Component& component : coding.components) {
        const auto [across, down] = component.sampling;
        const bool sound =
            component.table < coding.tables.size() && across >= 1 && across <= 4 && down >= 1 && down <= 4;
        if (!sound) return nullptr;
    }
    return &coding;
}

Sampling finest(const JpegCoding& coding) {
    Sampling most;
    for (const JpegCoding::Component& component : coding.components) {
        most.horizontal = std::max(most.horizontal, component.sampling.horizontal);
        most.vertical = std::max(most.vertical, component.sampling.vertical);
    }
    return most;
}

bool has_writable_sampling(const JpegCoding& coding) {
    const Sampling most = finest(coding);
    int blocks = 0;
    for (const JpegCoding::Component& component : coding.components) {
        if (most.horizontal % component.sampling.horizontal != 0 ||
            most.vertical % component.sampling.vertical != 0) {
            return false;
        }
        blocks += component.sampling.horizontal * component.sampling.vertical;
    }
    return coding.components.size() == 1 || blocks <= C_MAX_BLOCKS_IN_MCU;
}

// How many pixels across and down share a value of chroma.
Sampling chroma_step(const JpegCoding& coding) {
    const Sampling most = finest(coding);
    Sampling step{4, 4};
    for (std::size_t c = 1; c < coding.components.size(); ++c) {
        step.horizontal =
            std::min(step.horizontal, most.horizontal / coding.components[c].sampling.horizontal);
        step.vertical = std::min(step.vertical, most.vertical / coding.components[c].sampling.vertical);
    }
    return step;
}

void set_sampling(jpeg_component_info& component, Sampling sampling) {
    component.h_samp_factor = sampling.horizontal;
    component.v_samp_factor = sampling.vertical;
}

void repeat_tables(jpeg_compress_struct& info, const JpegCoding& coding) {
    for (std::size_t t = 0; t < coding.tables.size(); ++t) {
        std::array<unsigned, 64> table{};
        std::copy(coding.tables[t].begin(), coding.tables[t].end(), table.begin());
        jpeg_add_quant_table(&info, static_cast<int>(t), table.data(), 100, FALSE);
    }
    for (std::size_t c = 0; c < coding.components.size(); ++c) {
        info.comp_info[c].quant_tbl_no = static_cast<int>(coding.components[c].table);
    }
}

// The sampling for the requested quality, but never coarser than the source's chroma.
Sampling chosen_sampling(int quality, const JpegCoding* source) {
    if (quality >= full_chroma_quality || (source != nullptr && source->rgb)) return {1, 1};
    Sampling luma{2, 2};
    if (source != nullptr && source->components.size() == 3) {
        const Sampling step = chroma_step(*source);
        luma = {std::min(luma.horizontal, step.horizontal), std::min(luma.vertical, step.vertical)};
    }
    return luma;
}

void set_coding(jpeg_compress_struct& info, const FileToEncode& work) {
    const JpegCoding* source = usable_coding(work.picture);
    const int quality = work.options.quality;
    if (source != nullptr && source->rgb) jpeg_set_colorspace(&info, JCS_RGB);
    const bool repeats = source != nullptr && quality == 0;
    if (repeats) {
        repeat_tables(info, *source);
    } else {
        jpeg_set_quality(&info, quality == 0 ? best_quality : quality, TRUE);
    }
    const bool repeats_sampling = repeats && has_writable_sampling(*source);
    const Sampling luma = chosen_sampling(quality == 0 ? best_quality : quality, source);
    for (std::size_t c = 0; c < static_cast<std::size_t>(info.num_components); ++c) {
        set_sampling(info.comp_info[c], repeats_sampling ? source->components[c].sampling
                                        : c == 0         ? luma
                                                         : Sampling{});
    }
    if (source == nullptr) return;
    if (!source->rgb) {
        info.write_JFIF_header = source->jfif ? TRUE : FALSE;
        info.write_Adobe_marker = source->adobe ? TRUE : FALSE;
    }
    info.restart_interval = source->restart_interval;
    // Progressive scans need tables of their own, and therefore a second pass over the coefficients; other
    // pictures do without.
    if (source->progressive) jpeg_simple_progression(&info);
}

void set_density(jpeg_compress_struct& info, const Metadata& metadata) {
    const std::optional<JfifDensity> density = jfif_density(metadata);
    if (!density) return;
    info.density_unit = density->unit;
    info.X_density = density->x;
    info.Y_density = density->y;
}

void write_metadata(JpegEncoder& encoder, const FileToEncode& work) {
    for (const JpegMarker& marker : jpeg_markers(work.metadata, work.notes)) {
        const auto* data = reinterpret_cast<const JOCTET*>(marker.payload.data());
        const auto size = static_cast<unsigned>(marker.payload.size());
        encoder.run([&] { jpeg_write_marker(&encoder.info(), static_cast<int>(marker.code), data, size); });
    }
}

/// `configure` sets what is not as usual.
template <class Configure>
void begin_compressing(JpegEncoder& encoder, std::uint32_t width, std::uint32_t height, bool grey,
                       const Configure& configure) {
    jpeg_compress_struct& info = encoder.info();
    info.image_width = width;
    info.image_height = height;
    info.input_components = grey ? 1 : 3;
    info.in_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    encoder.run([&] {
        jpeg_set_defaults(&info);
        info.dct_method = JDCT_ISLOW;
        configure(info);
        jpeg_start_compress(&info, TRUE);
    });
}

template <class Sample>
void compress_rows(JpegEncoder& encoder, const Picture<Sample>& colour, bool grey, std::uint32_t first,
                   std::uint32_t count) {
    const std::vector<std::uint16_t> no_alpha;
    Rows<std::uint8_t, Sample> rows(colour, no_alpha, {.grey = grey});
    for (std::uint32_t y = first; y < first + count; ++y) {
        auto* row = const_cast<JSAMPROW>(rows.row(y));  // libjpeg only reads it
        encoder.run([&] { jpeg_write_scanlines(&encoder.info(), &row, 1); });
    }
}

void finish_compressing(JpegEncoder& encoder) {
    encoder.run([&] { jpeg_finish_compress(&encoder.info()); });
}

class JpegRowEncoder : public RowEncoder {
  public:
    explicit JpegRowEncoder(const FileToEncode& work)
        : encoder_([&file = work.file](Bytes bytes) { file.write(bytes); }, work.path.string() + ":"),
          grey_(work.picture.grey) {
        const auto configure = [&](jpeg_compress_struct& info) {
            set_coding(info, work);
            set_density(info, work.metadata);
        };
        with_integers(work.picture.colour, [&](const auto& colour) {
            begin_compressing(encoder_, colour.width, colour.height, grey_, configure);
        });
        write_metadata(encoder_, work);
    }

    void write(const RowsToWrite& rows) override {
        with_integers(rows.colour, [&](const auto& colour) {
            compress_rows(encoder_, colour, grey_, rows.first, rows.count);
        });
    }
    void finish() override { finish_compressing(encoder_); }

  private:
    JpegEncoder encoder_;
    bool grey_;
};

}  // namespace

std::unique_ptr<RowEncoder> jpeg_encoder(const FileToEncode& work) {
    return std::make_unique<JpegRowEncoder>(work);
}

std::vector<std::byte> jpeg_bytes(const Picture8& picture, int quality) {
    std::vector<std::byte> bytes;
    JpegEncoder encoder([&](Bytes piece) { append(bytes, piece); },
                        fmt::format("a picture of {} x {} pixels", picture.width, picture.height));
    begin_compressing(encoder, picture.width, picture.height, false, [&](jpeg_compress_struct& info) {
        info.optimize_coding = TRUE;
        jpeg_set_quality(&info, quality, TRUE);
    });
    compress_rows(encoder, picture, false, 0, picture.height);
    finish_compressing(encoder);
    return bytes;
}

}  // namespace shadenet
