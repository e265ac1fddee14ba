// make_seeds FOLDER: writes what the fuzzers begin with to FOLDER/model, FOLDER/network, FOLDER/config,
// FOLDER/picture, FOLDER/tiff, FOLDER/webp, FOLDER/idx and FOLDER/cifar.
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "data/labelled/labelled_files.h"
#include "image/picture_file.h"
#include "image/picture_files.h"
#include "image/raw_profile.h"
#include "image/tiff_builder.h"
#include "image/tiff_files.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "model/presets.h"
#include "train/options/options.h"

namespace {

using namespace shadenet;
namespace fs = std::filesystem;

Model small_model(const char* activation, NormPlacement norm) {
    const Network network =
        two_layer_network({.hidden = 2, .kernel = 1, .activation = activation, .norm = norm});
    return {network, initial_parameters(network, 1)};
}

/// As PyTorch's nn.Sequential names its tensors.
SafeTensors foreign_model() {
    SafeTensors file;
    append(file, small_model("none", NormPlacement::before).parameters);
    for (SafeTensor& tensor : file.tensors) {
        const std::size_t dot = tensor.name.find('.');
        const std::string ours = tensor.name.substr(0, dot);
        const char* index = ours == "conv1" ? "0" : ours == "bn1" ? "1" : ours == "conv2" ? "3" : "4";
        tensor.name.replace(0, dot, index);
    }
    file.tensors.push_back({"1.num_batches_tracked", DType::i64, {}, std::vector<std::byte>(8)});
    file.metadata = {{"format", "pt"}, {"activation", "relu"}};
    return file;
}

/// Headers as others write them, and files of other kinds.
void write_others(const fs::path& folder) {
    using namespace std::string_view_literals;
    const std::string header =
        R"({"__metadata__":null,"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"b":[{}]}})";
    write_file_atomically(folder / "header",
                          static_cast<char>(header.size()) + std::string(7, '\0') + header + "x");
    write_file_atomically(
        folder / "pytorch",
        "PK\3\4\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\0m/data.pkl\x80\x02"sv);
    write_file_atomically(folder / "onnx", "\x08\x07\x12\x07pytorch");
    write_file_atomically(folder / "page", "<!DOCTYPE html>\n<html><head>");
    write_file_atomically(folder / "pointer", "version https://git-lfs.github.com/spec/v1\n");
}

void write_models(const fs::path& folder) {
    fs::create_directories(folder);
    write_model(folder / "plain", small_model("tanh", NormPlacement::none));
    write_model(folder / "norms", small_model("leaky_relu", NormPlacement::after));
    Model sets = small_model("none", NormPlacement::before);
    sets.sets = {statistics_of(sets.parameters, "day"), statistics_of(sets.parameters, "night")};
    sets.norm_updates = 12;
    sets.colours = {ProfileName{"Wide", "ICC 12"}, ProfileName{"sRGB", "sRGB"}, true, {std::byte{7}}};
    write_model(folder / "sets", sets);
    SafeTensors file = foreign_model();
    write_safetensors(folder / "foreign", file);
    file.metadata.clear();
    write_safetensors(folder / "no_metadata", file);
    for (SafeTensor& tensor : file.tensors) {
        if (tensor.dtype != DType::f32) continue;
        tensor.dtype = tensor.shape.size() == 4 ? DType::f16 : DType::bf16;
        tensor.bytes.resize(tensor.bytes.size() / 2);
    }
    file.metadata = {{"range", "-1..1"}};
    write_safetensors(folder / "halves", file);
    write_others(folder);
    write_safetensors(folder / "empty", {});
}

void write_networks(const fs::path& folder) {
    fs::create_directories(folder);
    write_file_atomically(folder / "two_layers", to_text(two_layer_network({.activation = "relu"})));
    write_file_atomically(folder / "dncnn", to_text(dncnn_network({.hidden = 2, .range = {-1, 1}})));
    write_file_atomically(folder / "line",
                          "input 2, conv 3 5x5 stride 2, conv 3 3x3, add conv1, norm no-scale");
    write_file_atomically(
        folder / "sized",
        "# digits\r\ninput 1x28x28 scale 255 # grey\n\nconv 2 2x2 valid\nnorm no-center decay "
        "0.5 epsilon 1e-5\ntanh\nadd tanh1\nleaky_relu\nadd bn1\n");
    write_file_atomically(folder / "whole",
                          "input 3x32x32\nconv 2 3x3 stride 2\nelu\naverage\nadd average1\ndense 10\n"
                          "dropout 0.5\nsigmoid\ndense 10");
    write_file_atomically(folder / "to_come", "input 3x32x32 edge\nconv 3 3x3");
}

