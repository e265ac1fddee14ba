// report.html and charts for slides: a run told to people.
#pragma once

#include <filesystem>

namespace shadenet {

/// Writes into a run folder report.html, which carries all it needs and has less than 6 MB, and loss.svg and
/// moving_statistics.svg. The same run gives the same bytes. Throws InputError as read_run() and
/// show_pictures() do, before anything is written, and WorkError when a file cannot be written.
void write_report(const std::filesystem::path& run);

}  // namespace shadenet
