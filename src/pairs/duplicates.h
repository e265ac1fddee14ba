// Pictures that are there twice, known by content.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "pairs/pair_look.h"

namespace shadenet {

struct Duplicate {
    std::uint32_t first, second;  ///< pairs with the same input, first < second
    bool same_target;             ///< or their targets contradict each other
};

/// Of pairs that could be read: for each that repeats an earlier one, the first such; in the order of
/// `second`. Takes n log n steps where few pictures have one mean colour.
std::vector<Duplicate> duplicates_of(std::span<const PairLook> looks);

}  // namespace shadenet
