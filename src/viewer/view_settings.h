// How the pictures are compared: settings that the toolbar and the keys change, and the panes use.
#pragma once

#include <array>
#include <vector>

#include "base/words.h"
#include "viewer/picture_painter.h"

namespace shadenet {

enum class ViewMode { side_by_side, wipe, single, difference };

struct ViewSettings {
    static constexpr float kLargestGain = 64;

    ViewMode mode = ViewMode::side_by_side;
    float wipe = 0.5f;            ///< place of the line: 0 at the picture's left, 1 at its right
    float gain = 8;               ///< of the difference, 1 to kLargestGain
    bool against_target = false;  ///< the wipe shows output and target instead of input and output
    PictureKind single = PictureKind::output;
    bool input_held = false;  ///< a key is held that shows only the input
};

inline constexpr auto mode_names = words_of<ViewMode>("side by side", "wipe", "single", "difference");
inline constexpr auto kind_names = words_of<PictureKind>("input", "output", "target", "thumbnail");

/// The mode in use: single while the input's key is held.
ViewMode shown_mode(const ViewSettings& settings);
/// One picture for every pane. The wipe and the difference have one pane, which shows more than its picture.
std::vector<PictureKind> pane_pictures(const ViewSettings& settings, bool has_target);
/// The pictures left and right of the wipe's line.
std::array<PictureKind, 2> wipe_sides(const ViewSettings& settings, bool has_target);
/// The picture that is subtracted from the output.
PictureKind difference_base(bool has_target);

/// Switches to the next pictures of the wipe, or the next single picture.
void take_next_sides(ViewSettings& settings, bool has_target);
/// Applies the keys of this frame.
void apply_view_keys(ViewSettings& settings, bool has_target);

}  // namespace shadenet
