// Where a picture's pixels are in a pane: its zoom and its place, shared by all panes that show it.
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

/// In coordinates of the window, or of a pane where that is said.
struct ScreenRectangle {
    ImVec2 min, max;
};

/// Points of the pane are in coordinates of the window, from the pane's upper left corner. Zoom is the number
/// of the frame buffer's pixels that one pixel of the picture takes, so that 1 is sharp on every monitor.
class ViewTransform {
  public:
    static constexpr double kLargestZoom = 64;

    /// To be called before the others in every frame. A picture that is fitted stays so; otherwise the zoom
    /// stays, and the middle of the pane shows the place that it showed. `scale` is the number of the frame
    /// buffer's pixels to a coordinate.
    void set_frame(ImVec2 pane, std::uint32_t width, std::uint32_t height, float scale);

    /// The whole picture, as large as the pane and the largest zoom let it be.
    void fit();
    void one_to_one();
    /// What is at this point of the pane stays there, unless the picture would leave the pane.
    void zoom_about(ImVec2 point, double factor);
    /// Moves the picture; a quarter of the pane, or the whole picture, stays in sight.
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
    double unit() const { return zoom_ / scale_; }  ///< coordinates a picture pixel
    PicturePoint origin() const;  ///< of the picture in the pane, on the frame buffer's grid

    double width_ = 1, height_ = 1, pane_width_ = 1, pane_height_ = 1, scale_ = 1;
    double zoom_ = 1;
    PicturePoint centre_;  ///< the picture's place at the middle of the pane
    bool fitted_ = true;
};

}  // namespace shadenet
