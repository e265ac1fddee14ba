#include "data/run_data.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "base/utf8.h"

namespace shadenet {

namespace {

constexpr std::size_t hash_digits = 64;

bool is_hash(std::string_view text) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == hash_digits && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::string record_name(const std::string& stem) {
    if (is_utf8(stem)) return normalised(stem);
    std::string name;
    for (const char letter : stem) {
        const auto byte = static_cast<unsigned char>(letter);
        name += byte < 0x80 ? std::string(1, letter) : fmt::format("%{:02X}", byte);
    }
    return name;
}

std::string to_string(const PairRecord& pair) {
    return fmt::format("{} {} {}", pair.input, pair.target, pair.name);
}

PairRecord pair_record(const std::string& text) {
    constexpr std::size_t second = hash_digits + 1, third = 2 * second;
    if (text.size() <= third || text[hash_digits] != ' ' || text[third - 1] != ' ') return {};
    PairRecord pair{text.substr(third), text.substr(0, hash_digits), text.substr(second, hash_digits)};
    return is_hash(pair.input) && is_hash(pair.target) ? pair : PairRecord{};
}

DataDifference difference(const std::vector<PairRecord>& before, const std::vector<PairRecord>& now,
                          const std::vector<ImagePair>& files) {
    DataDifference result;
    const auto add = [&](const std::string& what) {
        if (++result.count == 1) result.first = what;
    };
    std::map<std::string_view, const PairRecord*> left;
    for (const PairRecord& pair : before) left.emplace(pair.name, &pair);
    for (std::size_t i = 0; i < now.size(); ++i) {
        const auto found = left.find(now[i].name);
        if (found == left.end()) {
            add(fmt::format("{} is new", files.at(i).input.string()));
            continue;
        }
        const PairRecord& then = *found->second;
        left.erase(found);
        if (then == now[i]) continue;
        const auto& changed = then.input != now[i].input ? files.at(i).input : files.at(i).target;
        add(fmt::format("{} is another picture", changed.string()));
    }
    for (const auto& [name, pair] : left) add(fmt::format("the pair \"{}\" is missing", name));
    return result;
}

}  // namespace shadenet
