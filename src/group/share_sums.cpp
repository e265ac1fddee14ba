#include "group/share_sums.h"

#include <cstddef>
#include <span>
#include <utility>

#include "group/values.h"

namespace shadenet {

void ShareSum::add(std::vector<double> values) {
    if (own_.empty() || !shares_.group().is_alone()) return own_.push_back(std::move(values));
    for (std::size_t at = 0; at < values.size(); ++at) own_.front()[at] += values[at];
}

std::vector<double> ShareSum::of_all() const {
    Group& group = shares_.group();
    if (group.is_alone()) return own_.at(0);
    const std::size_t values = own_.at(0).size(), slice = (values + group.size() - 1) / group.size();
    // Each rank adds its slice of the values, of all shares: what one rank would add in one go.
    std::vector<double> mine(slice * group.size() * own_.size());
    for (std::size_t at = 0; at < values; ++at) {
        for (std::size_t share = 0; share < own_.size(); ++share)
            mine[(at / slice * own_.size() + share) * slice + at % slice] = own_[share][at];
    }
    const std::vector<double> slices =
        values_in<double>(group.exchange_pieces(std::as_bytes(std::span(mine))));
    std::vector<double> sums(slices.begin(), slices.begin() + static_cast<std::ptrdiff_t>(slice));
    for (std::size_t at = slice; at < slices.size(); ++at) sums[at % slice] += slices[at];
    std::vector<double> all = values_in<double>(group.gather(std::as_bytes(std::span(sums))));
    all.resize(values);
    return all;
}

}  // namespace shadenet
