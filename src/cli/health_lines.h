// The health check as the commands show it.
#pragma once

#include <string>

#include "statistics/health.h"

namespace shadenet {

/// The verdict, then two lines for every finding: what is so, and what to do; on a terminal in as many as
/// they take. No line end.
std::string health_lines(const HealthReport& report);

}  // namespace shadenet
