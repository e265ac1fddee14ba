#include "engine/tensors/device_pictures.h"

#include <algorithm>
#include <cstddef>
#include <variant>

namespace shadenet {

namespace {

std::uint64_t bytes_of(const PictureSize& size) {
    return align_up(std::uint64_t{size.width} * size.height * sizeof(std::uint32_t));
}

/// Of levels [3][pixels]; empty ones are black.
std::vector<std::uint32_t> packed_words(const PictureSet::Pixels& pixels, const PictureSize& size) {
    const auto& levels = std::get<std::vector<std::uint8_t>>(pixels);
    std::vector<std::uint32_t> words(bytes_of(size) / sizeof(std::uint32_t));
    const std::size_t plane = levels.size() / 3;
    for (std::size_t i = 0; i < plane; ++i) {
        words[i] =
            levels[i] | std::uint32_t{levels[plane + i]} << 8 | std::uint32_t{levels[2 * plane + i]} << 16;
    }
    return words;
}

}  // namespace

std::uint64_t DevicePictures::bytes(const std::vector<PictureSize>& pairs) {
    std::uint64_t bytes = 0;
    for (const PictureSize& size : pairs) bytes += 2 * bytes_of(size);
    return bytes;
}

bool DevicePictures::fit(const PictureSet& pictures, std::span<const std::uint32_t> pairs,
                         const PictureRoom& room) {
    std::vector<PictureSize> sizes;
    for (const std::uint32_t pair : pairs) sizes.push_back(pictures.sizes()[pair]);
    const auto can_be_bound = [&](const PictureSize& size) { return bytes_of(size) <= room.run_bytes; };
    return pictures.whole_levels() && bytes(sizes) <= room.bytes && std::ranges::all_of(sizes, can_be_bound);
}

DevicePictures::DevicePictures(const Device& device, const PictureSet& pictures,
                               std::span<const std::uint32_t> pairs, Side side, const PictureRoom& room) {
    std::vector<std::uint64_t> runs;
    for (const std::uint32_t pair : pairs) {
        const std::uint64_t bytes = bytes_of(pictures.sizes()[pair]);
        if (runs.empty() || runs.back() + bytes > room.run_bytes) runs.push_back(0);
        places_[pair] = {static_cast<std::uint32_t>(runs.size() - 1),
                         static_cast<std::uint32_t>(runs.back() / sizeof(std::uint32_t))};
        runs.back() += bytes;
    }
    for (const std::uint64_t bytes : runs)
        runs_.emplace_back(device, bytes, "pictures that crops are cut from");
    for (const auto& [pair, place] : places_) {
        const auto pixels = side == Side::inputs ? pictures.input_pixels(pair) : pictures.target_pixels(pair);
        const std::vector<std::uint32_t> words = packed_words(*pixels, pictures.sizes()[pair]);
        runs_[place.run].upload(std::span<const std::uint32_t>(words), place.offset * sizeof(std::uint32_t));
    }
}

}  // namespace shadenet
