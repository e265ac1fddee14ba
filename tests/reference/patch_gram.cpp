#include "reference/patch_gram.h"

#include <cmath>

namespace shadenet::reference {

namespace {

using Column = std::vector<double>;

double dot(const Column& a, const Column& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// Takes out of `column` what lies along the directions, which are orthonormal. Twice: what the first time
/// leaves by rounding, the second takes.
void project_out(Column& column, const std::vector<Column>& directions) {
    for (int time = 0; time < 2; ++time) {
        for (const Column& direction : directions) {
            const double along = dot(column, direction);
            for (std::size_t i = 0; i < column.size(); ++i) column[i] -= along * direction[i];
        }
    }
}

/// Element `index` of all z.
Column column_of(const std::vector<std::vector<double>>& z, std::size_t index) {
    Column column;
    for (const std::vector<double>& one : z) column.push_back(one[index]);
    return column;
}

}  // namespace

std::vector<std::vector<double>> patches_and_targets(const Tensor& input, const Tensor& target,
                                                     std::size_t radius, double center, double scale) {
    const std::size_t side = 2 * radius + 1;
    std::vector<std::vector<double>> all;
    for (std::size_t n = 0; n < input.shape.n; ++n) {
        for (std::size_t y = 0; y + side <= input.shape.h; ++y) {
            for (std::size_t x = 0; x + side <= input.shape.w; ++x) {
                std::vector<double>& z = all.emplace_back();
                for (std::size_t i = 0; i < 3; ++i) {
                    for (std::size_t oy = 0; oy < side; ++oy) {
                        for (std::size_t ox = 0; ox < side; ++ox) z.push_back(input.at(n, i, y + oy, x + ox));
                    }
                }
                for (std::size_t c = 0; c < 3; ++c) z.push_back(target.at(n, c, y + radius, x + radius));
                for (double& value : z) value = (value - center) * scale;
            }
        }
    }
    return all;
}

PatchGram patch_gram(const std::vector<std::vector<double>>& z) {
    PatchGram gram{z.size(), {}, {}};
    if (z.empty()) return gram;
    const std::size_t size = z.front().size();
    gram.sum.resize(size);
    gram.product.resize(size * size);
    for (const std::vector<double>& one : z) {
        for (std::size_t a = 0; a < size; ++a) {
            gram.sum[a] += one[a];
            for (std::size_t b = 0; b < size; ++b) gram.product[a * size + b] += one[a] * one[b];
        }
    }
    return gram;
}

double affine_floor(const std::vector<std::vector<double>>& z, double rank_tolerance) {
    const std::size_t patch = z.front().size() - 3;
    std::vector<Column> directions{Column(z.size(), 1 / std::sqrt(static_cast<double>(z.size())))};
    for (std::size_t a = 0; a < patch; ++a) {
        Column column = column_of(z, a);
        const double whole = std::sqrt(dot(column, column));
        project_out(column, directions);
        const double left = std::sqrt(dot(column, column));
        if (!(left > rank_tolerance * whole)) continue;
        for (double& value : column) value /= left;
        directions.push_back(column);
    }
    double squares = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        Column residual = column_of(z, patch + c);
        project_out(residual, directions);
        squares += dot(residual, residual);
    }
    return squares / (3 * static_cast<double>(z.size()));
}

}  // namespace shadenet::reference
