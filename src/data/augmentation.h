// Small changes of labelled pictures, others in every pass, so that a network learns what does not matter.
#pragma once

#include <cstdint>

#include "model/network.h"

namespace shadenet {

/// Of a picture that is moved: pixel (row, column) of the result is pixel (row + down, column + right) of the
/// picture, where columns of the result count from the right if it is mirrored; beyond the picture lies 0.
struct PictureMove {
    std::int32_t down = 0, right = 0;
    bool mirrored = false;
    bool operator==(const PictureMove&) const = default;
};

struct Augmentation {
    bool flip = false;  ///< half of the pictures are mirrored left to right
    std::uint32_t pad =
        0;  ///< zeros on each side; of what there is then, a random part of the old size is taken
    std::uint64_t seed = 0;

    /// Some pictures change.
    bool any() const { return flip || pad > 0; }

    static constexpr std::uint32_t most_pad = 16'383;

    /// A function of seed, pass and example; see drawn_place().
    PictureMove of(std::uint32_t pass, std::uint32_t example) const;
};

/// Throws InputError unless every part of a picture that is padded so has a pixel of it.
void require_pad(std::uint32_t pad, const Shape& picture);

}  // namespace shadenet
