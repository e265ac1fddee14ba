// The table of a test: how often pictures of each class got each answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "task/test_results.h"

namespace shadenet {

/// More classes than these are not drawn: a cell would be a few pixels.
inline constexpr std::size_t most_classes_drawn = 100;

/// A cell of the table as it is drawn.
struct ConfusionCell {
    std::uint64_t count = 0;  ///< of pictures
    bool right = false;       ///< the answer is their class
    double strength = 0;      ///< of its colour, 0 to 1; a mistake in a hundred is to be seen
    std::string text{};  ///< "3 of 100 pictures of cat answered dog (3.00 %)"; empty where there are none
};
ConfusionCell confusion_cell(const TestResults& results, std::size_t label, std::size_t answer);

/// "97.2 %" of the pictures of a class are answered right; empty where it has no pictures.
std::string right_share(const TestResults& results, std::size_t label);

/// "a very long name of a…", on one line.
std::string short_class_name(const std::string& name);

/// An <svg> for a page: a row for each true class, a column for each answer, and at the end of a row the part
/// that is right. Each cell that is not empty tells its counts on hover. Of at most most_classes_drawn.
std::string confusion_svg(const TestResults& results);

}  // namespace shadenet
