#include "engine/tensors/cell_sums.h"

#include <algorithm>

namespace shadenet {

Cells cells_of(std::uint32_t begin, std::uint32_t end, std::uint32_t edge, std::uint32_t most) {
    Cells cells{{begin}, {}};
    std::uint32_t strip = 0;
    while (cells.cuts.back() < end) {
        const std::uint32_t at = cells.cuts.back();
        const bool is_middle = at - begin >= edge && end - at > edge;
        const std::uint32_t next = is_middle ? std::min(at + most, end - edge) : at + 1;
        cells.cuts.push_back(next);
        cells.strips.push_back(strip);
        if (!is_middle || next == end - edge) ++strip;
    }
    return cells;
}

CellSums::CellSums(const Cells& rows, const Cells& columns, std::size_t sums)
    : row_strips_(rows.strip_count()),
      column_strips_(columns.strip_count()),
      sums_(sums),
      strips_((row_strips_ + 1) * row_sums()) {}

std::span<double> CellSums::at(const Cells& rows, std::uint32_t row, const Cells& columns,
                               std::uint32_t column) {
    const std::size_t first = (rows.strips[row] + 1) * row_sums() + (columns.strips[column] + 1) * sums_;
    return std::span(strips_).subspan(first, sums_);
}

void CellSums::accumulate() {
    for (std::size_t row = 1; row <= row_strips_; ++row) {
        for (std::size_t i = row * row_sums() + sums_; i < (row + 1) * row_sums(); ++i) {
            strips_[i] += strips_[i - sums_];
        }
        for (std::size_t i = row * row_sums(); i < (row + 1) * row_sums(); ++i) {
            strips_[i] += strips_[i - row_sums()];
        }
    }
}

double CellSums::value(std::size_t sum, std::uint32_t top, std::uint32_t bottom, std::uint32_t left,
                       std::uint32_t right) const {
    const auto above_left = [&](std::size_t row_strip, std::size_t column_strip) {
        return strips_[row_strip * row_sums() + column_strip * sums_ + sum];
    };
    const std::size_t last_row = row_strips_ - bottom, last_column = column_strips_ - right;
    return (above_left(last_row, last_column) - above_left(top, last_column)) -
           (above_left(last_row, left) - above_left(top, left));
}

}  // namespace shadenet
