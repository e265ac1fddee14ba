// Numbers of things in sentences.
#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

namespace shadenet {

/// "1 step", "2 steps": the plural is `singular` with an s.
inline std::string counted(std::uint64_t count, const std::string& singular) {
    return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

}  // namespace shadenet
