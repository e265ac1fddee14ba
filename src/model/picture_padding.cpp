#include "model/picture_padding.h"

namespace shadenet {

std::vector<float> continued_picture(std::span<const float> values, const Shape& picture,
                                     std::uint32_t margin, PicturePadding padding) {
    std::vector<float> wide;
    wide.reserve(std::size_t{picture.c} * (picture.h + 2 * margin) * (picture.w + 2 * margin));
    for (std::uint32_t c = 0; c < picture.c; ++c) {
        for (std::int64_t row = -std::int64_t{margin}; row < std::int64_t{picture.h} + margin; ++row) {
            const auto y = continued_pixel(row, picture.h, padding);
            for (std::int64_t column = -std::int64_t{margin}; column < std::int64_t{picture.w} + margin;
                 ++column) {
                const auto x = continued_pixel(column, picture.w, padding);
                wide.push_back(y && x ? values[(std::size_t{c} * picture.h + *y) * picture.w + *x] : 0.0f);
            }
        }
    }
    return wide;
}

}  // namespace shadenet
