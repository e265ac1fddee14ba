#include "viewer/layout.h"

#include <nlohmann/json.hpp>

namespace shadenet {

void Layout::clear() {
    regions_.clear();
    numbers_.clear();
    texts_.clear();
}

void Layout::region(const std::string& name, ImVec2 min, ImVec2 max) {
    regions_[name] = {min, max};
}

void Layout::last_item(const std::string& name) {
    region(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
}

void Layout::value(const std::string& name, double number) {
    numbers_[name] = number;
}

void Layout::value(const std::string& name, const std::string& text) {
    texts_[name] = text;
}

std::string Layout::json(ImVec2 scale) const {
    nlohmann::json regions = nlohmann::json::object(), values = nlohmann::json::object();
    for (const auto& [name, rectangle] : regions_) {
        regions[name] = {rectangle.min.x * scale.x, rectangle.min.y * scale.y, rectangle.max.x * scale.x,
                         rectangle.max.y * scale.y};
    }
    for (const auto& [name, number] : numbers_) values[name] = number;
    for (const auto& [name, text] : texts_) values[name] = text;
    return nlohmann::json{{"regions", regions}, {"values", values}}.dump(2) + "\n";
}

}  // namespace shadenet
