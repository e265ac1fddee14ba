// Splitting labelled pictures into training, validation and test.
#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "catch.h"
#include "data/apportion.h"
#include "image/picture_files.h"

using namespace shadenet;
using shadenet::test::message_of;

namespace {

/// Data whose classes have so many pictures, one after the other, of one level each: its number.
LabelledData data_of(const std::vector<std::uint32_t>& training,
                     const std::vector<std::uint32_t>& test = {}) {
    LabelledData data;
    const auto fill = [](LabelledPictures& pictures, const std::vector<std::uint32_t>& sizes) {
        pictures.shape = {1, 1, 1, 1};
        for (std::uint32_t c = 0; c < sizes.size(); ++c)
            pictures.labels.insert(pictures.labels.end(), sizes[c], c);
        for (std::size_t i = 0; i < pictures.labels.size(); ++i)
            pictures.levels.push_back(static_cast<std::uint8_t>(i));
    };
    fill(data.training, training);
    fill(data.test, test);
    for (std::size_t c = 0; c < training.size(); ++c) data.classes.push_back(std::to_string(c));
    return data;
}

std::string rule_refusal(const std::string& text) {
    return message_of<InputError>([&] { split_rule(text); });
}

std::string split_refusal(const LabelledData& data, const std::string& rule, bool pool = false) {
    return message_of<InputError>([&] { split_data(data, split_rule(rule), pool, 1); });
}

std::size_t of_class(const LabelledData& data, const std::vector<std::uint32_t>& numbers,
                     std::uint32_t label) {
    return std::ranges::count_if(numbers, [&](std::uint32_t i) { return label_at(data, i) == label; });
}

/// Every number from 0 is in one part, once, and the parts are sorted.
bool is_partition(const Split& split, std::uint32_t all) {
    std::vector<std::uint32_t> numbers;
    for (const auto* part : {&split.training, &split.validation, &split.test}) {
        if (!std::ranges::is_sorted(*part)) return false;
        numbers.insert(numbers.end(), part->begin(), part->end());
    }
    std::ranges::sort(numbers);
    std::vector<std::uint32_t> expected(all);
    std::iota(expected.begin(), expected.end(), 0);
    return numbers == expected;
}

}  // namespace

TEST_CASE("rules of splits are read and written") {
    for (const char* text :
         {"auto", "50000:10000:10000", "80%:10%:10%", "90%:10%", "5:0", "66.5%:33.5%", "4294967295:1"}) {
        CHECK(to_string(split_rule(text)) == text);
    }
    CHECK(split_rule("auto") == SplitRule{});
    CHECK(split_rule("7:2").parts == 2);
    for (const char* text : {"", "5", "80%", "80%:20", "8:-1", "1:2:3:4", "a:b", "1.5:2", "80%:10%:", ":",
                             "nan%:5%", "120%:-20%", "5 :2"}) {
        CHECK_THAT(rule_refusal(text),
                   ContainsSubstring("accepted are counts of training, validation and test"));
    }
    CHECK(rule_refusal("0:5") == "--split 0:5: leaves nothing for training");
    CHECK(rule_refusal("80%:10%") == "--split 80%:10%: these shares are 90% together, not 100%");
}

TEST_CASE("the training part is split, and the data's own test part stays") {
    const LabelledData data = data_of({50, 30, 20}, {5, 5});
    const Split split = split_data(data, split_rule("auto"), false, 1);
    CHECK(is_partition(split, 110));
    CHECK(split.validation.size() == 10);
    CHECK(split.test.front() == 100);
    CHECK(split.test.size() == 10);
    for (const auto& [label, expected] : {std::pair{0U, 5U}, {1U, 3U}, {2U, 2U}})
        CHECK(of_class(data, split.validation, label) == expected);
    CHECK(split_data(data, split_rule("90%:10%"), false, 1) == split);
    CHECK(split_data(data, split_rule("90:10"), false, 1) == split);
    CHECK(split_data(data, split_rule("90:10:10"), false, 1) == split);
    CHECK(split_data(data, split_rule("90:10"), false, 2) != split);
    CHECK(split_data(data, split_rule("90:10"), false, 1ull << 32) !=
          split_data(data, split_rule("90:10"), false, 0));
    CHECK(label_at(data, 104) == 0);
    CHECK(label_at(data, 105) == 1);
    CHECK(levels_at(data, 99)[0] == 99);
    CHECK(levels_at(data, 103)[0] == 3);
}

