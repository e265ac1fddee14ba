// Sums over windows of a picture that differ in a few rows and columns at its edges: for each cell, a part of
// the picture that every window contains as a whole or not at all, the sums are found once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shadenet {

/// Rows, or columns, cut into cells. Cells are parts of strips, and a window contains all of a strip or
/// nothing of it.
struct Cells {
    std::vector<std::uint32_t> cuts;    ///< the begin of each cell, and the end of the last
    std::vector<std::uint32_t> strips;  ///< the strip of each cell

    std::uint32_t count() const { return static_cast<std::uint32_t>(strips.size()); }
    std::uint32_t strip_count() const { return strips.back() + 1; }
};

/// [begin, end), which is not empty, with `edge` strips of one position at both ends, and the others, one
/// strip, in cells of at most `most`.
Cells cells_of(std::uint32_t begin, std::uint32_t end, std::uint32_t edge, std::uint32_t most);

/// Some sums, numbered from 0, over every window of strips.
class CellSums {
  public:
    CellSums(const Cells& rows, const Cells& columns, std::size_t sums);

    /// The sums that those of a cell are to be added to, before accumulate().
    std::span<double> at(const Cells& rows, std::uint32_t row, const Cells& columns, std::uint32_t column);
    /// After the last cell and before the first value(): changes every strip to the sum of all strips above
    /// and to the left.
    void accumulate();
    /// Over the window with `top` strips above it, `bottom` below it, and so on.
    double value(std::size_t sum, std::uint32_t top, std::uint32_t bottom, std::uint32_t left,
                 std::uint32_t right) const;

  private:
    /// Sums of a row of strips. The first strip of a row, and the first row, stay zero.
    std::size_t row_sums() const { return (column_strips_ + 1) * sums_; }

    std::size_t row_strips_, column_strips_, sums_;
    std::vector<double> strips_;  ///< [row strips + 1][column strips + 1][sums]
};

}  // namespace shadenet
