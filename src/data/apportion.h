// Rounding shares of whole things so that all sums stay what they are.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace shadenet {

/// [class][part]
using PartCounts = std::array<std::uint64_t, 3>;

/// How many of each class go into each part. Each is class · part / all, rounded down or up, and exactly that
/// where it is whole; the sums over parts are the classes' sizes, those over classes the parts'. There always
/// is such a table: the exact one is a flow through a network of whole capacities, of which some largest flow
/// is whole. It begins with the largest remainders of each class. Throws std::invalid_argument when classes
/// and parts differ in their sum, or that is 2³² or more.
std::vector<PartCounts> apportioned(const std::vector<std::uint64_t>& classes, const PartCounts& parts);

}  // namespace shadenet
