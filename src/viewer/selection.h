// What all panels of a run share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "viewer/layout.h"
#include "viewer/run_story.h"

namespace shadenet {

/// A channel of the network: `layer` counts its norms from 0, or its layers with weights where it has no
/// norm.
struct Channel {
    std::size_t layer = 0, channel = 0;
    bool operator==(const Channel&) const = default;
};

/// A panel that is drawn early cannot know what a later panel finds under the mouse, so all panels highlight
/// it one frame later.
struct Selection {
    std::optional<Channel> lit;      ///< under the mouse in the previous frame; highlighted in this frame
    std::optional<Channel> hovered;  ///< under the mouse in this frame
    std::optional<std::uint32_t> asked_epoch;  ///< clicked or dragged to in this frame

    /// To be called before the first panel of a frame.
    void begin_frame() {
        lit = hovered;
        hovered.reset();
        asked_epoch.reset();
    }
};

/// What the panels of a frame draw, and where they say what they found. They draw into the current window.
struct PanelFrame {
    const RunStory& story;
    std::uint32_t shown_epoch;
    Selection& selection;
    Layout& layout;
};

}  // namespace shadenet
