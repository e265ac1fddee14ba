// Which records of a long run become points of a chart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace shadenet {

inline constexpr std::size_t most_chart_points = 2000;

/// The distance of points in a list of `count` records.
inline std::size_t point_distance(std::size_t count) {
    return std::max<std::size_t>((count + most_chart_points - 1) / most_chart_points, 1);
}

/// The records that become points; the last record is always one.
template <typename Record>
std::vector<const Record*> points_of(const std::vector<Record>& records) {
    std::vector<const Record*> points;
    for (std::size_t i = 0; i < records.size(); i += point_distance(records.size())) {
        points.push_back(&records[i]);
    }
    if (!records.empty() && points.back() != &records.back()) points.push_back(&records.back());
    return points;
}

}  // namespace shadenet
