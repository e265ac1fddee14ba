// Moments as rows of numbers, which are only added up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace shadenet {

/// Of PatchGram or FeatureMoments: all that is summed up.
template <class Moments>
std::vector<double> row_of(const Moments& moments) {
    std::vector<double> row = {static_cast<double>(moments.pixels)};
    row.insert(row.end(), moments.sum.begin(), moments.sum.end());
    row.insert(row.end(), moments.product.begin(), moments.product.end());
    return row;
}

/// The reverse, into moments of the same size.
template <class Moments>
void take_row(Moments& moments, const std::vector<double>& row) {
    moments.pixels = static_cast<std::uint64_t>(row.at(0));
    const auto products = row.begin() + 1 + static_cast<std::ptrdiff_t>(moments.sum.size());
    std::copy(row.begin() + 1, products, moments.sum.begin());
    std::copy(products, row.end(), moments.product.begin());
}

}  // namespace shadenet
