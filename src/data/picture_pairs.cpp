#include "data/picture_pairs.h"

#include <stdexcept>
#include <utility>

namespace shadenet {

namespace {

/// Of one of the pictures, n = 1.
Shape shape_of(const PictureSet& pictures) {
    if (!pictures.of_one_size()) throw std::invalid_argument("the pictures differ in size");
    return {1, 3, pictures.height(0), pictures.width(0)};
}

}  // namespace

PicturePairs::PicturePairs(PictureSet pictures)
    : Examples(pictures.size(), shape_of(pictures), shape_of(pictures), pictures.domain_sizes()),
      pictures_(std::move(pictures)) {}

PicturePairs::PicturePairs(std::vector<std::string> stems, std::uint32_t width, std::uint32_t height,
                           std::vector<std::uint32_t> domain_sizes, const PixelRange& range)
    : PicturePairs(PictureSet(stems, std::vector<PictureSize>(stems.size(), {width, height}),
                              std::move(domain_sizes), range)) {}

}  // namespace shadenet
