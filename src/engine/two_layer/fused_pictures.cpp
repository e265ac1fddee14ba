#include "engine/two_layer/fused_pictures.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace shadenet {

namespace {

bool whole_255th(float value) {
    const float level = value * 255.0f;
    return level >= 0.0f && level <= 255.0f && std::round(level) / 255.0f == value;
}

}  // namespace

bool all_whole_255ths(const Tensor& pictures) {
    for (std::uint32_t n = 0; n < pictures.shape().n; ++n) {
        const std::vector<float> values = pictures.download(n, 1);
        if (!std::all_of(values.begin(), values.end(), whole_255th)) return false;
    }
    return true;
}

FusedPictures::FusedPictures(const Device& device, const Tensor& input, const Tensor& target,
                             std::uint32_t kernel)
    : shape_(input.shape()),
      pad_(kernel - 1),
      pitch_(shape_.w + 2 * pad_),
      plane_((shape_.h + 2 * pad_) * pitch_),
      packed_(all_whole_255ths(input) && all_whole_255ths(target)),
      picture_stride_(
          static_cast<std::uint32_t>(pair_bytes(shape_.w, shape_.h, kernel, packed_) / sizeof(float))),
      buffer_(device, std::uint64_t{shape_.n} * picture_stride_ * sizeof(float),
              "pictures of the fused plan") {
    for (std::uint32_t n = 0; n < shape_.n; ++n) {
        const std::vector<float> values = input.download(n, 1);
        moments_.push_back(patch_moments(values, 3, shape_.h, shape_.w, kernel));
        store(n, values, target.download(n, 1));
    }
}

FusedPictures::FusedPictures(const Device& device, const FusedPictures& other, std::uint32_t images)
    : shape_{images, other.shape_.c, other.shape_.h, other.shape_.w},
      pad_(other.pad_),
      pitch_(other.pitch_),
      plane_(other.plane_),
      packed_(other.packed_),
      picture_stride_(other.picture_stride_),
      buffer_(device, std::uint64_t{images} * picture_stride_ * sizeof(float), "batch of the fused plan") {}

std::uint64_t FusedPictures::pair_bytes(std::uint32_t width, std::uint32_t height, std::uint32_t kernel,
                                        bool packed) {
    const std::uint64_t margins = std::uint64_t{2} * (kernel - 1);
    return align_up(2 * (packed ? 1 : 3) * (width + margins) * (height + margins) * sizeof(float));
}

void FusedPictures::store(std::uint32_t image, const std::vector<float>& input,
                          const std::vector<float>& target) {
    std::vector<std::uint32_t> words(picture_stride_, 0);
    const std::size_t pixels = shape_.plane();
    const auto place = [&](const std::vector<float>& values, std::uint32_t* to) {
        for (std::size_t i = 0; i < pixels; ++i) {
            std::uint32_t* word = to + (i / shape_.w + pad_) * pitch_ + i % shape_.w + pad_;
            for (std::uint32_t c = 0; c < 3; ++c) {
                const float value = values[c * pixels + i];
                if (packed_) {
                    *word |= static_cast<std::uint32_t>(std::lround(value * 255.0f)) << (8 * c);
                } else {
                    word[std::size_t{c} * plane_] = std::bit_cast<std::uint32_t>(value);
                }
            }
        }
    };
    place(input, words.data());
    place(target, words.data() + target_offset());
    buffer_.upload(std::span<const std::uint32_t>(words),
                   std::uint64_t{image} * picture_stride_ * sizeof(float));
}

BufferRange FusedPictures::pairs(std::uint32_t first, std::uint32_t count) const {
    const std::uint64_t bytes = std::uint64_t{picture_stride_} * sizeof(float);
    return buffer_.range(first * bytes, count * bytes);
}

PatchStatistics FusedPictures::patch_statistics(std::span<const std::uint32_t> images) const {
    PatchMoments all = moments_.at(images.front());
    for (const std::uint32_t image : images.subspan(1)) all.add(moments_.at(image));
    return shadenet::patch_statistics(all);
}

}  // namespace shadenet