void write_configs(const fs::path& folder) {
    fs::create_directories(folder);
    TrainOptions options;
    options.input = "/before";
    options.target = "/after";
    options.output = "/run";
    write_file_atomically(folder / "defaults", config_text(options, "a device"));
    options.validation_input = "/\"quoted\"";
    options.validation_target = "/\xc3\xa9";
    options.network.two_layer.activation = "relu";
    options.plan = PlanKind::fused;
    options.tiles = "8x8";
    options.network.two_layer.range = {-1, 1};
    options.changes = {{3, {0.1f, 0.5f}}, {9, {0.2f, 0.9f}}};
    const std::string hash(64, 'a');
    options.data = {{{"p0", hash, hash}}, {{"\xc3\xa9 1", hash, hash}}, hash};
    write_file_atomically(folder / "more", config_text(options, ""));
}

/// EXIF with a directory below the first, a maker note that holds a JPEG, and a thumbnail.
test::Bytes camera_exif() {
    test::TiffBuilder tiff(true);
    const test::Bytes small = test::encode_jpeg(8, 8, {128});
    const std::uint32_t thumbnail = tiff.end();
    tiff.append(small);
    const std::uint32_t exif = tiff.directory(
        {test::TiffBuilder::opaque(0x927c, small), tiff.longs(0xa002, {9}), tiff.shorts(0xa003, {9})});
    const std::uint32_t chain = tiff.directory(
        {tiff.longs(0x0201, {thumbnail}), tiff.longs(0x0202, {static_cast<std::uint32_t>(small.size())})});
    tiff.set_first_directory(tiff.directory(
        {tiff.shorts(0x0112, {6}), tiff.rational(0x011a, 72), tiff.longs(0x8769, {exif})}, chain));
    return tiff.bytes;
}

const std::string xmp_packet =
    "<r:RDF xmlns:r=\"r\"><r:Description xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"6\" "
    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"><xmp:Thumbnails>a</xmp:Thumbnails></r:Description></r:RDF>";

test::Bytes headed(const std::string& head, const test::Bytes& rest) {
    test::Bytes result = test::to_bytes(head);
    result.insert(result.end(), rest.begin(), rest.end());
    return result;
}

/// Pictures that stand beside others, as these files have them.
void write_repeats(const fs::path& folder) {
    using namespace test;
    const Bytes jpeg = encode_jpeg(9, 9, {192, 20, 60}), png = encode_png(1, 1, PngColour::rgb, 8, {1, 2, 3});
    const std::string exif_head("Exif\0\0", 6), xmp_head("http://ns.adobe.com/xap/1.0/\0", 29);
    write_bytes(folder / "exif.jpg", with_segment(jpeg, 0xe1, headed(exif_head, camera_exif())));
    write_bytes(folder / "exif.png", with_chunk(png, "eXIf", camera_exif()));
    write_bytes(folder / "xmp.jpg", with_segment(jpeg, 0xe1, headed(xmp_head, to_bytes(xmp_packet))));
    const std::string extension_head = std::string("http://ns.adobe.com/xmp/extension/\0", 35) +
                                       std::string(32, '0') + std::string("\0\0\0\4\0\0\0\0", 8);
    write_bytes(folder / "extension.jpg", with_segment(jpeg, 0xe1, headed(extension_head, to_bytes("<a/>"))));
    const std::string resources("Photoshop 3.0\08BIM\4\x0c\0\0\0\0\0\2ab8BIM\4\4\0\0\0\0\0\6\x1c\2\x83\0\1L",
                                46);
    write_bytes(folder / "photoshop.jpg", with_segment(jpeg, 0xed, to_bytes(resources)));
    write_bytes(folder / "jfxx.jpg",
                with_segment(jpeg, 0xe0, to_bytes(std::string("JFXX\0\x13\1\1abc", 11))));
    const Bytes exif = camera_exif();
    const std::string profile = raw_profile_text("exif", std::as_bytes(std::span(exif)));
    write_bytes(
        folder / "profile.png",
        with_chunk(png, "tEXt", headed(std::string("Raw profile type exif\0", 22), to_bytes(profile))));
    write_bytes(folder / "no_end.jpg", Bytes(jpeg.begin(), jpeg.end() - 2));
}