TEST_CASE("without a test part, or pooled, all pictures are split") {
    const LabelledData data = data_of({50, 30, 20}, {10, 10, 0});
    const Split pooled = split_data(data, split_rule("auto"), true, 3);
    CHECK(is_partition(pooled, 120));
    CHECK(pooled.training.size() == 96);
    CHECK(pooled.validation.size() == 12);
    CHECK(of_class(data, pooled.test, 0) == 6);
    CHECK(of_class(data, pooled.test, 1) == 4);
    CHECK(of_class(data, pooled.test, 2) == 2);
    const LabelledData alone = data_of({50, 30, 20});
    CHECK(split_data(alone, split_rule("auto"), false, 3).test.size() == 10);
    CHECK(split_data(alone, split_rule("70%:20%:10%"), false, 3).validation.size() == 20);
    CHECK(split_data(alone, split_rule("80:20"), false, 3).test.empty());
    CHECK(split_data(data, split_rule("100:0:20"), true, 3).validation.empty());
}

TEST_CASE("splits that cannot be made are refused") {
    const LabelledData data = data_of({50, 30, 20}, {10, 10, 0});
    CHECK(split_refusal(data, "90:11") ==
          "--split 90:11: these are 101 pictures, and there are 100 to split; give counts of "
          "all of them, or shares, as 80%:20%");
    CHECK(split_refusal(data, "90:10:10") ==
          "--split 90:10:10: the data has a test part of its own, of 20 pictures; give that as the third "
          "count, or split "
          "all together by --pool");
    CHECK(split_refusal(data, "90:10:20", true).empty());
    CHECK(split_refusal(data, "90:10", true) ==
          "--split 90:10: these are 100 pictures, and there are 120 to split; give counts of "
          "all of them, or shares, as 80%:20%");
    CHECK(split_refusal(data, "80%:10%:10%") ==
          "--split 80%:10%:10%: the data has a test part of its own; give two shares, as 90%:10%, or split "
          "all together by "
          "--pool");
    CHECK(split_refusal(data_of({98, 2}), "10:90") ==
          "--split 10:90: training gets no picture of class 1, of which there are 2; give it more of them");
}

TEST_CASE("a split is the same for ever") {
    const Split split = split_data(data_of({7, 5}), split_rule("8:2:2"), false, 12345);
    // By another implementation of what split.h says.
    CHECK(split.test == std::vector<std::uint32_t>{5, 10});
    CHECK(split.validation == std::vector<std::uint32_t>{4, 9});
}

TEST_CASE("a shuffle gives every place its share") {
    const LabelledData data = data_of({10, 1});
    std::vector<int> chosen(10);
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        for (const std::uint32_t i : split_data(data, split_rule("8:3"), false, seed).validation)
            ++chosen[std::min(i, 9u)];
    }
    const int all = std::accumulate(chosen.begin(), chosen.end(), 0);
    for (const int count : chosen) CHECK(std::abs(count - all / 10) < 5 * std::sqrt(all / 10));
}

TEST_CASE("each class's counts differ by less than one from its exact share, and all sums hold") {
    std::mt19937 random(5);
    for (int round = 0; round < 2000; ++round) {
        const bool tiny = round % 2 == 0;
        std::vector<std::uint64_t> classes(1 + random() % 12);
        for (auto& size : classes) size = random() % (tiny ? 4 : 1000);
        const std::uint64_t all = std::accumulate(classes.begin(), classes.end(), std::uint64_t{0});
        PartCounts parts{random() % (all + 1), 0, 0};
        parts[1] = random() % (all - parts[0] + 1);
        parts[2] = all - parts[0] - parts[1];
        const std::vector<PartCounts> table = apportioned(classes, parts);
        PartCounts sums{};
        for (std::size_t c = 0; c < classes.size(); ++c) {
            REQUIRE(table[c][0] + table[c][1] + table[c][2] == classes[c]);
            for (std::size_t p = 0; p < 3; ++p) {
                sums[p] += table[c][p];
                const auto exact = static_cast<std::int64_t>(classes[c] * parts[p]);
                const auto given = static_cast<std::int64_t>(table[c][p] * all);
                if (all > 0) REQUIRE(std::abs(exact - given) < static_cast<std::int64_t>(all));
            }
        }
        REQUIRE(sums == parts);
    }
    CHECK_THROWS_AS(apportioned({1, 2}, {1, 1, 0}), std::invalid_argument);
}
