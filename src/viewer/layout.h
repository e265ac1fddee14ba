// Where things are on the screen, and what state they show.
#pragma once

#include <map>
#include <string>

#include <imgui.h>

namespace shadenet {

/// Every frame fills it again while it draws. It is written beside a screenshot, for tests and for people who
/// annotate screenshots.
class Layout {
  public:
    void clear();
    /// Adds a rectangle in Dear ImGui's coordinates of the window: "output", "button.pause".
    void region(const std::string& name, ImVec2 min, ImVec2 max);
    /// Adds the item that Dear ImGui drew last.
    void last_item(const std::string& name);
    /// Adds a number or a text of the shown state: "epoch", "statistics".
    void value(const std::string& name, double number);
    void value(const std::string& name, const std::string& text);

    /// {"regions": {name: [left, top, right, bottom]}, "values": {...}}; regions in pixels of the frame
    /// buffer, `scale` of which are one coordinate.
    std::string json(ImVec2 scale) const;

  private:
    struct Rectangle {
        ImVec2 min, max;
    };
    std::map<std::string, Rectangle> regions_;
    std::map<std::string, double> numbers_;
    std::map<std::string, std::string> texts_;
};

}  // namespace shadenet
