// What one pair of pictures shows when it is looked at, in a few kilobytes: of thousands of pairs all of it
// is kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "image/colour_profile.h"
#include "image/image.h"
#include "pairs/pair_fit.h"
#include "pairs/pair_placement.h"

namespace shadenet {

/// A picture's content in 16 x 16 colours, by which the same picture is known again.
struct Thumbprint {
    static constexpr std::size_t side = 16;
    std::array<std::uint8_t, 3 * side * side> values{};  ///< [3][side][side]
    double mean() const;
    /// Root of the mean squared difference, in grey levels.
    double distance(const Thumbprint& other) const;
};
Thumbprint thumbprint_of(const Image& image);

struct PairLook {
    std::string problem;  ///< why a picture cannot be read; nothing else is known then
    std::uint32_t width = 0, height = 0, target_width = 0, target_height = 0;
    std::uint32_t bits = 8, target_bits = 8;  ///< of a sample; 32: floats
    ColourProfile profile, target_profile;
    bool equal = false;  ///< input and target are the same in every value
    PairPlacement placement;
    /// The fitted error without the placement's whole-pixel shift, as a multiple of that with it: a shift of
    /// which the fit knows nothing is none of the picture. 1 without a whole-pixel shift.
    double shift_gain = 1;
    bool fitted = false;           ///< both have one size, and there are enough pixels to fit
    PairFit fit;                   ///< with the shift taken out, where it gains
    double unexplained_means = 0;  ///< unexplained_of_means(), where the placement is in doubt
    Thumbprint input, target;
    std::array<std::uint32_t, 64> lights{};  ///< pixels of the input by their lightness, some thousand in all

    bool same_size() const { return width == target_width && height == target_height; }
    /// The share of the target's variance that its own fit does not explain, or of its means where that is
    /// more; 1 where there is no fit.
    double unexplained() const;
    /// Whole pixels that --align takes out, and that the fit confirms.
    bool is_shifted() const;
    /// Shows something else than its input.
    bool is_foreign() const;
    /// Lies as it should, apart from a shift: what the targets' filter is learned from.
    bool is_sound() const;
};

/// A shift must lower the fitted error by this factor: a filter such as an emboss moves structures and no
/// pixels.
inline constexpr double least_shift_gain = 2;
/// Where phase correlation finds no way to lie, and the fit leaves a quarter of the target's variance or
/// more: strong noise and strange filters leave less, other pictures 0.3 and more.
inline constexpr double foreign_unexplained = 0.25;
/// What pictures of different things share, as a canvas or a halftone, may explain most of them, and a grain
/// even places them. Of means it explains nothing: they leave 0.25 and more; drawings of edges 0.11. Targets
/// that are placed leave 0.26 at most, by a filter that takes all means to grey.
inline constexpr double foreign_means = 0.2, foreign_placed_means = 0.4;
/// Filters leave a correlation of 45 to 68 as a rule, and a shared grain 40.
inline constexpr double beyond_doubt = 45;

/// Some 30 ms on one processor, and 50 for pictures that do not lie on each other; of large pictures
/// parts and pixels evenly spread are looked at.
PairLook look_at_pair(const Image& input, const Image& target);

}  // namespace shadenet
