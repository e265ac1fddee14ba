// What the picture panel is told in every frame, and what it wishes from whoever draws the next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "viewer/view_transform.h"

namespace shadenet {

enum class PictureGroup { training, validation, test, dropped };

struct PictureEntry {
    std::string name;
    PictureGroup group = PictureGroup::training;
    bool has_target = false;
    float aspect = 1;  ///< width over height, of the thumbnail
};

using PixelValue = std::optional<std::array<float, 3>>;

/// Values of one pixel, where they are known; 0 is black and 1 white.
struct PixelValues {
    PixelValue input, output, target;
};

/// The list may be kept from frame to frame, and be empty.
struct PicturesView {
    std::vector<PictureEntry> pictures;
    std::size_t current = 0;
    std::uint32_t width = 0, height = 0;  ///< of the current picture; 0 while it is not there
    std::string input_label = "input", output_label = "output", target_label = "target";
    PixelValues values;  ///< at the last wish's cursor, or the one's before
};

struct PicturesWishes {
    std::optional<std::size_t> chosen;    ///< another picture, by click or key
    std::optional<PixelPosition> cursor;  ///< whose values shall be read
    std::vector<std::size_t> thumbnails;  ///< that are in sight
};

}  // namespace shadenet
