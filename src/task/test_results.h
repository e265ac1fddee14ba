// What a trained network makes of the test part of labelled pictures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/wilson.h"

namespace shadenet {

/// A picture that got a wrong answer.
struct Mistake {
    std::uint32_t picture;  ///< its number in the test part
    std::string name;
    std::uint32_t label, answer;
    double probability, right_probability;  ///< of the answer, and of the label
    bool operator==(const Mistake&) const = default;
};

struct TestResults {
    static constexpr std::size_t most_mistakes = 100;

    std::uint64_t step = 0;  ///< after so many steps of training
    bool best = false;       ///< that of the best validation; else the last
    std::vector<std::string> classes;
    double loss = 0;                    ///< mean over the pictures
    std::vector<std::uint64_t> counts;  ///< [label][answer], of pictures
    std::vector<Mistake> worst;         ///< those whose label is least likely, the worst first

    std::uint64_t pictures() const;
    std::uint64_t correct() const;
    double accuracy() const { return static_cast<double>(correct()) / static_cast<double>(pictures()); }
    Interval interval() const { return wilson_interval(correct(), pictures()); }
};

/// "97.21 % of 10000 (95 % interval 96.87 to 97.52 %), loss 0.0931".
std::string to_string(const TestResults& results);

struct ConfusedPair {
    std::size_t label, answer;  ///< different classes
    std::uint64_t count;        ///< of pictures of class `label` that got this answer
    bool operator==(const ConfusedPair&) const = default;
};

/// Those that occur, the most frequent first; of several as frequent the one of the lowest label and answer.
/// At most `most`.
std::vector<ConfusedPair> confused_pairs(const TestResults& results, std::size_t most);

/// The pictures of a class.
std::uint64_t pictures_of_class(const TestResults& results, std::size_t label);

/// Writes test.json. Throws WorkError.
void write_test_results(const std::filesystem::path& path, const TestResults& results);
/// Throws InputError "<path>: ..." for anything else than such a file.
TestResults read_test_results(const std::filesystem::path& path);

}  // namespace shadenet
