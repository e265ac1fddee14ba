// Where things are on the screen, and what state they show.
#pragma once

#include <map>
#include <string>

#include <imgui.h>

namespace shadenet {

/// Filled anew in every frame by what is drawn; written beside a screenshot, for tests and for those who
/// annotate pictures of the window.
class Layout {
  public:
    void clear();
    /// A rectangle in the window's coordinates, as Dear ImGui has them: "output", "button.pause".
    void region(const std::string& name, ImVec2 min, ImVec2 max);
    /// The item that Dear ImGui drew last.
    void last_item(const std::string& name);
    /// A number or a text of the state that is shown: "epoch", "statistics".
    void value(const std::string& name, double number);
    void value(const std::string& name, const std::string& text);

    /// {"regions": {name: [left, top, right, bottom]}, "values": {...}}; regions in pixels of the frame
    /// buffer, of which there are `scale` to a coordinate.
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
