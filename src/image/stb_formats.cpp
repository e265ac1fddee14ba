// BMP and TGA.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>

#include <fmt/format.h>
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/density.h"
#include "image/packed_bmp.h"
#include "image/samples.h"
#include "image/upright.h"

namespace shadenet {

namespace {

struct FreePixels {
    void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

const stbi_uc* data_of(Bytes bytes) {
    return reinterpret_cast<const stbi_uc*>(bytes.data());
}

// Many programs set the fourth byte of every pixel to zero, and mean no alpha.
void drop_empty_alpha(std::vector<std::uint16_t>& alpha) {
    if (std::ranges::all_of(alpha, [](std::uint16_t value) { return value == 0; })) alpha.clear();
}

// A BMP's pixels per metre, across and down, in every kind of header but the oldest.
constexpr std::size_t bmp_density_at = 38, bmp_density_end = 46;

std::optional<Density> read_bmp_density(Bytes file) {
    if (file.size() < bmp_density_end || little(file, 14, 4) < 40) return std::nullopt;
    const std::uint64_t x = little(file, bmp_density_at, 4), y = little(file, bmp_density_at + 4, 4);
    constexpr std::uint64_t most = 0x7fffffff;
    if (x == 0 || y == 0 || x > most || y > most) return std::nullopt;
    return Density{Density::Unit::metre, static_cast<double>(x), static_cast<double>(y)};
}

struct Output {
    AtomicFile& file;
    std::optional<MetricDensity> density;  // replaces zeros that the encoder writes
    std::uint64_t at = 0;
    std::exception_ptr thrown;

    void write(Bytes piece) {
        const std::uint64_t begin = at;
        at += piece.size();
        if (!density || begin >= bmp_density_end || at <= bmp_density_at) return file.write(piece);
        std::vector<std::byte> changed(piece.begin(), piece.end());
        const std::uint64_t both = density->x | std::uint64_t{density->y} << 32;
        for (std::uint64_t i = 0; i < changed.size(); ++i) {
            if (begin + i < bmp_density_at || begin + i >= bmp_density_end) continue;
            changed[i] = static_cast<std::byte>(both >> (8 * (begin + i - bmp_density_at)));
        }
        file.write(changed);
    }
};

// The encoder goes on after a failure, because it cannot be stopped.
void write_stb_piece(void* context, void* from, int count) {
    auto& output = *static_cast<Output*>(context);
    if (output.thrown) return;
    try {
        output.write({static_cast<const std::byte*>(from), static_cast<std::size_t>(count)});
    } catch (...) {
        output.thrown = std::current_exception();
    }
}

// The encoder needs the whole picture at once.
template <class Sample>
std::vector<std::uint8_t> interleaved(const Picture<Sample>& colour, const std::vector<std::uint16_t>& alpha,
                                      RowLayout layout) {
    Rows<std::uint8_t, Sample> rows(colour, alpha, layout);
    std::vector<std::uint8_t> pixels;
    pixels.reserve(rows.bytes() * colour.height);
    for (std::uint32_t y = 0; y < colour.height; ++y) {
        const std::uint8_t* row = rows.row(y);
        pixels.insert(pixels.end(), row, row + rows.bytes());
    }
    return pixels;
}

}  // namespace

void inspect_with_stb(Bytes bytes, const std::filesystem::path& name, PictureFacts& facts) {
    std::vector<std::byte> head;
    if (is_packed_bmp(bytes)) {
        head = unpacked_bmp_head(bytes);
        bytes = head;
    }
    int width = 0, height = 0, channels = 0;
    const int size = static_cast<int>(bytes.size());
    if (stbi_info_from_memory(data_of(bytes), size, &width, &height, &channels) == 0) {
        refuse_unreadable(name, stbi_failure_reason());
    }
    if (width <= 0 || height == 0) refuse_unreadable(name, "it has no pixels");
    facts.width = static_cast<std::uint32_t>(width);
    // A negative height means that the rows run from top to bottom.
    facts.height = static_cast<std::uint32_t>(std::abs(std::int64_t{height}));
    facts.alpha = channels == 2 || channels == 4;
}

FilePicture decode_with_stb(const FileToDecode& file) {
    int width = 0, height = 0, channels = 0;
    std::vector<std::byte> unpacked;
    if (is_packed_bmp(file.bytes)) unpacked = unpacked_bmp(file.bytes);
    const Bytes bytes = unpacked.empty() ? file.bytes : Bytes(unpacked);
    if (bytes.size() > most_stb_bytes) refuse_unreadable(file.name, "it has too many bytes");
    const int wanted = file.facts.alpha ? 4 : 3, size = static_cast<int>(bytes.size());
    const std::unique_ptr<stbi_uc, FreePixels> pixels(
        stbi_load_from_memory(data_of(bytes), size, &width, &height, &channels, wanted));
    if (!pixels) refuse_unreadable(file.name, stbi_failure_reason());
    const auto columns = static_cast<std::uint32_t>(width), rows = static_cast<std::uint32_t>(height);
    if (columns != file.facts.width || rows != file.facts.height) {
        refuse_unreadable(file.name, "it has two different sizes");
    }
    UprightPicture<std::uint8_t> canvas(place_upright(columns, rows, file.orientation), file.facts.alpha);
    for (std::uint32_t y = 0; y < rows; ++y) {
        const auto in_row = static_cast<std::size_t>(wanted);
        canvas.put(y, pixels.get() + in_row * columns * y, columns, in_row);
    }
    FilePicture picture{.grey = file.facts.grey, .palette = file.facts.palette, .format = file.facts.format};
    canvas.finish(picture);
    drop_empty_alpha(picture.alpha);
    if (file.facts.format == FileFormat::bmp) picture.metadata.density = read_bmp_density(file.bytes);
    return picture;
}

void encode_with_stb(const FileToEncode& work) {
    const bool is_bmp = work.options.format == FileFormat::bmp;
    const RowLayout layout{
        .grey = work.picture.grey, .alpha = !work.picture.alpha.empty(), .repeated = is_bmp};
    const std::optional<Density>& known = work.metadata.density;
    const auto density = known ? bmp_density(*known) : std::nullopt;
    const auto encode = [&](const auto& colour) {
        const std::vector<std::uint8_t> pixels = interleaved(colour, work.picture.alpha, layout);
        const int width = static_cast<int>(colour.width), height = static_cast<int>(colour.height);
        const int channels = static_cast<int>(layout.channels());
        Output output{.file = work.file, .density = is_bmp ? density : std::nullopt};
        const auto write = is_bmp ? stbi_write_bmp_to_func : stbi_write_tga_to_func;
        const int written = write(write_stb_piece, &output, width, height, channels, pixels.data());
        if (output.thrown) std::rethrow_exception(output.thrown);
        if (written == 0) throw WorkError(fmt::format("{}: cannot be encoded", work.path.string()));
    };
    with_integers(work.picture.colour, encode);
}

}  // namespace shadenet
