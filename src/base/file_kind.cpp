#include "base/file_kind.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <fmt/format.h>

#include "base/imagemagick.h"
#include "base/lower_case.h"
#include "base/picture_formats.h"
#include "base/words.h"

namespace shadenet {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t most_bytes = 4096;

constexpr auto converted = "convert it, e.g. by ImageMagick's `" SHADENET_CONVERT " '{in}[0]' '{out}'`"sv;
constexpr auto converted_icon =
    "convert it, e.g. by ImageMagick's `" SHADENET_CONVERT " 'ico:{in}[0]' '{out}'`"sv;
constexpr auto converted_jxl = "convert it, e.g. by libjxl's `djxl '{in}' '{out}'`"sv;
constexpr auto converted_qoi = "convert it, e.g. `ffmpeg -i '{in}' '{out}'`"sv;
constexpr auto drawn = "draw it, e.g. `rsvg-convert -o '{out}' '{in}'`"sv;
constexpr auto exported = "save it as PNG in a program that opens it"sv;
constexpr auto developed = "develop it, e.g. with darktable or RawTherapee, and give the result as PNG"sv;
constexpr auto printed = "make pictures of its pages, e.g. `pdftoppm -png '{in}' page`"sv;
constexpr auto stepped = "make pictures of it, e.g. `ffmpeg -i '{in}' frame_%06d.png`"sv;
constexpr auto saved_again =
    "save its tensors as safetensors, in Python: `import torch; from safetensors.torch import save_file; "
    "save_file(torch.load('{in}', map_location='cpu'), '{out}')`"sv;
constexpr auto exported_again =
    "save the PyTorch model that it was made from as safetensors, in Python: `from safetensors.torch import "
    "save_file; save_file(model.state_dict(), '{out}')`"sv;
constexpr auto renamed_tensors =
    "save its weights as safetensors with PyTorch's names and shapes, as docs/models.md shows"sv;
constexpr auto trained_here =
    "this program runs filters of two convolutions: train one with `shadenet train`"sv;
constexpr auto unpacked = "unpack it, and give what is in it"sv;
constexpr auto copied_again = "copy or download it again"sv;

constexpr FileKind picture(std::string_view name, std::string_view remedy = converted) {
    return {name, FileUse::picture, false, remedy, ".png"};
}
constexpr FileKind read_picture(std::string_view name) {
    return {name, FileUse::picture, true};
}
constexpr FileKind model(std::string_view name, std::string_view remedy) {
    return {name, FileUse::model, false, remedy, ".safetensors"};
}
constexpr FileKind other(std::string_view name, std::string_view remedy) {
    return {name, FileUse::other, false, remedy};
}

constexpr FileKind raw_picture = picture("a camera's raw picture", developed);
constexpr FileKind video = picture("a video", stepped);
constexpr FileKind heif = picture("a HEIF picture"), heic = picture("a HEIC picture"),
                   avif = picture("an AVIF picture"), tiff = read_picture(tiff_kind_name),
                   jxl = picture("a JPEG XL picture", converted_jxl), jp2 = picture("a JPEG 2000 picture"),
                   netpbm = picture("a Netpbm picture");
constexpr FileKind pytorch = model("a PyTorch archive", saved_again);
constexpr FileKind zip = other("a zip archive", unpacked);

struct Signature {
    FileKind kind;
    std::size_t at;
    std::string_view bytes;
    std::size_t second_at = 0;  ///< where a second signature must be, too
    std::string_view second{};
};

/// The first signature that fits decides, so of two with the same beginning the longer comes first.
constexpr auto signatures = std::to_array<Signature>({
    {read_picture("a PNG picture"), 0, "\x89PNG\r\n\x1a\n"sv},
    {read_picture("a JPEG picture"), 0, "\xff\xd8\xff"sv},
    {read_picture("a BMP picture"), 0, "BM"sv, 15, "\0\0\0"sv},
    {read_picture("a WebP picture"), 0, "RIFF"sv, 8, "WEBP"sv},
    {video, 0, "RIFF"sv, 8, "AVI "sv},
    {picture("a GIF picture"), 0, "GIF8"sv},
    {raw_picture, 0, "II*\0"sv, 8, "CR"sv},
    {tiff, 0, "II*\0"sv},
    {tiff, 0, "MM\0*"sv},
    {tiff, 0, "II+\0\x08\0"sv},
    {tiff, 0, "MM\0+\0\x08"sv},
    {raw_picture, 0, "FUJIFILMCCD-RAW"sv},
    {raw_picture, 0, "IIU\0"sv},
    {raw_picture, 0, "IIRO"sv},
    {raw_picture, 0, "IIRS"sv},
    {raw_picture, 0, "MMOR"sv},
    {raw_picture, 0, "FOVb"sv},
    {raw_picture, 4, "ftypcrx "sv},
    {heic, 4, "ftyphei"sv},
    {heic, 4, "ftyphevc"sv},
    {heic, 4, "ftyphevx"sv},
    {avif, 4, "ftypavi"sv},
    {heif, 4, "ftypmif1"sv},
    {heif, 4, "ftypmsf1"sv},
    {video, 4, "ftyp"sv},
    {video, 0, "\x1a\x45\xdf\xa3"sv},
    {jxl, 0, "\xff\x0a"sv},
    {jxl, 0, "\0\0\0\x0cJXL \r\n\x87\n"sv},
    {jp2, 0, "\0\0\0\x0cjP  \r\n\x87\n"sv},
    {jp2, 0, "\xff\x4f\xff\x51"sv},
    {picture("a JPEG XR picture", exported), 0, "II\xbc"sv},
    {picture("a Photoshop picture"), 0, "8BPS"sv},
    {picture("a GIMP picture"), 0, "gimp xcf"sv},
    {picture("an OpenEXR picture"), 0, "\x76\x2f\x31\x01"sv},
    {picture("a Radiance picture"), 0, "#?R"sv},
    {picture("a DPX picture"), 0, "SDPX"sv},
    {picture("a DPX picture"), 0, "XPDS"sv},
    {picture("a DDS picture"), 0, "DDS "sv},
    {picture("a QOI picture", converted_qoi), 0, "qoif"sv},
    {picture("a FITS picture"), 0, "SIMPLE  ="sv},
    {picture("a DICOM picture"), 128, "DICM"sv},
    {picture("an icon", converted_icon), 0, "\0\0\1\0"sv, 5, "\0"sv},
    {picture("an MNG picture"), 0, "\x8aMNG\r\n\x1a\n"sv},
    {netpbm, 0, "P1\n"sv},
    {netpbm, 0, "P2\n"sv},
    {netpbm, 0, "P3\n"sv},
    {netpbm, 0, "P4\n"sv},
    {netpbm, 0, "P5\n"sv},
    {netpbm, 0, "P6\n"sv},
    {netpbm, 0, "P7\n"sv},
    {netpbm, 0, "PF\n"sv},
    {netpbm, 0, "Pf\n"sv},
    {picture("a PDF document", printed), 0, "%PDF-"sv},
    {picture("a PostScript document", exported), 0, "%!PS"sv},

    {model("a PyTorch file of the old kind", saved_again), 0,
     "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv},
    {model("a Python pickle", saved_again), 0, "\x80\x02"sv},
    {model("a Python pickle", saved_again), 0, "\x80\x03"sv},
    {model("a Python pickle", saved_again), 0, "\x80\x04\x95"sv},
    {model("a Python pickle", saved_again), 0, "\x80\x05\x95"sv},
    {model("an HDF5 file, as Keras writes it", renamed_tensors), 0, "\x89HDF\r\n\x1a\n"sv},
    {model("a NumPy array", renamed_tensors), 0, "\x93NUMPY"sv},
    {model("a TensorFlow Lite model", renamed_tensors), 4, "TFL3"sv},
    {model("a TensorFlow model", renamed_tensors), 0, "\x08\x01\x12"sv},
    {model("an ncnn network", renamed_tensors), 0, "7767517\n"sv},
    {model("a GGUF model", trained_here), 0, "GGUF"sv},

    {other("a gzip archive", unpacked), 0, "\x1f\x8b"sv},
    {other("an xz archive", unpacked), 0,
     "\xfd"
     "7zXZ\0"sv},
    {other("a Zstandard archive", unpacked), 0, "\x28\xb5\x2f\xfd"sv},
    {other("a bzip2 archive", unpacked), 0, "BZh"sv, 4, "1AY&SY"sv},
    {other("a 7-Zip archive", unpacked), 0, "7z\xbc\xaf\x27\x1c"sv},
    {other("a RAR archive", unpacked), 0, "Rar!\x1a\x07"sv},
    {other("a tar archive", unpacked), 257, "ustar"sv},
    {other("a Git LFS pointer", "fetch the file itself with `git lfs pull`"), 0,
     "version https://git-lfs.github.com/spec/"sv},
    {other("a git-annex pointer", "fetch the file itself with `git annex get`"), 0, "/annex/objects/"sv},
});

bool holds(std::string_view text, std::size_t at, std::string_view bytes) {
    return text.size() >= at && text.substr(at).starts_with(bytes);
}

/// A safetensors file begins with the header's length in eight bytes, and the header, a JSON object. Headers
/// are so short that the upper three bytes of the length are zero.
bool is_safetensors(std::string_view text) {
    return holds(text, 5, "\0\0\0{"sv);
}

/// A message of protobuf. Its first field is the version of ONNX, 3 or more in today's files; its second
/// field is one that programs which write ONNX put there.
bool is_onnx(std::string_view text) {
    constexpr auto next_fields = "\x12\x1a\x22\x28\x32\x3a\x42"sv;
    return text.size() > 2 && text[0] == '\x08' && text[1] >= 3 && text[1] < 32 &&
           next_fields.find(text[2]) != next_fields.npos;
}

/// Looks for the names of the files in the archive; the first name begins at byte 30.
FileKind kind_of_zip(std::string_view text) {
    const auto names = [&](std::string_view name) { return text.find(name) != text.npos; };
    if (names("/data.pkl"sv) || names("/constants.pkl"sv)) return pytorch;
    if (names(".npy"sv)) return model("a NumPy archive", renamed_tensors);
    if (holds(text, 30, "metadata.json"sv) || names("model.weights.h5"sv)) {
        return model("a Keras archive", renamed_tensors);
    }
    return zip;
}

/// No control characters, and no bytes that UTF-8 never has.
bool is_text(std::string_view text) {
    constexpr auto accepted = "\t\n\r\f"sv;
    return std::all_of(text.begin(), text.end(), [&](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool good = byte >= 0x20 && byte < 0xf5 && byte != 0x7f && byte != 0xc0 && byte != 0xc1;
        return good || accepted.find(letter) != accepted.npos;
    });
}

FileKind kind_of_text(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const std::string lower = lower_case(std::string(text));
    const auto has = [&](std::string_view part) { return lower.find(part) != lower.npos; };
    if (lower.starts_with('<')) {
        if (has("<svg"sv) && !has("<html"sv)) return picture("an SVG drawing", drawn);
        if (has("<html"sv) || has("<!doctype html"sv) || has("<head"sv) || has("<body"sv)) {
            return other("an HTML page",
                         "the download gave a web page in place of the file: download the file itself");
        }
        return other("an XML text",
                     "a download may have given an error in place of the file: download it again");
    }
    if (lower.starts_with('{') || lower.starts_with('[')) {
        return {"a JSON text", FileUse::configuration, true};
    }
    return {"a text", FileUse::configuration};
}

/// Whether shells, ImageMagick and Python take the name literally between single quotes.
bool is_plain(const std::string& name) {
    return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char letter) {
        const bool word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                          (letter >= '0' && letter <= '9');
        return word || "/._- "sv.find(letter) != std::string_view::npos ||
               static_cast<unsigned char>(letter) >= 0x80;
    });
}

