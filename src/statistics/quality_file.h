// quality.json of a run folder: how good the filter is that was trained, for its report and the window.
#pragma once

#include <cstdint>
#include <filesystem>

#include "statistics/quality.h"

namespace shadenet {

struct QualityRecord {
    std::uint64_t step = 0;  ///< steps before it was measured
    bool validation = false;
    std::uint32_t of = 0;  ///< how many pictures there are, of which some were looked at
    QualityFigures all;
    std::vector<PictureQuality> pictures;
    QualityVerdict verdict;
    bool operator==(const QualityRecord&) const = default;
};

/// "6 validation pictures", "32 of 400 training pictures, as there are none for validation".
std::string pictures_text(const QualityRecord& record);

/// Writes atomically. Throws WorkError.
void write_quality(const std::filesystem::path& path, const QualityRecord& record);
/// Throws InputError "<path>: ..." for a file that is not such a record, or is larger than 1 MiB.
QualityRecord read_quality(const std::filesystem::path& path);

}  // namespace shadenet
