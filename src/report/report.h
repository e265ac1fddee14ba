// Writes report.html and charts for slides, which tell people about a run.
#pragma once

#include <filesystem>

namespace shadenet {

/// Writes into a run's folder report.html, which contains all it needs and has less than 6 MB, loss.svg and,
/// if there are norms, moving_statistics.svg. The same run gives the same bytes. Throws InputError as
/// read_run() and show_pictures() do, before anything is written, and WorkError when a file cannot be
/// written.
void write_report(const std::filesystem::path& run);

}  // namespace shadenet
