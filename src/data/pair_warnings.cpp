#include "data/pair_warnings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "pairs/looking.h"
#include "pairs/pair_findings.h"

namespace shadenet {

namespace {

constexpr std::uint32_t most_looked_at = 16;
constexpr std::size_t most_lines = 3;

}  // namespace

std::vector<std::string> pair_warnings(const PictureSet& pictures, const std::atomic<bool>& stop) {
    const std::uint32_t all = pictures.size(), count = std::min(all, most_looked_at);
    const auto place = [&](std::uint32_t i) {
        return static_cast<std::uint32_t>(std::uint64_t{i} * all / count);
    };
    const auto looks = look_at_all(
        count,
        [&](std::uint32_t i) {
            return look_at_pair(pictures.input_picture(place(i)), pictures.target_picture(place(i)));
        },
        [&](std::uint32_t) { return !stop; });
    if (!looks) return {};
    LookedFor about{.some = true};
    for (std::uint32_t i = 0; i < count; ++i) about.names.push_back(pictures.stems()[place(i)]);
    std::vector<std::string> lines;
    for (const PairFinding& finding : findings_of(*looks, about)) {
        if (finding.weight == PairFinding::Weight::note || lines.size() == most_lines) break;
        lines.push_back(fmt::format("{}; {}", finding.what, finding.remedy));
    }
    if (lines.empty()) return {};
    const std::string looked = count < all ? fmt::format(" {} of {} pairs were looked at;", count, all) : "";
    lines.push_back(
        fmt::format("pairs in order teach more:{} `shadenet check` tells and shows what is wrong", looked));
    return lines;
}

}  // namespace shadenet
