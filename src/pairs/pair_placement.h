// How a target lies against its input: as it should, shifted, turned, mirrored, another crop, or not at all.
#pragma once

#include <cstdint>

#include "image/image.h"

namespace shadenet {

struct PairPlacement {
    enum class Kind {
        unknown,  ///< nothing can be told: too small, or too little to be seen in one of the pictures
        found,    ///< what follows tells it
        foreign,  ///< neither turning, mirroring nor scaling makes the one lie on the other
    };
    Kind kind = Kind::unknown;
    unsigned quarter_turns = 0;  ///< of the target, clockwise
    bool mirrored = false;       ///< left to right, before it was turned
    double scale = 1;            ///< a length in the target, as a multiple of the same in the input
    double x = 0, y = 0;         ///< shift of the target in pixels: in the middle of a picture that is scaled
    double bend = 0;             ///< by how many pixels parts lie off what the above says, at the median
    double certainty = 0;        ///< that of the best correlation; see Shift

    bool is_upright() const { return kind == Kind::found && quarter_turns == 0 && !mirrored; }
    /// What a whole-pixel shift can mend, or nothing to mend at all.
    bool is_shift_only() const { return is_upright() && scale == 1; }
};

/// Pictures with fewer pixels on a side are too small to tell anything.
inline constexpr std::uint32_t least_placed_side = 64;

/// By phase correlation: of both pictures as a whole, made small, in all eight ways to lie; where none fits,
/// in other scales too; then of parts at full size, where the pictures have one size. Takes some 20 ms, and
/// 30 where other scales are tried, and memory for some parts of 128 x 128.
PairPlacement find_placement(const Image& input, const Image& target);

}  // namespace shadenet
