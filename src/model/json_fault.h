// What is wrong with a JSON text, in our words.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace shadenet {

/// "it is no JSON from line 3, column 7 on", of what the parser threw at `text`.
std::string json_fault(const nlohmann::json::exception& error, std::string_view text);

}  // namespace shadenet
