#include "data/job_pairs.h"

#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <string>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

void send_pairs(Group& group, const CheckedPairs& pairs) {
    const std::vector<std::uint32_t>& domains = pairs.domain_sizes;
    std::vector<std::uint32_t> numbers = {pairs.whole_levels ? 1u : 0u,
                                          static_cast<std::uint32_t>(domains.size())};
    numbers.insert(numbers.end(), domains.begin(), domains.end());
    for (const PictureSize& size : pairs.sizes) {
        numbers.push_back(size.width);
        numbers.push_back(size.height);
    }
    const auto all = std::as_bytes(std::span(numbers));
    std::vector<std::byte> bytes(all.begin(), all.end());
    group.broadcast(bytes);
}

JobPairs receive_pairs(Group& group) {
    std::vector<std::byte> bytes;
    group.broadcast(bytes);
    std::vector<std::uint32_t> numbers(bytes.size() / sizeof(std::uint32_t));
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    JobPairs job{.sizes = {}, .domain_sizes = {}, .whole_levels = numbers.at(0) == 1};
    const std::span<const std::uint32_t> domains = std::span(numbers).subspan(2, numbers.at(1));
    job.domain_sizes.assign(domains.begin(), domains.end());
    for (std::size_t at = 2 + domains.size(); at < numbers.size(); at += 2)
        job.sizes.push_back({numbers[at], numbers[at + 1]});
    return job;
}

void require_same_pictures(const DataDifference& from_leader) {
    if (from_leader.count == 0) return;
    throw InputError(fmt::format("the pictures are others than those of rank 0: {}; give all ranks the same",
                                 from_leader.first));
}

CheckedPairs own_pairs(const std::vector<ImagePair>& found, const std::vector<PairRecord>& records,
                       const JobPairs& job, const Shares& shares) {
    std::map<std::string, const ImagePair*> files;
    std::vector<PairRecord> here, wanted;  // names alone: nothing is read yet
    for (const ImagePair& pair : found) {
        here.push_back({record_name(pair.stem), "", ""});
        files.emplace(here.back().name, &pair);
    }
    CheckedPairs pairs{.pairs = {},
                       .sizes = job.sizes,
                       .whole_levels = job.whole_levels,
                       .domain_sizes = job.domain_sizes,
                       .shares = shares,
                       .records = records};
    for (std::uint32_t i = 0; i < records.size(); ++i) {
        const PairRecord& record = records[i];
        const auto file = files.find(record.name);
        const bool is_here = file != files.end(), is_own = shares.owns(i);
        if (is_here || is_own) wanted.push_back({record.name, "", ""});
        pairs.pairs.push_back(is_here && is_own ? *file->second : ImagePair{record.name, {}, {}});
    }
    require_same_pictures(difference(wanted, here, found));
    return pairs;
}

}  // namespace shadenet
