// What a classifier takes the test pictures for: the table of its answers.
#pragma once

#include "task/test_results.h"
#include "viewer/layout.h"

namespace shadenet {

/// A row for each class and a column for each answer, with the counts where there is room and under the
/// mouse, and the pairs of classes that are confused most. Of more than most_classes_drawn only these.
void draw_answers_panel(const TestResults& test, Layout& layout);

}  // namespace shadenet
