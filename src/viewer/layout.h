// Where things are on the screen, and what state they show.
#pragma once

#include <map>
#include <string>
#include <type_traits>

#include "viewer/view_transform.h"

namespace shadenet {

/// Every frame fills it again while it draws. It is written beside a screenshot, for tests and for people who
/// annotate screenshots.
class Layout {
  public:
    void clear() { *this = {}; }
    /// Adds a rectangle in Dear ImGui's coordinates of the window: "output", "button.pause".
    void region(const std::string& name, const ScreenRectangle& place) { regions_[name] = place; }
    /// Adds the item that Dear ImGui drew last.
    void last_item(const std::string& name) {
        region(name, {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()});
    }
    /// Adds a number or a text of the shown state: "epoch", "statistics".
    template <class Number>
    requires std::is_arithmetic_v<Number>
    void value(const std::string& name, Number number) { numbers_[name] = static_cast<double>(number); }
    void value(const std::string& name, const std::string& text) { texts_[name] = text; }

    /// {"regions": {name: [left, top, right, bottom]}, "values": {...}}; regions in pixels of the frame
    /// buffer, `scale` of which are one coordinate.
    std::string json(ImVec2 scale) const;

  private:
    std::map<std::string, ScreenRectangle> regions_;
    std::map<std::string, double> numbers_;
    std::map<std::string, std::string> texts_;
};

}  // namespace shadenet
