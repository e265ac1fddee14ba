#include "report/html.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/base64.h"
#include "base/one_line.h"

namespace shadenet {

std::string escaped(std::string_view text) {
    constexpr std::pair<char, std::string_view> entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    std::string result;
    for (const char letter : on_one_line(text)) {
        const auto entity = std::ranges::find(entities, letter, &std::pair<char, std::string_view>::first);
        result += entity == std::end(entities) ? std::string_view(&letter, 1) : entity->second;
    }
    return result;
}

std::string data_uri(std::string_view type, std::span<const std::byte> bytes) {
    return "data:" + std::string(type) + ";base64," + to_base64(bytes);
}

}  // namespace shadenet
