// Where an example is cut from, drawn at random: by counter, so that any pass can be told without those
// before.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "model/philox.h"

namespace shadenet {

struct DrawnPlace {
    std::uint32_t row, column;  ///< from 0 to below the number of places each way
    bool mirrored;              ///< left and right change places
};

/// A function of seed, pass and example. Every place is equally likely (to 2⁻³² a place): the words of Philox
/// 4x32-10 at the counter (example, 2³² − 1, pass, 0) with the seed as its key choose the row, the column,
/// and by its upper bit whether it is mirrored. Masks of dropout, whose second word is a layer's index, have
/// other counters.
constexpr DrawnPlace drawn_place(std::uint64_t seed, std::uint32_t pass, std::uint32_t example,
                                 std::uint32_t rows, std::uint32_t columns) {
    const auto place = [](std::uint32_t word, std::uint32_t places) {
        return static_cast<std::uint32_t>(std::uint64_t{word} * places >> 32U);
    };
    const std::array<std::uint32_t, 4> words =
        philox_4x32_10({example, std::numeric_limits<std::uint32_t>::max(), pass, 0},
                       {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
    return {place(words[0], rows), place(words[1], columns), words[2] >> 31U == 1};
}

}  // namespace shadenet
