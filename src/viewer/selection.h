// What the panels point at together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace shadenet {

/// A channel of the network: `layer` 0 is what conv1 and bn1 make, 1 what conv2 and bn2 make.
struct Channel {
    std::size_t layer = 0, channel = 0;
    bool operator==(const Channel&) const = default;
};

/// A panel that is drawn early cannot know what a later one finds under the mouse: what is pointed at lights
/// up in all of them one frame later.
struct Selection {
    std::optional<Channel> lit;                ///< pointed at in the frame before; to be lit in this one
    std::optional<Channel> hovered;            ///< pointed at in this frame
    std::optional<std::uint32_t> asked_epoch;  ///< clicked or dragged to in this frame

    /// Before the first panel of a frame.
    void begin_frame() {
        lit = hovered;
        hovered.reset();
        asked_epoch.reset();
    }
};

}  // namespace shadenet
