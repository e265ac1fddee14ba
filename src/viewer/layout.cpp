#include "viewer/layout.h"

#include <nlohmann/json.hpp>

namespace shadenet {

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
