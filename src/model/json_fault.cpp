#include "model/json_fault.h"

#include <algorithm>

#include <fmt/format.h>

namespace shadenet {

std::string json_fault(const nlohmann::json::exception& error, std::string_view text) {
    const auto* const parsing = dynamic_cast<const nlohmann::json::parse_error*>(&error);
    if (parsing == nullptr)
        return "a value in it is missing, too large, or of another kind than it should be";
    if (text.find_first_not_of(" \t\r\n") == text.npos) return "it is empty";
    // The parser counts the bytes that it has read.
    const std::string_view before = text.substr(0, std::max<std::size_t>(parsing->byte, 1) - 1);
    const std::size_t line = before.rfind('\n');
    return fmt::format("it is no JSON from line {}, column {} on",
                       std::count(before.begin(), before.end(), '\n') + 1,
                       before.size() - (line == before.npos ? 0 : line + 1) + 1);
}

}  // namespace shadenet
