// The places of the panes, and what is drawn in a pane.
#pragma once

#include <cstdint>
#include <vector>

#include "viewer/layout.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"
#include "viewer/view_settings.h"
#include "viewer/view_transform.h"

namespace shadenet {

/// `count` rectangles of the same size, in a row or a column, whichever shows a picture of this size larger.
std::vector<ScreenRectangle> arrange_panes(ScreenRectangle area, std::size_t count, std::uint32_t width,
                                           std::uint32_t height);

/// What all panes of a frame are drawn with.
struct PaneContext {
    ImDrawList& list;
    PicturePainter& painter;
    Layout& layout;
    const PicturesView& view;
    const ViewSettings& settings;
    const ViewTransform& transform;
    bool has_target = false;
    float scale = 1;  ///< pixels of the frame buffer in one coordinate
};

/// The x of the wipe's line in this pane.
float wipe_line(const PaneContext& context, const ScreenRectangle& pane);
/// How far from the wipe's line the mouse can take hold of it.
float wipe_reach();

/// Draws the picture with its pixel grid and label, or the wipe or difference. Adds its places to the layout.
void draw_pane(const PaneContext& context, const ScreenRectangle& pane, PictureKind picture);

/// Marks a pixel in a pane that the cursor is not in.
void draw_crosshair(const PaneContext& context, const ScreenRectangle& pane, PixelPosition pixel);

}  // namespace shadenet
