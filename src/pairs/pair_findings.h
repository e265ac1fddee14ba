// What is wrong with pairs that are to be learned from, in words, with figures and what to do about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pairs/pair_look.h"

namespace shadenet {

struct PairFinding {
    /// The worst last.
    enum class Weight {
        note,     ///< costs little, or may be meant
        warning,  ///< costs much of what could be reached, unless it is meant
        fault,    ///< cannot be meant
    };
    Weight weight = Weight::note;
    std::string name;  ///< of what is wrong with a pair, in a few words
    std::string what;  ///< with the figures that tell it
    std::string remedy;
    std::vector<std::uint32_t> pairs;  ///< the worst first; empty: all together
};

/// "fault", "warning", "note"
const char* to_string(PairFinding::Weight weight);

/// What the pairs are learned for.
struct LookedFor {
    std::vector<std::string> names{};  ///< of the pairs
    std::uint64_t parameters = 0;      ///< numbers that the network has to learn
    bool some = false;                 ///< of all pairs: whether they are enough cannot be told
};

/// The worst first. None for pairs in order, whatever filter made their targets.
std::vector<PairFinding> findings_of(std::span<const PairLook> looks, const LookedFor& about);

/// "a, b, c and 4 more"
std::string some_names(std::span<const std::uint32_t> pairs, const std::vector<std::string>& names,
                       std::size_t most = 3);

namespace pair_bounds {

/// A target lies beside its input by so many pixels or more, all of them by the same: what noise and blur
/// leave of a measured shift is a third of it.
inline constexpr double shift = 0.3;
/// Shifts of so many pixels are the same, and parts of one picture agree.
inline constexpr double same_shift = 0.15;
/// Errors of a pair under the filter of all others, in grey levels: more than so many above the usual one ...
inline constexpr double odd_levels = 6;
/// ... and so many times it. Pictures differ in detail and colours, and with them their errors, by 4 at most
/// in ordinary sets.
inline constexpr double odd_ratio = 5;
inline constexpr std::size_t least_for_odd = 4;  ///< pairs, to tell what is usual
/// The targets depend on the whole picture where one filter for all errs so many times as much as each pair's
/// own, by this many grey levels or more. Saturation, which clips, has 4 times and 3 levels; a picture's own
/// levels or exposure have 14 times and 20.
inline constexpr double whole_ratio = 5, whole_levels = 5;
/// They depend on the place where knowing it halves the squared error, which is of so many grey levels. It
/// takes 7 % off it for local filters, and 95 % for a vignette.
inline constexpr double place_ratio = 2, place_levels = 2;
/// Share of clipped values: sepia, which makes white of bright colours, has 0.11.
inline constexpr double clipped = 0.15;
/// Thumbprints of one picture, encoded twice, differ by less grey levels; those of two shots by more.
inline constexpr double same_picture = 1;
/// Pixels for each number to be learned. Neighbours are alike, so that a tenth of them may be new.
inline constexpr double pixels_a_parameter = 10;
/// 98 of 100 pixels lie within so small a part of black to white: of other tones nothing is learned.
inline constexpr double tones = 0.25;
/// Root of the mean squared difference of pixels to their surroundings, in grey levels.
inline constexpr double detail_levels = 0.5;

}  // namespace pair_bounds

}  // namespace shadenet
