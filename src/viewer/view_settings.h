// How the pictures are compared: what the toolbar and the keys change, and the panes are drawn by.
#pragma once

#include <array>
#include <vector>

#include "viewer/picture_painter.h"

namespace shadenet {

enum class ViewMode { side_by_side, wipe, single, difference };

struct ViewSettings {
    static constexpr float kLargestGain = 64;

    ViewMode mode = ViewMode::side_by_side;
    float wipe = 0.5f;            ///< where the line is: 0 at the picture's left, 1 at its right
    float gain = 8;               ///< of the difference, 1 to kLargestGain
    bool against_target = false;  ///< the wipe has output and target, rather than input and output
    PictureKind single = PictureKind::output;
    bool input_held = false;  ///< a key shows the input alone for now
};

const char* mode_name(ViewMode mode);
/// "input", "output", "target" or "thumbnail".
const char* kind_name(PictureKind kind);

/// What the mode shows now: single while the input's key is held.
ViewMode shown_mode(const ViewSettings& settings);
/// One picture for every pane. The wipe and the difference have one pane, where more is drawn than its
/// picture.
std::vector<PictureKind> pane_pictures(const ViewSettings& settings, bool has_target);
/// Left and right of the wipe's line.
std::array<PictureKind, 2> wipe_sides(const ViewSettings& settings, bool has_target);
/// What the output's difference is taken from.
PictureKind difference_base(bool has_target);

/// Takes the next pictures of the wipe, or the next single one.
void take_next_sides(ViewSettings& settings, bool has_target);
/// Changes what the keys of this frame ask for.
void apply_view_keys(ViewSettings& settings, bool has_target);

}  // namespace shadenet
