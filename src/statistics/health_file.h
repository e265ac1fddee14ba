// health.json of a run folder: the health check at the end of training, for its report.
#pragma once

#include <cstdint>
#include <filesystem>

#include "statistics/health.h"

namespace shadenet {

struct HealthRecord {
    std::uint64_t step = 0;  ///< steps done when it was made
    HealthReport report;
    bool operator==(const HealthRecord&) const = default;
};

/// Atomic; throws WorkError.
void write_health(const std::filesystem::path& path, const HealthRecord& record);
/// Throws InputError "<path>: ..." for a file that is no such record, or larger than 1 MiB.
HealthRecord read_health(const std::filesystem::path& path);

}  // namespace shadenet
