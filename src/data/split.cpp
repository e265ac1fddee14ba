#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "data/apportion.h"
#include "model/philox.h"

namespace shadenet {

namespace {

constexpr double whole_percent = 100;

[[noreturn]] void refuse_split(const std::string& text, const std::string& why) {
    throw InputError(fmt::format("--split {}: {}", text, why));
}

/// "80%" or "50000"; none for anything else.
std::optional<double> amount_in(std::string_view text, bool is_share) {
    if (text.ends_with('%') != is_share) return std::nullopt;
    if (is_share) {
        text.remove_suffix(1);
        const std::optional<double> share = number_in<double>(text);
        return share && *share >= 0 && *share <= whole_percent ? share : std::nullopt;
    }
    const std::optional<std::uint32_t> count = number_in<std::uint32_t>(text);
    return count ? std::optional<double>(*count) : std::nullopt;
}

std::vector<std::string_view> between_colons(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (;;) {
        const std::size_t colon = std::min(text.find(':'), text.size());
        pieces.push_back(text.substr(0, colon));
        if (colon == text.size()) return pieces;
        text.remove_prefix(colon + 1);
    }
}

/// So many pictures of `all` as the shares say; the largest remainders are rounded up, of equal ones the
/// first.
PartCounts counts_of_shares(const std::array<double, 3>& shares, std::uint64_t all) {
    PartCounts counts{};
    std::array<double, 3> remainders{};
    for (std::size_t p = 0; p < shares.size(); ++p) {
        const double exact = shares[p] * static_cast<double>(all) / whole_percent;
        counts[p] = static_cast<std::uint64_t>(exact);
        remainders[p] = exact - std::floor(exact);
    }
    while (std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) < all) {
        const auto largest = std::ranges::max_element(remainders);
        ++counts[largest - remainders.begin()];
        *largest -= 1;
    }
    return counts;
}

/// How many of `all` pictures go into each part. Beside them the data has `own_test` in a test part of its
/// own.
PartCounts part_counts(const SplitRule& rule, std::uint64_t all, std::uint64_t own_test) {
    const std::string text = to_string(rule);
    if (rule.kind == SplitRule::Kind::automatic) {
        constexpr double tenth = whole_percent / 10;
        const double test = own_test > 0 ? 0 : tenth;
        return counts_of_shares({whole_percent - tenth - test, tenth, test}, all);
    }
    if (rule.kind == SplitRule::Kind::shares) {
        if (own_test > 0 && rule.parts == 3) {
            refuse_split(text,
                         "the data has a test part of its own; give two shares, as 90%:10%, or split all "
                         "together by --pool");
        }
        return counts_of_shares(rule.amounts, all);
    }
    PartCounts counts{};
    std::ranges::transform(rule.amounts, counts.begin(),
                           [](double amount) { return static_cast<std::uint64_t>(amount); });
    if (own_test > 0 && rule.parts == 3 && counts[2] != own_test) {
        refuse_split(text,
                     fmt::format("the data has a test part of its own, of {} pictures; give that as the "
                                 "third count, or split all together by --pool",
                                 own_test));
    }
    if (own_test > 0) counts[2] = 0;
    const std::uint64_t sum = counts[0] + counts[1] + counts[2];
    if (sum != all) {
        refuse_split(
            text,
            fmt::format("these are {} pictures, and there are {} to split; give counts of all of them, or "
                        "shares, as 80%:20%",
                        sum, all));
    }
    return counts;
}

/// The numbers of a class's pictures, shuffled as split.h says.
void shuffle_class(std::vector<std::uint32_t>& numbers, std::uint32_t label, std::uint64_t seed) {
    const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed),
                                           static_cast<std::uint32_t>(seed >> 32U)};
    for (std::uint64_t i = numbers.size(); i-- > 1;) {
        const std::uint64_t word = philox_4x32_10({static_cast<std::uint32_t>(i), label, 0, ~0U}, key)[0];
        std::swap(numbers[i], numbers[word * (i + 1) >> 32U]);
    }
}