void write_pictures(const fs::path& folder) {
    using namespace test;
    fs::create_directories(folder);
    const Bytes samples(64, 200);
    const auto first = [&](std::size_t count) {
        return Bytes(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
    };
    write_bytes(folder / "rgb.png", encode_png(2, 2, PngColour::rgb, 8, first(12)));
    write_bytes(folder / "deep.png", encode_png(2, 2, PngColour::rgb_alpha, 16, first(32)));
    write_bytes(folder / "grey.png", encode_png(8, 2, PngColour::grey, 1, first(2)));
    write_bytes(folder / "palette.png",
                encode_png(4, 2, PngColour::palette, 2, Bytes(2, 0x1b), Bytes(12, 77)));
    write_bytes(folder / "grey.jpg", encode_jpeg(9, 9, {128}));
    write_bytes(folder / "colour.jpg", encode_jpeg(9, 9, {192, 20, 60}));
    write_bytes(folder / "cmyk.jpg", encode_jpeg(9, 9, {192, 20, 60, 5}, true));
    write_bytes(folder / "rgb.bmp", encode_bmp(3, 2, first(18)));
    write_bytes(folder / "rgb.tga", encode_tga(3, 2, first(18)));
    write_bytes(folder / "packed.tga", encode_packed_tga(5, 3, 1, 2, 3));
    write_bytes(folder / "packed.bmp",
                encode_packed_bmp(5, 3, 8, {3, 7, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 0, 1}));
    write_repeats(folder);
}

/// Results of ours, and those of other programs: strips and tiles, either byte order, 8 and 16 bits, floats.
void write_tiffs(const fs::path& folder) {
    using namespace test;
    fs::create_directories(folder);
    const Bytes samples(36, 200);
    const Bytes narrow(samples.begin(), samples.begin() + 18);
    FilePicture picture;
    picture.colour = Picture8{3, 2, narrow};
    picture.metadata.xmp = "<x/>";
    write_picture(folder / "ours", picture, {.format = FileFormat::tiff});
    const Bytes exif = camera_exif();
    const auto block = std::as_bytes(std::span(exif));
    picture.metadata.exif.assign(block.begin(), block.end());
    picture.alpha.assign(6, 77);
    write_picture(folder / "camera", picture, {.format = FileFormat::tiff});
    FilePicture floats;
    floats.colour = Image{3, 2, std::vector<float>(18, 1.5f)};
    floats.float_alpha.assign(6, 0.5f);
    write_picture(folder / "floats", floats, {.format = FileFormat::tiff});
    for (const char* mode : {"wl", "wb", "w8"}) {
        write_bytes(folder / (std::string("strips_") + mode),
                    encode_tiff({.width = 3, .height = 2, .mode = mode}, narrow));
        write_bytes(folder / (std::string("tiles_") + mode),
                    encode_tiff({.width = 3, .height = 2, .bits = 16, .tiled = true, .mode = mode}, samples));
    }
}

void write_webps(const fs::path& folder) {
    fs::create_directories(folder);
    FilePicture picture;
    picture.colour = Picture8{3, 2, test::Bytes(18, 200)};
    write_picture(folder / "plain", picture, {.format = FileFormat::webp});
    picture.metadata.xmp = "<x/>";
    const test::Bytes exif = camera_exif();
    const auto block = std::as_bytes(std::span(exif));
    picture.metadata.exif.assign(block.begin(), block.end());
    picture.alpha.assign(6, 77);
    write_picture(folder / "whole", picture, {.format = FileFormat::webp});
    picture.lossy = true;
    write_picture(folder / "lossy", picture, {.format = FileFormat::webp});
}

void write_labelled(const fs::path& idx, const fs::path& cifar) {
    using namespace test;
    fs::create_directories(idx);
    fs::create_directories(cifar);
    const Bytes pictures = idx_file({3, 2, 2}, counting_levels(12)), labels = idx_file({3}, {0, 2, 1});
    write_bytes(idx / "pictures", pictures);
    write_bytes(idx / "labels", labels);
    write_bytes(idx / "pictures.gz", gzip(pictures));
    write_bytes(idx / "members.gz", joined(gzip(pictures), gzip({})));
    write_bytes(idx / "colour", idx_file({1, 3, 2, 2}, counting_levels(12)));
    write_bytes(cifar / "ten", joined(cifar_record({9}, 0), cifar_record({0}, 7)));
    write_bytes(cifar / "hundred", joined(cifar_record({19, 99}, 0), cifar_record({0, 0}, 7)));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: make_seeds FOLDER\n");
        return 2;
    }
    const fs::path folder = arguments[1];
    write_models(folder / "model");
    write_networks(folder / "network");
    write_configs(folder / "config");
    write_pictures(folder / "picture");
    write_tiffs(folder / "tiff");
    write_webps(folder / "webp");
    write_labelled(folder / "idx", folder / "cifar");
    return 0;
}
