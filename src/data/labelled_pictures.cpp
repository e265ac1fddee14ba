#include "data/labelled_pictures.h"

namespace shadenet {

Picture8 picture_of(const LabelledPictures& pictures, std::uint32_t index) {
    const Shape& shape = pictures.shape;
    const std::span<const std::uint8_t> levels = pictures.picture(index);
    Picture8 picture{shape.w, shape.h, {}};
    const std::size_t plane = picture.plane();
    picture.rgb.reserve(3 * plane);
    for (std::size_t at = 0; at < plane; ++at) {
        for (std::size_t c = 0; c < 3; ++c) picture.rgb.push_back(levels[(c % shape.c) * plane + at]);
    }
    return picture;
}

}  // namespace shadenet