/// The remedy with file names that users can paste: the result is a new file beside the old one.
std::string filled(const FileKind& kind, const std::filesystem::path& path) {
    const bool plain = is_plain(path.string());
    const std::filesystem::path in = plain ? path : "FILE";
    std::filesystem::path out = in;
    out.replace_extension(kind.result);
    std::error_code error;
    if (std::filesystem::exists(out, error) || out == in) {
        out.replace_filename(in.stem().string() + "_converted" + std::string(kind.result));
    }
    std::string text =
        fmt::format(fmt::runtime(kind.remedy), fmt::arg("in", in.string()), fmt::arg("out", out.string()));
#ifdef _WIN32
    std::replace(text.begin(), text.end(), '\'', '"');  // the quotes of Windows' shells
#endif
    return text;
}

/// By FileUse; nothing is needed of the other kinds.
constexpr auto needed_instead =
    words_of<FileUse>("a picture; give a " SHADENET_PICTURE_FORMATS,
                      "a model; give a model.safetensors as `shadenet train` writes it",
                      "a configuration; give the config.json of a run", "");

}  // namespace

std::optional<FileKind> kind_of(std::span<const std::byte> beginning) {
    const std::string_view text(reinterpret_cast<const char*>(beginning.data()),
                                std::min(beginning.size(), most_bytes));
    if (text.empty()) return other("empty", copied_again);
    if (text.find_first_not_of('\0') == text.npos) return other("a file of zeros", copied_again);
    if (is_safetensors(text)) return FileKind{"a safetensors file", FileUse::model, true};
    for (const Signature& signature : signatures) {
        if (holds(text, signature.at, signature.bytes) &&
            holds(text, signature.second_at, signature.second)) {
            return signature.kind;
        }
    }
    if (text.starts_with("PK\3\4"sv)) return kind_of_zip(text);
    if (is_onnx(text)) return model("an ONNX model", exported_again);
    if (is_text(text)) return kind_of_text(text);
    return std::nullopt;
}

std::string wrong_kind(std::span<const std::byte> bytes, FileUse wanted, const std::filesystem::path& path) {
    const std::optional<FileKind> kind = kind_of(bytes);
    if (!kind || (kind->use == wanted && kind->read)) return "";
    if (kind->use == FileUse::other) return fmt::format("is {}; {}", kind->name, kind->remedy);
    if (kind->use != wanted || kind->remedy.empty()) {
        return fmt::format("is {}, not {}", kind->name, needed_instead[wanted]);
    }
    return fmt::format("is {}, which this program does not read; {}", kind->name, filled(*kind, path));
}

}  // namespace shadenet
