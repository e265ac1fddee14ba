#include "data/job_pairs.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "group/text_fields.h"

namespace shadenet {

namespace {

/// What rank 0 has listed.
struct ListedPairs {
    std::vector<std::uint32_t> domain_sizes{};
    std::vector<PairRecord> pairs{};  ///< with the bytes that a file has in place of its hash
};

std::string bytes_of(const std::filesystem::path& file) {
    std::error_code ignored;  // who reads the file will say what is wrong with it
    return std::to_string(std::filesystem::file_size(file, ignored));
}

PairRecord record_of(const ImagePair& pair) {
    return {record_name(pair.stem), bytes_of(pair.input), bytes_of(pair.target)};
}

void tell_pairs(Group& group, const CheckedPairs& pairs) {
    Texts texts;
    TextWriter write(texts);
    write(pairs.domain_sizes.size());
    for (const std::uint32_t size : pairs.domain_sizes) write(size);
    for (const ImagePair& pair : pairs.pairs) {
        const PairRecord record = record_of(pair);
        for (const std::string& text : {record.name, record.input, record.target}) write(text);
    }
    broadcast_texts(group, texts);
}

ListedPairs told_pairs(Group& group) {
    const Texts texts = broadcast_texts(group, {});
    TextReader read(texts);
    ListedPairs all;
    std::size_t domains = 0;
    read(domains);
    all.domain_sizes.resize(domains);
    for (std::uint32_t& size : all.domain_sizes) read(size);
    while (!read.is_at_end()) {
        PairRecord& record = all.pairs.emplace_back();
        for (std::string* const text : {&record.name, &record.input, &record.target}) read(*text);
    }
    return all;
}

/// The domains with pairs of this rank's shares: the folders of other domains may be missing on its disk.
std::vector<Domain> domains_here(const std::vector<Domain>& domains, const Shares& shares,
                                 const std::vector<std::uint32_t>& sizes) {
    std::vector<Domain> here;
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < domains.size(); ++i) {
        const std::uint32_t end = first + sizes.at(i);
        if (shares.own_before(first).size() < shares.own_before(end).size()) here.push_back(domains[i]);
        first = end;
    }
    return here;
}

/// All pairs of rank 0's list. The pairs of this rank's shares have the files that were found on its disk,
/// the other pairs have none.
CheckedPairs own_of(const ListedPairs& all, const std::vector<ImagePair>& found, const Shares& shares) {
    std::map<std::string, std::size_t> places;
    std::vector<PairRecord> here, wanted;  // of other ranks' pairs names alone
    for (const ImagePair& pair : found) {
        places.emplace(record_name(pair.stem), here.size());
        here.push_back({record_name(pair.stem), "", ""});
    }
    CheckedPairs pairs{.pairs = {}, .domain_sizes = all.domain_sizes, .shares = shares};
    for (std::uint32_t i = 0; i < all.pairs.size(); ++i) {
        const PairRecord& record = all.pairs[i];
        const auto place = places.find(record.name);
        const bool is_here = place != places.end(), is_own = shares.owns(i);
        if (is_own) {
            wanted.push_back(record);
        } else if (is_here) {
            wanted.push_back(here[place->second]);
        }
        pairs.pairs.push_back(is_here && is_own ? found[place->second] : ImagePair{record.name, {}, {}});
        if (is_here && is_own) here[place->second] = record_of(found[place->second]);
    }
    require_same_pictures(difference(wanted, here, found));
    return pairs;
}

}  // namespace

void require_same_pictures(const DataDifference& from_leader) {
    if (from_leader.count == 0) return;
    throw InputError(fmt::format("the pictures are others than those of rank 0: {}; give all ranks the same",
                                 from_leader.first));
}

CheckedPairs own_pairs(const std::vector<Domain>& domains, CheckedPairs listed, const Shares& shares) {
    Group& group = shares.group();
    if (!group.leads()) {
        const ListedPairs all = told_pairs(group);
        return own_of(all, list_pairs(domains_here(domains, shares, all.domain_sizes)).pairs, shares);
    }
    listed.shares = shares;
    if (!group.is_alone()) tell_pairs(group, listed);
    return listed;
}

}  // namespace shadenet
