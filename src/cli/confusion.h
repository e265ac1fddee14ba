// The table of what pictures are and what they are taken for, as lines of text.
#pragma once

#include <string>

#include "task/test_results.h"

namespace shadenet {

/// A row for each class and a column for each answer, numbered alike; no line end. Of more than 20 classes,
/// which have no room, the ten pairs that are confused most.
std::string confusion_lines(const TestResults& results);

}  // namespace shadenet
