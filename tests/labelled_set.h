// Small sets of labelled pictures, made by formula, in MNIST's files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "data/labelled_pictures.h"
#include "model/random.h"

namespace shadenet::test {

/// `count` grey pictures; that of index i is of class i % classes, which shows in its brightest column.
inline LabelledPictures labelled_set(std::uint32_t count, std::uint32_t height, std::uint32_t width,
                                     std::uint32_t classes, std::uint64_t seed = 1) {
    LabelledPictures set{.shape = {1, 1, height, width}};
    for (std::uint32_t i = 0; i < count; ++i) {
        std::mt19937_64 random = random_stream(seed, i);
        set.labels.push_back(i % classes);
        set.names.push_back("picture " + std::to_string(i));
        for (std::uint32_t at = 0; at < height * width; ++at) {
            const bool bright = at % width % classes == set.labels.back();
            const double value = 140 * uniform(random) + (bright ? 80 : 0);
            set.levels.push_back(static_cast<std::uint8_t>(value));
        }
    }
    return set;
}

inline void write_idx(const std::filesystem::path& path, const std::vector<std::uint32_t>& extents,
                      const std::vector<std::uint8_t>& values) {
    std::ofstream file(path, std::ios::binary);
    file.put(0).put(0).put(8).put(static_cast<char>(extents.size()));
    for (const std::uint32_t extent : extents) {
        for (const int shift : {24, 16, 8, 0}) file.put(static_cast<char>(extent >> shift));
    }
    for (const std::uint8_t value : values) file.put(static_cast<char>(value));
}

/// A part of the folder, "train" or "t10k".
inline void write_part(const std::filesystem::path& folder, const std::string& part,
                       const LabelledPictures& set) {
    std::filesystem::create_directories(folder);
    write_idx(folder / (part + "-images-idx3-ubyte"), {set.size(), set.shape.h, set.shape.w}, set.levels);
    write_idx(folder / (part + "-labels-idx1-ubyte"), {set.size()}, {set.labels.begin(), set.labels.end()});
}

}  // namespace shadenet::test
