// Where a picture's pixels are in a pane: zoom and place, shared by all panes that show the picture.
#pragma once

#include <cstdint>
#include <optional>

#include <imgui.h>

namespace shadenet {

/// A place in a picture, in its pixels: (0, 0) is the corner of the first pixel, (0.5, 0.5) its middle.
struct PicturePoint {
    double x = 0, y = 0;
};

/// One pixel of a picture, counted from 0.
struct PixelPosition {
    std::uint32_t x = 0, y = 0;
    bool operator==(const PixelPosition&) const = default;
};

struct PictureRectangle {
    PicturePoint min, max;
};

/// In coordinates of the window, or of a pane where the comment says so.
struct ScreenRectangle {
    ImVec2 min, max;

    ImVec2 size() const { return {max.x - min.x, max.y - min.y}; }
    bool contains(ImVec2 point) const {
        return point.x >= min.x && point.y >= min.y && point.x < max.x && point.y < max.y;
    }
};

/// Points of the pane are in coordinates of the window, from the pane's upper left corner. Zoom is the number
/// of frame buffer pixels for one pixel of the picture, so that 1 is sharp on every monitor.
class ViewTransform {
  public:
    static constexpr double kLargestZoom = 64;

    /// To be called in every frame before the other functions. A fitted picture stays fitted; otherwise the
    /// zoom stays, and the middle of the pane shows the same place as before. `scale` is the number of frame
    /// buffer pixels in one coordinate.
    void set_frame(ImVec2 pane, std::uint32_t width, std::uint32_t height, float scale);

    /// Shows the whole picture, as large as the pane and the largest zoom allow.
    void fit();
    void one_to_one();
    /// Zooms. The picture's place at `point` of the pane stays there, unless it would leave the pane.
    void zoom_about(ImVec2 point, double factor);
    /// Moves the picture; a quarter of the pane, or the whole picture, stays visible.
    void pan(ImVec2 by);

    bool fitted() const { return fitted_; }
    double zoom() const { return zoom_; }
    double fit_zoom() const;

    ImVec2 to_pane(PicturePoint point) const;
    PicturePoint to_picture(ImVec2 point) const;
    /// The pixel at this point of the pane; none outside of the picture.
    std::optional<PixelPosition> pixel_at(ImVec2 point) const;

    /// The part of the pane that the picture covers, at least one pixel of the frame buffer wide and high.
    ScreenRectangle covered() const;
    /// The part of the picture that is in the pane.
    PictureRectangle visible() const;

  private:
    void settle();
    void set_zoom(double zoom);
    double unit() const { return zoom_ / scale_; }  ///< coordinates for one pixel of the picture
    PicturePoint origin() const;                    ///< the picture's corner in the pane, on the pixel grid

    double width_ = 1, height_ = 1, pane_width_ = 1, pane_height_ = 1, scale_ = 1;
    double zoom_ = 1;
    PicturePoint centre_;  ///< the picture's place at the middle of the pane
    bool fitted_ = true;
};

}  // namespace shadenet
