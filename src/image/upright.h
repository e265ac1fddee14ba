// Decoded rows go straight to their place in the upright picture, so that no picture is in memory twice.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/picture_file.h"

namespace shadenet {

/// Whether a picture's sides are exchanged when it is turned upright.
inline bool is_sideways(int orientation) {
    return orientation >= 5;
}

/// Where a pixel of the file is in the upright picture.
struct UprightPlacement {
    std::uint32_t width = 0, height = 0;  // of the upright picture
    std::ptrdiff_t first = 0, right = 1,
                   down = 0;  // the file's first pixel, and the steps to the next ones
    bool keeps_rows = true;   // the file's rows are the upright picture's rows
};

/// `width` and `height` are the file's, `orientation` is EXIF's number.
inline UprightPlacement place_upright(std::uint32_t width, std::uint32_t height, int orientation) {
    const std::ptrdiff_t w = width, h = height;
    const UprightPlacement placements[] = {{width, height, 0, 1, w, true},
                                           {width, height, w - 1, -1, w, false},
                                           {width, height, w * h - 1, -1, -w, false},
                                           {width, height, w * (h - 1), 1, -w, false},
                                           {height, width, 0, h, 1, false},
                                           {height, width, h - 1, h, -1, false},
                                           {height, width, w * h - 1, -h, -1, false},
                                           {height, width, h * (w - 1), -h, 1, false}};
    return placements[orientation >= 1 && orientation <= 8 ? orientation - 1 : 0];
}

/// A picture that is being filled.
template <class Sample>
class UprightPicture {
  public:
    UprightPicture(const UprightPlacement& placement, bool with_alpha) : placement_(placement) {
        const std::size_t plane = std::size_t{placement.width} * placement.height;
        colour_ = {placement.width, placement.height, std::vector<Sample>(3 * plane)};
        if (with_alpha) alpha_.resize(plane);
    }

    /// An upright picture, some of whose rows are there. `alpha` is empty where it has none.
    UprightPicture(Picture<Sample> colour, std::vector<std::uint16_t> alpha)
        : placement_(place_upright(colour.width, colour.height, 1)),
          colour_(std::move(colour)),
          alpha_(std::move(alpha)) {}

    /// The place to decode a row of RGB to directly, or null.
    Sample* row(std::uint32_t y) {
        const bool direct = placement_.keeps_rows && alpha_.empty();
        return direct ? colour_.rgb.data() + std::size_t{3} * placement_.width * y : nullptr;
    }

    /// Row `y` of the file, `width` pixels of 3 or 4 channels. Of an interlaced row only every `step`th pixel
    /// from `begin` on is valid.
    void put(std::uint32_t y, const Sample* samples, std::uint32_t width, std::size_t channels,
             std::uint32_t begin = 0, std::uint32_t step = 1) {
        const std::ptrdiff_t start = placement_.first + static_cast<std::ptrdiff_t>(y) * placement_.down;
        for (std::uint64_t x = begin; x < width; x += step) {
            const auto to =
                static_cast<std::size_t>(start + static_cast<std::ptrdiff_t>(x) * placement_.right);
            const Sample* from = samples + channels * x;
            for (std::size_t c = 0; c < 3; ++c) colour_.rgb[3 * to + c] = from[c];
            if (!alpha_.empty()) alpha_[to] = from[3];
        }
    }

    /// `to`: a FilePicture, or rows of one.
    void finish(auto& to) {
        to.colour = std::move(colour_);
        to.alpha = std::move(alpha_);
    }

  private:
    UprightPlacement placement_;
    Picture<Sample> colour_;
    std::vector<std::uint16_t> alpha_;
};

}  // namespace shadenet
