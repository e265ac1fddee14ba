#include "data/apportion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

namespace shadenet {

namespace {

constexpr std::size_t part_count = 3;

/// A class's row of the table.
struct Row {
    PartCounts below{};      // rounded down
    PartCounts remainder{};  // in parts of all
    std::array<bool, part_count> up{};
    bool can_move(std::size_t from, std::size_t to) const { return up[from] && !up[to] && remainder[to] > 0; }
};

Row row_of(std::uint64_t size, const PartCounts& parts, std::uint64_t all) {
    Row row;
    std::uint64_t left = size;
    for (std::size_t p = 0; p < part_count; ++p) {
        row.below[p] = size * parts[p] / all;
        row.remainder[p] = size * parts[p] % all;
        left -= row.below[p];
    }
    for (; left > 0; --left) {
        std::optional<std::size_t> next;
        for (std::size_t p = 0; p < part_count; ++p) {
            if (!row.up[p] && (!next || row.remainder[p] > row.remainder[*next])) next = p;
        }
        row.up[next.value()] = true;
    }
    return row;
}

/// Moves a picture of the first class that allows it.
bool move_one(std::vector<Row>& rows, std::size_t from, std::size_t to) {
    const auto row = std::ranges::find_if(rows, [&](const Row& one) { return one.can_move(from, to); });
    if (row == rows.end()) return false;
    std::swap(row->up[from], row->up[to]);
    return true;
}

/// Takes one picture from a part and gives one to another, by way of the third where no class allows that at
/// once. False where there is no way.
bool mend(std::vector<Row>& rows, std::size_t from, std::size_t to) {
    if (move_one(rows, from, to)) return true;
    const std::size_t third = part_count - from - to;
    const bool movable = std::ranges::any_of(rows, [&](const Row& row) { return row.can_move(third, to); });
    return movable && move_one(rows, from, third) && move_one(rows, third, to);
}

/// How many pictures a part has too many, or, below zero, too few.
std::int64_t excess(const std::vector<Row>& rows, const PartCounts& parts, std::size_t part) {
    std::int64_t sum = -static_cast<std::int64_t>(parts[part]);
    for (const Row& row : rows) sum += static_cast<std::int64_t>(row.below[part]) + (row.up[part] ? 1 : 0);
    return sum;
}

}  // namespace

std::vector<PartCounts> apportioned(const std::vector<std::uint64_t>& classes, const PartCounts& parts) {
    const std::uint64_t all = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0});
    if (all >> 32U != 0 || std::accumulate(classes.begin(), classes.end(), std::uint64_t{0}) != all) {
        throw std::invalid_argument("classes and parts are not of the same pictures");
    }
    if (all == 0) return std::vector<PartCounts>(classes.size());
    std::vector<Row> rows;
    for (const std::uint64_t size : classes) rows.push_back(row_of(size, parts, all));
    std::array<std::int64_t, part_count> excesses{};
    for (std::size_t p = 0; p < part_count; ++p) excesses[p] = excess(rows, parts, p);
    for (std::size_t from = 0; from < part_count;) {
        bool mended = false;
        for (std::size_t to = 0; to < part_count && excesses[from] > 0 && !mended; ++to) {
            mended = excesses[to] < 0 && mend(rows, from, to);
            if (mended) {
                --excesses[from];
                ++excesses[to];
            }
        }
        if (mended) continue;
        if (excesses[from] > 0) throw std::logic_error("a table of shares cannot be rounded");
        ++from;
    }
    std::vector<PartCounts> table;
    for (const Row& row : rows) {
        PartCounts& counts = table.emplace_back(row.below);
        for (std::size_t p = 0; p < part_count; ++p) counts[p] += row.up[p] ? 1 : 0;
    }
    return table;
}

}  // namespace shadenet
