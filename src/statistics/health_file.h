// health.json of a run folder: the health check at the end of training, for its report.
#pragma once

#include <cstdint>
#include <filesystem>

#include "statistics/health.h"

namespace shadenet {

struct HealthRecord {
    std::uint64_t step = 0;  ///< steps before the check
    HealthReport report;
    bool operator==(const HealthRecord&) const = default;
};

/// Writes atomically. Throws WorkError.
void write_health(const std::filesystem::path& path, const HealthRecord& record);
/// Throws InputError "<path>: ..." for a file that is not such a record, or is larger than 1 MiB.
HealthRecord read_health(const std::filesystem::path& path);

}  // namespace shadenet
