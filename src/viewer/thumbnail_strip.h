// The row of small pictures to choose from.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "viewer/layout.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"

namespace shadenet {

/// The pictures' indices as the strip shows them: by group, and in a group as they are listed.
std::vector<std::size_t> picture_order(const PicturesView& view);
/// The picture `steps` after the current one in that order, or the last (first) where it ends; none where
/// that is the current one.
std::optional<std::size_t> picture_beside(const PicturesView& view, int steps);

/// Draws and asks for the thumbnails that are in sight only.
class ThumbnailStrip {
  public:
    static float height();
    /// Adds to the wishes what was clicked and what is in sight. Scrolls to the current picture when it is
    /// another than before.
    void draw(const PicturesView& view, float width, PicturePainter& painter, Layout& layout,
              PicturesWishes& wishes);

  private:
    std::optional<std::size_t> scrolled_to_;
};

}  // namespace shadenet
