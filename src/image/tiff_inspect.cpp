// What a TIFF's directory tells before anything is decoded: what it holds, whether that can be, and where it
// lies.
#include <algorithm>

#include "image/format.h"
#include "image/tiff_file.h"
#include "image/tiff_form.h"

namespace shadenet {

namespace {

constexpr std::uint16_t most_samples = 64;  ///< of a pixel

/// While it is inspected: a list of strips may be long, but a file of a few bytes is not to take gigabytes.
std::uint64_t most_for_inspection(const PictureBytes& file) {
    return (std::uint64_t{1} << 26) + 4 * file.size();
}

/// The most pixels that so many bytes can stand for. Faxes have whole rows in a bit; all else makes at most
/// 2^13 bytes of one.
std::uint64_t most_pixels(const TiffForm& form, std::uint64_t file_bytes) {
    const bool fax =
        (form.compression >= COMPRESSION_CCITTRLE && form.compression <= COMPRESSION_CCITTFAX4) ||
        form.compression == COMPRESSION_CCITTRLEW;
    if (fax) return file_bytes << 20;
    const std::uint64_t bits = std::max(1u, std::uint32_t{form.samples} * form.bits);
    return (file_bytes << 13) * 8 / bits;
}

/// The most bytes of the strips or tiles of some rows that are kept at once for a picture that is read by
/// rows.
constexpr std::uint64_t most_of_rows = std::uint64_t{1} << 27;

/// Of a picture's samples, in a row of strips or tiles.
std::uint64_t bytes_of_rows(const TiffFile& file, const TiffForm& form) {
    const std::uint64_t rows = file.long_of(form.tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
    return std::min<std::uint64_t>(rows, form.height) * form.width * form.samples * ((form.bits + 7u) / 8u);
}

/// Whether every strip or tile lies in the file.
bool holds_all_strips(const TiffFile& file, std::uint64_t file_bytes) {
    const std::uint32_t count =
        TIFFIsTiled(file.get()) != 0 ? TIFFNumberOfTiles(file.get()) : TIFFNumberOfStrips(file.get());
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t at = TIFFGetStrileOffset(file.get(), i),
                            bytes = TIFFGetStrileByteCount(file.get(), i);
        if (at > file_bytes || bytes > file_bytes - at) return false;
        if (at == 0 && bytes == 0) return true;  // a sparse file, or a damaged one, which decoding tells
    }
    return true;
}

/// A strip or tile is a part of the picture, but for what pads a tile of a small one.
bool has_sane_parts(const TiffFile& file, const TiffForm& form) {
    const std::uint64_t picture =
        std::uint64_t{form.width} * form.height * form.samples * ((form.bits + 7u) / 8u);
    const auto part =
        static_cast<std::uint64_t>(form.tiled ? TIFFTileSize64(file.get()) : TIFFStripSize64(file.get()));
    return part > 0 && part <= picture + (1u << 24);
}

/// Cameras put their raw pixels into TIFFs, mostly behind a small picture to look at.
bool is_camera_raw(const TiffFile& file, const TiffForm& form) {
    const std::uint8_t* version = nullptr;
    return (file.long_of(TIFFTAG_SUBFILETYPE) & FILETYPE_REDUCEDIMAGE) != 0 ||
           form.photometric == PHOTOMETRIC_CFA || TIFFGetField(file.get(), TIFFTAG_DNGVERSION, &version) != 0;
}

const char* refusal_of(const TiffFile& file, const TiffForm& form) {
    if (is_camera_raw(file, form)) {
        return "is a camera's raw picture; develop it, e.g. with darktable or RawTherapee, and give the "
               "result";
    }
    if (TIFFIsCODECConfigured(form.compression) == 0) {
        return "is a TIFF in a compression that this program does not know; save it again with LZW or "
               "Deflate";
    }
    if (form.samples == 0 || form.samples > most_samples || !has_sane_parts(file, form)) {
        return "is a damaged TIFF, or one of a kind that this program does not read; save it again as RGB";
    }
    if (form.photometric == PHOTOMETRIC_CIELAB || form.photometric == PHOTOMETRIC_ICCLAB ||
        form.photometric == PHOTOMETRIC_ITULAB) {
        return "is a TIFF in L*a*b* colours, which this program does not read; save it again as RGB";
    }
    if (form.is_float()) return nullptr;
    if (form.bits > 16 || (form.kind != SAMPLEFORMAT_UINT && form.kind != SAMPLEFORMAT_VOID)) {
        return "is a TIFF of floats of other than 32 bits, signed numbers or whole numbers of more than 16 "
               "bits; save it again with 16 bits, or as floats of 32";
    }
    char why[1024];  // libtiff writes as many
    if (!form.is_direct() && TIFFRGBAImageOK(file.get(), why) == 0) {
        return "is a TIFF of colours or bits that this program does not read; save it again as RGB of 8 or "
               "16 bits";
    }
    return nullptr;
}

}  // namespace

std::vector<ByteRange> places_of_tiff_pixels(const PictureBytes& bytes) {
    constexpr std::uint64_t header = 64;  // more than any kind of file is known by
    const TiffFile file(bytes, most_for_inspection(bytes));
    file.rethrow();
    if (!file || !holds_all_strips(file, bytes.size())) return {};
    std::vector<ByteRange> places;
    const std::uint32_t count =
        TIFFIsTiled(file.get()) != 0 ? TIFFNumberOfTiles(file.get()) : TIFFNumberOfStrips(file.get());
    for (std::uint32_t i = 0; i < count; ++i) {
        // An odd number of bytes is followed by one that only fills a word.
        const std::uint64_t at = TIFFGetStrileOffset(file.get(), i),
                            bytes_there = TIFFGetStrileByteCount(file.get(), i);
        if (at < header) return {};
        places.push_back({at, std::min(at + (bytes_there + 1) / 2 * 2, bytes.size())});
    }
    return merged(std::move(places));
}

Inspection inspect_tiff(const PictureBytes& bytes) {
    const TiffFile file(bytes, most_for_inspection(bytes));
    file.rethrow();
    Inspection found(FileFormat::tiff);
    if (!file) {
        found.complete = true;
        found.refusal = "is a damaged TIFF; copy it again";
        return found;
    }
    const TiffForm form(file);
    found.width = form.width;
    found.height = form.height;
    found.complete = holds_all_strips(file, bytes.size());
    found.refusal = refusal_of(file, form);
    found.decodable = most_pixels(form, bytes.size());
    found.sixteen_bit = form.is_direct() && form.bits == 16;
    found.floats = form.is_float();
    found.grey = form.is_grey();
    found.palette = form.photometric == PHOTOMETRIC_PALETTE;
    found.alpha = form.has_alpha();
    found.by_rows = found.refusal == nullptr && form.is_direct() && bytes_of_rows(file, form) <= most_of_rows;
    found.cmyk = form.photometric == PHOTOMETRIC_SEPARATED;
    const std::uint16_t orientation = file.short_of(TIFFTAG_ORIENTATION);
    if (orientation >= 1 && orientation <= 8) found.orientation = orientation;
    return found;
}

}  // namespace shadenet
