// A page of pairs side by side, with what is wrong with them: what `shadenet check --html` writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "image/image.h"
#include "pairs/pair_findings.h"
#include "report/pictures.h"

namespace shadenet {

/// So many pairs are shown at most, which keeps a page below 6 MB.
inline constexpr std::size_t most_sheet_pairs = 40;

/// A pair as it is shown.
struct SheetPair {
    std::uint32_t pair;  ///< its number among all
    /// Nothing of a pair that cannot be read. The difference is target less input, in the input's size: grey
    /// where they are equal.
    std::optional<ShownPicture> input, target, difference;
};
SheetPair sheet_pair(std::uint32_t pair, const Image& input, const Image& target);

/// Which pairs a sheet shows, in this order: those of the worst findings first, then the others.
std::vector<std::uint32_t> sheet_order(std::span<const PairFinding> findings, std::size_t pairs);

/// The page, which loads nothing from elsewhere. `from`: "before and after", the folders, as plain text.
std::string contact_sheet(const std::string& from, std::span<const PairFinding> findings,
                          std::span<const PairLook> looks, const std::vector<std::string>& names,
                          std::span<const SheetPair> shown);

}  // namespace shadenet
