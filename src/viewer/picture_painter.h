// How the picture panel has pictures drawn, without knowing where they are.
#pragma once

#include <cstddef>

#include <imgui.h>

namespace shadenet {

enum class PictureKind { input, output, target, thumbnail };

/// One of the current picture's three, or the small picture of one of the list.
struct PictureId {
    PictureKind kind = PictureKind::input;
    std::size_t index = 0;  ///< in PicturesView::pictures, of a thumbnail
    bool operator==(const PictureId&) const = default;
};

/// Draws part of a picture that is on the device. Both respect the draw list's clip rectangle. `min` and
/// `max` are in coordinates of the window; `uv` goes from 0 to 1 over the picture. What is not there yet is
/// left out.
class PicturePainter {
  public:
    virtual ~PicturePainter() = default;

    virtual void draw(ImDrawList& list, PictureId picture, ImVec2 min, ImVec2 max, ImVec2 uv_min,
                      ImVec2 uv_max) = 0;

    /// Mid grey where they are equal: 0.5 + gain * (a - b).
    virtual void draw_difference(ImDrawList& list, PictureId a, PictureId b, float gain, ImVec2 min,
                                 ImVec2 max, ImVec2 uv_min, ImVec2 uv_max) = 0;
};

}  // namespace shadenet
