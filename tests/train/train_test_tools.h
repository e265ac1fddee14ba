// What the tests of training share: the device, pictures made by formula, folders to write in.
#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "data/picture_pairs.h"
#include "device_fixture.h"
#include "engine/two_layer/tile_table.h"
#include "image/image.h"
#include "message_of.h"
#include "model/parameters.h"
#include "model/random.h"
#include "same_bits.h"
#include "temporary_folder.h"
#include "train/options/options.h"
#include "train/trainer.h"

namespace shadenet::test {

/// For runs that nobody stops.
inline const std::atomic<bool> never = false;

/// The device for one test, which fails when the validation layers had anything to say during it.
class ValidatedDevice : private DeviceFixture {
  public:
    const Device& operator*() const { return device; }
};

/// A smooth gradient with noise on it; no two indices look alike.
inline Image made_picture(std::uint32_t width, std::uint32_t height, std::uint64_t index) {
    std::mt19937_64 random = random_stream(77, index);
    Image image{width, height, std::vector<float>(std::size_t{3} * width * height)};
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) {
                const double wave = std::sin(0.2 * (c + 1.0) * x + 0.3 * y + static_cast<double>(index));
                image.at(c, y, x) = static_cast<float>(0.5 + 0.3 * wave + 0.2 * (uniform(random) - 0.5));
            }
        }
    }
    return image;
}

/// What the network is to learn: grey, by Rec. 601's weights.
inline Image grey_of(const Image& image) {
    Image grey = image;
    const std::size_t plane = image.plane();
    for (std::size_t i = 0; i < plane; ++i) {
        const float luma = 0.299f * image.values[i] + 0.587f * image.values[plane + i] +
                           0.114f * image.values[2 * plane + i];
        for (std::size_t c = 0; c < 3; ++c) grey.values[c * plane + i] = luma;
    }
    return grey;
}

/// `count` pairs, the first with picture `first`.
inline PicturePairs made_data(std::uint32_t count, std::uint32_t width, std::uint32_t height,
                              std::uint32_t first = 0) {
    std::vector<std::string> stems;
    for (std::uint32_t i = 0; i < count; ++i) stems.push_back("picture" + std::to_string(first + i));
    PicturePairs data(stems, width, height);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Image input = made_picture(width, height, first + i);
        data.set(i, input, grey_of(input));
    }
    return data;
}

/// Writes `count` pairs as PNG into `folder`/input and `folder`/target.
inline void write_pairs(const std::filesystem::path& folder, std::uint32_t count, std::uint32_t width,
                        std::uint32_t height) {
    for (const char* kind : {"input", "target"}) std::filesystem::create_directories(folder / kind);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Image input = made_picture(width, height, i);
        const std::string name = fmt::format("p{}.png", i);
        write_png(folder / "input" / name, input);
        write_png(folder / "target" / name, grey_of(input));
    }
}

/// A small network and few epochs; no folders.
inline TrainOptions small_options() {
    TrainOptions options;
    options.network.two_layer.hidden = 5;
    options.epochs = 3;
    options.size = 0;
    options.seed = 11;
    options.solve = false;  // the model is as the trainer leaves it
    return options;
}

/// Of the tests' device, so that a resumed run finds them again; the first are the defaults, which software
/// drivers are slow to compile.
inline FusedTiles tiles_of(const NetworkOptions& network) {
    const TileTable table = tile_table(test_device().info().kind, network.kernel);
    return {table.forward.at(1), table.backward.at(1)};
}

/// Without validation, from the parameters that the seed draws.
inline Trainer made_trainer(const TrainOptions& options, const PicturePairs& data) {
    return {test_device(),
            options,
            data,
            nullptr,
            initial_parameters(options.network.network(), options.seed),
            tiles_of(options.network.two_layer)};
}

/// The picture as an 8-bit file would hold it.
inline Image levels_of(Image image) {
    for (float& value : image.values) value = std::round(value * 255.0f) / 255.0f;
    return image;
}

inline std::string file_text(const std::filesystem::path& path) {
    const std::vector<std::byte> bytes = read_file(path, 1 << 24);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace shadenet::test
