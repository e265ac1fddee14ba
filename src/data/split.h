// Which labelled pictures a run trains on, validates with, and is tested with.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/labelled_pictures.h"

namespace shadenet {

/// What `--split` says.
struct SplitRule {
    enum class Kind {
        automatic,  ///< a tenth for validation, and another for test where the data has no test part
        counts,
        shares,  ///< in percent
    };
    Kind kind = Kind::automatic;
    /// Training, validation and, with `parts` 3, test.
    std::array<double, 3> amounts{};
    std::uint32_t parts = 2;
    bool operator==(const SplitRule&) const = default;
};

/// "auto", "50000:10000:10000", "80%:10%:10%"; the third may be left out where there is nothing to be split
/// off for test. Throws InputError for other texts, a training part of nothing, or shares that are not 100 %
/// together.
SplitRule split_rule(std::string_view text);
/// What split_rule() reads.
std::string to_string(const SplitRule& rule);

/// Numbers of pictures: those of the training part from 0, and behind them those of the test part. Each list
/// is in ascending order.
struct Split {
    std::vector<std::uint32_t> training, validation, test;
    bool operator==(const Split&) const = default;
};

/// Splits the training part into training and validation, and leaves the test part as it is, which a third
/// count must tell rightly and a third share must not mention. Where there is no test part, or with `pool`,
/// all pictures together are split, into as many parts as the rule has; `automatic` then is 80%:10%:10%.
///
/// What is promised, for ever: of each class every part gets its exact share (the class's pictures, times the
/// part's, divided by all that are split) rounded down or up, and exactly that where it is whole; the parts
/// have exactly the counts of the rule, which for shares are rounded by the largest remainders. Which
/// pictures these are depends on the data's labels, the rule and the seed alone: those of a class are
/// shuffled (Fisher and Yates, from the last place to the second; the place to exchange place i with is the
/// upper word of (i + 1) times the first word of Philox 4x32-10 at the counter (i, class, 0, 2³² − 1) with
/// the seed as key), and the first go to test, the next to validation, the others to training.
///
/// Throws InputError when counts do not add up, or training gets no picture of a class that has some.
Split split_data(const LabelledData& data, const SplitRule& rule, bool pool, std::uint64_t seed);

/// The label and the levels of the picture of that number.
std::uint32_t label_at(const LabelledData& data, std::uint32_t number);
std::span<const std::uint8_t> levels_at(const LabelledData& data, std::uint32_t number);

}  // namespace shadenet
