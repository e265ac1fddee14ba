#include "group/share_sums.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

namespace shadenet {

namespace {

std::vector<double> doubles_in(const std::vector<std::byte>& bytes) {
    std::vector<double> values(bytes.size() / sizeof(double));
    // Nothing has no address, which memcpy must be given.
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

}  // namespace

std::vector<double> sum_of_shares(const Shares& shares, const std::vector<std::vector<double>>& own) {
    Group& group = shares.group();
    const std::size_t values = own.at(0).size(), slice = (values + group.size() - 1) / group.size();
    // Each rank adds its slice of the values, of all shares: what one rank would add in one go.
    std::vector<double> mine(slice * group.size() * own.size());
    for (std::size_t at = 0; at < values; ++at) {
        for (std::size_t share = 0; share < own.size(); ++share)
            mine[(at / slice * own.size() + share) * slice + at % slice] = own[share][at];
    }
    const std::vector<double> slices = doubles_in(group.exchange_pieces(std::as_bytes(std::span(mine))));
    std::vector<double> sums(slice);
    for (std::size_t at = 0; at < slices.size(); ++at) sums[at % slice] += slices[at];
    std::vector<double> all = doubles_in(group.gather(std::as_bytes(std::span(sums))));
    all.resize(values);
    return all;
}

}  // namespace shadenet
