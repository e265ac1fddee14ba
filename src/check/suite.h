// The checks of `shadenet doctor`: every kernel once or twice, on shapes with incomplete tiles, in a few
// seconds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check/compare.h"
#include "gpu/device.h"

namespace shadenet::check {

struct Check {
    std::string name;
    std::function<std::vector<Comparison>(const Device&)> run;
};

std::vector<Check> kernel_checks();

}  // namespace shadenet::check
