#include "data/augmentation.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "data/drawn_place.h"

namespace shadenet {

PictureMove Augmentation::of(std::uint32_t pass, std::uint32_t example) const {
    const DrawnPlace place = drawn_place(seed, pass, example, 2 * pad + 1, 2 * pad + 1);
    const auto by = [&](std::uint32_t at) {
        return static_cast<std::int32_t>(at) - static_cast<std::int32_t>(pad);
    };
    return {by(place.row), by(place.column), flip && place.mirrored};
}

void require_pad(std::uint32_t pad, const Shape& picture) {
    const std::uint32_t most = std::min({picture.h - 1, picture.w - 1, Augmentation::most_pad});
    if (pad <= most) return;
    throw InputError(fmt::format("--crop-pad is \"{}\"; use 0 to {}, as the pictures have {} x {} pixels",
                                 pad, most, picture.w, picture.h));
}

}  // namespace shadenet
