// The words by which the values of an enum are written and read.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shadenet {

/// One word for each value of an enum that counts from 0, in the enum's order.
template <typename Enum, std::size_t count>
struct Words {
    std::array<const char*, count> words;

    /// Throws std::out_of_range for a number that is no value of the enum.
    constexpr const char* operator[](Enum value) const { return words.at(static_cast<std::size_t>(value)); }

    /// None where no value has this word.
    constexpr std::optional<Enum> value(std::string_view word) const {
        const auto found = std::find(words.begin(), words.end(), word);
        if (found == words.end()) return std::nullopt;
        return static_cast<Enum>(found - words.begin());
    }

    /// "adam, momentum or sgd", for messages. Needs two words.
    std::string choices() const {
        return fmt::format("{} or {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
    }
};

/// constexpr auto sides = words_of<NormSide>("input", "output");
template <typename Enum, typename... Word>
constexpr Words<Enum, sizeof...(Word)> words_of(Word... words) {
    return {{words...}};
}

}  // namespace shadenet