std::vector<std::vector<std::uint32_t>> numbers_by_class(const LabelledData& data, std::uint32_t all) {
    std::vector<std::vector<std::uint32_t>> numbers(data.classes.size());
    for (std::uint32_t i = 0; i < all; ++i) numbers.at(label_at(data, i)).push_back(i);
    return numbers;
}

}  // namespace

SplitRule split_rule(std::string_view text) {
    if (text == "auto") return {};
    const std::vector<std::string_view> pieces = between_colons(text);
    const bool shares = text.find('%') != std::string_view::npos;
    SplitRule rule{shares ? SplitRule::Kind::shares : SplitRule::Kind::counts, {}, 0};
    for (const std::string_view piece : pieces) {
        const std::optional<double> amount = amount_in(piece, shares);
        if (!amount || pieces.size() < 2 || pieces.size() > rule.amounts.size()) {
            refuse_split(std::string(text),
                         "accepted are counts of training, validation and test, as 50000:10000:10000, "
                         "shares, as 80%:10%:10%, and auto");
        }
        rule.amounts.at(rule.parts++) = *amount;
    }
    if (rule.amounts[0] == 0) refuse_split(std::string(text), "leaves nothing for training");
    const double sum = rule.amounts[0] + rule.amounts[1] + rule.amounts[2];
    constexpr double rounding = 1e-6;
    if (shares && std::abs(sum - whole_percent) > rounding) {
        refuse_split(std::string(text), fmt::format("these shares are {:.6g}% together, not 100%", sum));
    }
    return rule;
}

std::string to_string(const SplitRule& rule) {
    if (rule.kind == SplitRule::Kind::automatic) return "auto";
    std::string text;
    for (std::uint32_t p = 0; p < rule.parts; ++p) {
        text += fmt::format("{}{}{}", p == 0 ? "" : ":", rule.amounts.at(p),
                            rule.kind == SplitRule::Kind::shares ? "%" : "");
    }
    return text;
}

Split split_data(const LabelledData& data, const SplitRule& rule, bool pool, std::uint64_t seed) {
    const std::uint32_t own_test = pool ? 0 : data.test.size();
    const std::uint32_t all = data.training.size() + data.test.size() - own_test;
    const PartCounts counts = part_counts(rule, all, own_test);
    std::vector<std::vector<std::uint32_t>> classes = numbers_by_class(data, all);
    std::vector<std::uint64_t> sizes;
    for (const auto& numbers : classes) sizes.push_back(numbers.size());
    const std::vector<PartCounts> table = apportioned(sizes, counts);
    Split split;
    for (std::uint32_t c = 0; c < classes.size(); ++c) {
        if (sizes[c] > 0 && table[c][0] == 0) {
            refuse_split(to_string(rule), fmt::format("training gets no picture of class {}, of which there "
                                                      "are {}; give it more of them",
                                                      data.classes[c], sizes[c]));
        }
        shuffle_class(classes[c], c, seed);
        const auto test_end = classes[c].begin() + static_cast<std::ptrdiff_t>(table[c][2]);
        const auto validation_end = test_end + static_cast<std::ptrdiff_t>(table[c][1]);
        split.test.insert(split.test.end(), classes[c].begin(), test_end);
        split.validation.insert(split.validation.end(), test_end, validation_end);
        split.training.insert(split.training.end(), validation_end, classes[c].end());
    }
    for (std::uint32_t i = 0; i < own_test; ++i) split.test.push_back(all + i);
    for (auto* part : {&split.training, &split.validation, &split.test}) std::ranges::sort(*part);
    return split;
}

std::uint32_t label_at(const LabelledData& data, std::uint32_t number) {
    const std::uint32_t training = data.training.size();
    return number < training ? data.training.labels[number] : data.test.labels.at(number - training);
}

std::span<const std::uint8_t> levels_at(const LabelledData& data, std::uint32_t number) {
    const std::uint32_t training = data.training.size();
    return number < training ? data.training.picture(number) : data.test.picture(number - training);
}

}  // namespace shadenet
