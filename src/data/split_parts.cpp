#include "data/split_parts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace shadenet {

namespace {

using Numbers = std::span<const std::uint32_t>;

/// Adds the pictures of these numbers.
void append(LabelledPictures& part, LabelledData& data, Numbers numbers) {
    const std::uint32_t training = data.training.size();
    part.levels.reserve(part.levels.size() + numbers.size() * part.shape.values());
    for (const std::uint32_t number : numbers) {
        const std::span<const std::uint8_t> levels = levels_at(data, number);
        part.levels.insert(part.levels.end(), levels.begin(), levels.end());
        part.labels.push_back(label_at(data, number));
        part.names.push_back(
            std::move(number < training ? data.training.names[number] : data.test.names[number - training]));
    }
}

/// Leaves only the pictures of these numbers, moved to the front.
void keep(LabelledPictures& pictures, Numbers numbers) {
    const std::size_t each = pictures.shape.values();
    for (std::size_t to = 0; to < numbers.size(); ++to) {
        const std::uint32_t from = numbers[to];
        if (from == to) continue;
        const auto levels = pictures.levels.begin() + static_cast<std::ptrdiff_t>(each * from);
        std::copy_n(levels, each, pictures.levels.begin() + static_cast<std::ptrdiff_t>(each * to));
        pictures.labels[to] = pictures.labels[from];
        pictures.names[to] = std::move(pictures.names[from]);
    }
    pictures.levels.resize(each * numbers.size());
    pictures.labels.resize(numbers.size());
    pictures.names.resize(numbers.size());
}

}  // namespace

SplitParts split_parts(LabelledData data, const Split& split) {
    const std::uint32_t own = data.training.size();
    const bool keeps_test =
        split.test.size() == data.test.size() && (split.test.empty() || split.test.front() == own);
    const auto pooled = std::ranges::lower_bound(split.training, own);
    SplitParts parts;
    parts.validation.shape = parts.test.shape = data.training.shape;
    append(parts.validation, data, split.validation);
    if (!keeps_test) append(parts.test, data, split.test);
    LabelledPictures training{.shape = data.training.shape};
    // Before the training part's pictures move to where others were.
    append(training, data, Numbers(pooled, split.training.end()));
    keep(data.training, Numbers(split.training.begin(), pooled));
    if (keeps_test && !split.test.empty()) parts.test = std::move(data.test);
    data.test = {};
    parts.training = std::move(data.training);
    LabelledPictures& all = parts.training;
    all.levels.insert(all.levels.end(), training.levels.begin(), training.levels.end());
    all.labels.insert(all.labels.end(), training.labels.begin(), training.labels.end());
    std::ranges::move(training.names, std::back_inserter(all.names));
    return parts;
}

}  // namespace shadenet
