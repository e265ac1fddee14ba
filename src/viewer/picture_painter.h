// The interface by which the picture panel draws pictures without knowing where they are.
#pragma once

#include <cstddef>

#include <imgui.h>

namespace shadenet {

enum class PictureKind { input, output, target, thumbnail };

/// The current picture's input, output or target, or the thumbnail of a picture in the list.
struct PictureId {
    PictureKind kind = PictureKind::input;
    std::size_t index = 0;  ///< of a thumbnail: index in PicturesView::pictures
    bool operator==(const PictureId&) const = default;
};

/// Where a picture is drawn, in coordinates of the window, and which part of it: `uv` goes from 0 to 1 over
/// the picture.
struct PicturePlace {
    ImVec2 min, max, uv_min{0, 0}, uv_max{1, 1};
};

/// Draws part of a picture that is on the device. Both functions respect the draw list's clip rectangle.
/// Pictures that are not there yet are left out.
class PicturePainter {
  public:
    virtual ~PicturePainter() = default;

    virtual void draw(ImDrawList& list, PictureId picture, const PicturePlace& place) = 0;

    /// Draws 0.5 + gain * (a - b): mid grey where both are equal.
    virtual void draw_difference(ImDrawList& list, PictureId a, PictureId b, float gain,
                                 const PicturePlace& place) = 0;
};

}  // namespace shadenet
