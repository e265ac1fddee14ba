// A chart of lines over the epochs, drawn with Dear ImGui.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <imgui.h>

#include "report/axis.h"
#include "viewer/layout.h"

namespace shadenet {

struct PlotLine {
    std::string name;               ///< for the tooltip: "channel 5"
    std::span<const float> values;  ///< [i] belongs to epochs[i] of the plot; NaN for no value
    ImU32 colour;
};

/// A ring around a notable point.
struct PlotMark {
    std::uint32_t epoch;
    double value;
    ImU32 colour;
};

struct Plot {
    std::string name;  ///< "bn1.moving_mean"; the plot's region in the layout is "plot." + name
    std::string title;
    std::span<const std::uint32_t> epochs;  ///< ascending
    std::uint32_t last_epoch = 1;           ///< where the axis ends
    Axis y;
    std::vector<PlotLine> lines;
    std::vector<PlotLine> background;  ///< faint dots behind the lines; bars if they are many
    std::uint32_t shown_epoch = 0;
    std::optional<std::size_t> lit;  ///< a highlighted line, unless the mouse is near another
    std::optional<PlotMark> mark;
    ImVec2 size;               ///< with title and labels
    bool in_decibels = false;  ///< values are mean squared errors, and told in decibels too
};

struct PlotReply {
    std::optional<std::size_t> hovered;        ///< the line under the mouse
    std::optional<std::uint32_t> asked_epoch;  ///< where the mouse is held down
};

/// Draws into the current window, at its cursor.
PlotReply draw_plot(const Plot& plot, Layout& layout);

/// The end of the axis for these epochs. It leaves room, so that a run's first epochs do not fill it at once.
std::uint32_t axis_end(std::uint32_t last_epoch, std::uint32_t epochs_of_run);

}  // namespace shadenet
