#include "reference/feature_moments.h"

namespace shadenet::reference {

namespace {

double value_or_zero(const Tensor& maps, std::size_t channel, std::int64_t row, std::int64_t column) {
    const Shape& shape = maps.shape;
    if (row < 0 || column < 0 || row >= shape.h || column >= shape.w) return 0;
    return maps.values[channel * shape.plane() + static_cast<std::size_t>(row) * shape.w +
                       static_cast<std::size_t>(column)];
}

}  // namespace

std::vector<std::vector<double>> patches_of_maps(const Tensor& maps, const Tensor& targets,
                                                 std::size_t kernel, const Positions& positions) {
    const auto radius = static_cast<std::int64_t>(kernel / 2), width = static_cast<std::int64_t>(kernel);
    std::vector<std::vector<double>> all;
    for (std::size_t y = 0; y < positions.rows; ++y) {
        for (std::size_t x = 0; x < positions.columns; ++x) {
            const std::int64_t row = positions.row + static_cast<std::int64_t>(y);
            const std::int64_t column = positions.column + static_cast<std::int64_t>(x);
            std::vector<double> z;
            for (std::size_t c = 0; c < maps.shape.c; ++c) {
                for (std::int64_t tap = 0; tap < width * width; ++tap) {
                    z.push_back(
                        value_or_zero(maps, c, row + tap / width - radius, column + tap % width - radius));
                }
            }
            for (std::size_t c = 0; c < 3; ++c) {
                z.push_back(targets.values[(c * positions.rows + y) * positions.columns + x]);
            }
            all.push_back(z);
        }
    }
    return all;
}

}  // namespace shadenet::reference
