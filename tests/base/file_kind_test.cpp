// Files told by their first bytes, and what is said of those that are not what was wanted.
#include "base/file_kind.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "catch.h"
#include "temporary_folder.h"

namespace shadenet {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::span<const std::byte> as_bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

std::string kind_name(std::string_view text) {
    const auto kind = kind_of(as_bytes_of(text));
    return kind ? std::string(kind->name) : "";
}

std::string answer(std::string_view text, FileUse wanted, const char* path = "a.b") {
    return wrong_kind(as_bytes_of(text), wanted, path);
}

std::string zip_of(const std::string& first_name) {
    return "PK\3\4" + std::string(22, '\0') + static_cast<char>(first_name.size()) + std::string(3, '\0') +
           first_name;
}

/// `text` where it lies in a file that has nothing before it.
std::string behind(std::size_t at, std::string_view text) {
    return std::string(at, '\1') + std::string(text);
}

const std::string gif = "GIF89a and so on";

}  // namespace

TEST_CASE("files are told by their first bytes") {
    const std::vector<std::pair<std::string, std::string_view>> files = {
        {"\x89PNG\r\n\x1a\n", "a PNG picture"},
        {"\xff\xd8\xff\xe0", "a JPEG picture"},
        {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"s, "a BMP picture"},
        {"RIFF\x10\0\0\0WEBPVP8 "s, "a WebP picture"},
        {gif, "a GIF picture"},
        {"II*\0\x08\0\0\0"s, "a TIFF picture"},
        {"MM\0*\0\0\0\x08"s, "a TIFF picture"},
        {"II*\0\x10\0\0\0CR\2\0"s, "a camera's raw picture"},
        {"\0\0\0\x18"
         "ftypheic"s,
         "a HEIC picture"},
        {"\0\0\0\x18"
         "ftypavif"s,
         "an AVIF picture"},
        {"\0\0\0\x18"
         "ftypmif1"s,
         "a HEIF picture"},
        {"\0\0\0\x18"
         "ftypisom"s,
         "a video"},
        {"\xff\x0a", "a JPEG XL picture"},
        {"\0\0\0\x0cJXL \r\n\x87\n"s, "a JPEG XL picture"},
        {"8BPS\0\1"s, "a Photoshop picture"},
        {"\x76\x2f\x31\x01", "an OpenEXR picture"},
        {"%PDF-1.7", "a PDF document"},
        {behind(128, "DICM"), "a DICOM picture"},
        {"<?xml version=\"1.0\"?>\n<svg xmlns=\"\">", "an SVG drawing"},
        {"P6\n4 4\n255\n", "a Netpbm picture"},
        {zip_of("archive/data.pkl"), "a PyTorch archive"},
        {zip_of("weights.npy"), "a NumPy archive"},
        {zip_of("metadata.json"), "a Keras archive"},
        {zip_of("holiday/cat.png"), "a zip archive"},
        {"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", "a PyTorch file of the old kind"},
        {"\x80\x04\x95\x10", "a Python pickle"},
        {"\x08\x07\x12\x07pytorch", "an ONNX model"},
        {"\x08\x01\x12\x10", "a TensorFlow model"},
        {behind(4, "TFL3"), "a TensorFlow Lite model"},
        {"\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras writes it"},
        {"\x93NUMPY\1\0"s, "a NumPy array"},
        {"GGUF\3\0\0\0"s, "a GGUF model"},
        {"\x10\0\0\0\0\0\0\0{}"s, "a safetensors file"},
        {"\0\0\1\0\0\0\0\0{\"a\":"s, "a safetensors file"},  // and no icon
        {"\x1f\x8b\x08", "a gzip archive"},
        {behind(257, "ustar"), "a tar archive"},
        {"version https://git-lfs.github.com/spec/v1\noid sha256:", "a Git LFS pointer"},
        {"\r\n<!doctype HTML>\n", "an HTML page"},
        {"\xef\xbb\xbf<html>", "an HTML page"},
        {"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", "an XML text"},
        {"{\"input\": 1}", "a JSON text"},
        {"caf\xc3\xa9, and more\n", "a text"},
        {std::string(100, '\0'), "a file of zeros"},
        {"", "empty"},
        {"\1\2\3", ""},
    };
    for (const auto& [bytes, name] : files) {
        CHECK(kind_name(bytes) == name);
        // A longer file is of the same kind, and a beginning that lacks the signature of some other.
        if (!bytes.empty() && name != "a file of zeros")
            CHECK(kind_name(bytes + std::string(9000, ' ')) == name);
        for (std::size_t size = 0; size < bytes.size(); ++size) kind_name(bytes.substr(0, size));
    }
}

TEST_CASE("what is not read is named, with how to get what is") {
    CHECK(answer("\x89PNG\r\n\x1a\n", FileUse::picture).empty());
    CHECK(answer("\x10\0\0\0\0\0\0\0{}"sv, FileUse::model).empty());
    CHECK(answer("{}", FileUse::configuration).empty());
    CHECK(answer("\1\2\3", FileUse::model).empty());
    CHECK(answer("\xff\xd8\xff", FileUse::model) ==
          "is a JPEG picture, not a model; give a model.safetensors as `shadenet train` writes it");
    CHECK(answer("\x10\0\0\0\0\0\0\0{}"sv, FileUse::picture) ==
          "is a safetensors file, not a picture; give a PNG, JPEG, BMP, TGA, TIFF or WebP");
    CHECK(answer("Dear sirs", FileUse::configuration) ==
          "is a text, not a configuration; give the config.json of a run");
    for (const FileUse wanted : {FileUse::picture, FileUse::model, FileUse::configuration}) {
        CHECK(answer("version https://git-lfs.github.com/spec/v1\n", wanted) ==
              "is a Git LFS pointer; fetch the file itself with `git lfs pull`");
        CHECK(answer("", wanted) == "is empty; copy or download it again");
    }
    CHECK(
        answer(zip_of("m/data.pkl"), FileUse::model, "my models/m.pth") ==
        "is a PyTorch archive, which this program does not read; save its tensors as safetensors, in Python: "
        "`import torch; from safetensors.torch import save_file; save_file(torch.load('my models/m.pth', "
        "map_location='cpu'), 'my models/m.safetensors')`");
}

TEST_CASE("a command that converts a file can be pasted, and overwrites nothing") {
    const test::TemporaryFolder folder;
    const auto command = [&](const std::filesystem::path& path) {
        const std::string text = wrong_kind(as_bytes_of(gif), FileUse::picture, path);
        return text.substr(text.find('`'));
    };
    const std::string place = folder.path().string();
    CHECK_THAT(command(folder / "a b.jpg"),
               Catch::Matchers::EndsWith(" '" + place + "/a b.jpg[0]' '" + place + "/a b.png'`"));
    write_file_atomically(folder / "a b.png", "here already");
    CHECK_THAT(command(folder / "a b.jpg"), Catch::Matchers::EndsWith("/a b_converted.png'`"));
    CHECK_THAT(command("b.png"), Catch::Matchers::EndsWith(" 'b.png[0]' 'b_converted.png'`"));
    for (const char* name :
         {"$(reboot).jpg", "it's.jpg", "-v.jpg", "png:a.jpg", "a%d.jpg", "a\nb.jpg", "`.jpg"}) {
        CHECK_THAT(command(name), Catch::Matchers::EndsWith(" 'FILE[0]' 'FILE.png'`"));
    }
}

}  // namespace shadenet
