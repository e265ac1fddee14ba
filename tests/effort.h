// How much a test tries: little in CI, and more for those who ask.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "base/number.h"
#include "catch.h"

namespace shadenet {

/// The number in that environment variable, or `in_ci` where it is not set. Anything but a positive number
/// fails the test.
inline std::uint32_t effort(const char* variable, std::uint32_t in_ci) {
    const char* const text = std::getenv(variable);
    if (text == nullptr) return in_ci;
    const auto number = number_in<std::uint32_t>(text);
    INFO(variable);
    REQUIRE(number.value_or(0) > 0);
    return *number;
}

}  // namespace shadenet
