// What the picture panel gets in every frame, and what it wants for the next frame.
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
    float aspect = 1;  ///< the thumbnail's width divided by its height
};

using PixelValue = std::optional<std::array<float, 3>>;

/// The values of one pixel, as far as they are known; 0 is black and 1 white.
struct PixelValues {
    PixelValue input, output, target;
};

/// The list of pictures may be kept from frame to frame, and may be empty.
struct PicturesView {
    std::vector<PictureEntry> pictures;
    std::size_t current = 0;
    std::uint32_t width = 0, height = 0;  ///< of the current picture; 0 while it is not there
    std::string input_label = "input", output_label = "output", target_label = "target";
    PixelValues values;  ///< at the cursor of the last wishes or the wishes before
};

struct PicturesWishes {
    std::optional<std::size_t> chosen;    ///< another picture, chosen by click or key
    std::optional<PixelPosition> cursor;  ///< the pixel whose values are to be read
    std::vector<std::size_t> thumbnails;  ///< visible thumbnails
};

}  // namespace shadenet
