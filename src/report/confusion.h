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

/// An <svg> for a page: a row for each true class, a column for each answer, and at the end of a row the part
/// that is right. Each cell that is not empty tells its counts on hover. Of at most most_classes_drawn.
std::string confusion_svg(const TestResults& results);

}  // namespace shadenet
