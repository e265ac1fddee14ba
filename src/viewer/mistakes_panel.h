// What a classifier took for something else: a grid in the place where a filter's pictures are shown.
#pragma once

#include <string>

#include "task/test_results.h"
#include "viewer/layout.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"

namespace shadenet {

/// Fills the rest of the current Dear ImGui window, which scrolls. The pictures of `view` are those of
/// `test`'s worst mistakes, in their order, or fewer. Wishes for the thumbnails that can be seen.
PicturesWishes draw_mistakes_panel(const TestResults& test, const PicturesView& view, PicturePainter& painter,
                                   Layout& layout);

/// Why there is no grid, in a line.
std::string no_mistakes_text(const TestResults* test);

}  // namespace shadenet
