// The row of small pictures to choose from.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "viewer/layout.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"

namespace shadenet {

/// The pictures' indices in the order of the strip: by group, and within a group in the order of the list.
std::vector<std::size_t> picture_order(const PicturesView& view);
/// The picture `steps` after the current one in that order, or else the last (first) one; none if that is the
/// current one.
std::optional<std::size_t> picture_beside(const PicturesView& view, int steps);

/// Draws and requests only the visible thumbnails.
class ThumbnailStrip {
  public:
    static float height();
    /// Adds the clicked picture and the visible ones to the wishes. Scrolls to the current picture when it
    /// has changed.
    void draw(const PicturesView& view, float width, PicturePainter& painter, Layout& layout,
              PicturesWishes& wishes);

  private:
    std::optional<std::size_t> scrolled_to_;
};

}  // namespace shadenet
