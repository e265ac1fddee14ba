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

/// Of a long list of cases one in SHADENET_EVERY, and all where that is not set: for a second driver, which
/// compiles each case's shaders for seconds and need not show what the first has shown of every combination.
class Thinned {
  public:
    /// Of the next case.
    bool takes() { return count_++ % every_ == 0; }
    std::uint32_t every() const { return every_; }

  private:
    std::uint32_t every_ = effort("SHADENET_EVERY", 1), count_ = 0;
};

}  // namespace shadenet
