// The pictures of a run side by side: input, output and target.
#pragma once

#include "viewer/layout.h"
#include "viewer/panes.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"
#include "viewer/thumbnail_strip.h"
#include "viewer/view_settings.h"
#include "viewer/view_transform.h"

namespace shadenet {

/// Fills the rest of the current Dear ImGui window. To be drawn once in a frame, because it also handles the
/// frame's keys.
class PicturesPanel {
  public:
    PicturesWishes draw(const PicturesView& view, PicturePainter& painter, Layout& layout);

  private:
    void draw_parts(const PicturesView& view, PicturePainter& painter, Layout& layout,
                    PicturesWishes& wishes);
    void draw_panes(const PaneContext& context, const ScreenRectangle& area, PicturesWishes& wishes);
    void take_mouse(const PaneContext& context, const ScreenRectangle& pane);
    void drag(const PaneContext& context, const ScreenRectangle& pane);
    void take_zoom_keys(ImVec2 pane);

    ViewSettings settings_;
    ViewTransform transform_;
    ThumbnailStrip strip_;
    bool wiping_ = false;   ///< the mouse is dragging the wipe's line
    bool focused_ = false;  ///< the panel has had the focus once
};

}  // namespace shadenet
