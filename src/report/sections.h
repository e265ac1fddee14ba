// The parts of report.html, in the order in which they stand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "report/curves.h"
#include "report/pictures.h"
#include "report/run_record.h"

namespace shadenet {

/// The last folder of a path, with or without a slash at its end, as HTML takes it.
std::string folder_name(const std::filesystem::path& path);

/// "input → grey", by the names of the folders, as HTML takes it.
std::string title(const RunRecord& run);

/// What was learned, from what, how well and how long it took.
std::string heading(const RunRecord& run);
std::string picture_sections(const RunRecord& run, const ShownPictures& pictures);
/// A section of pairs under a title and a text, both as HTML takes them.
std::string pair_section(const char* title, const std::string& text, const std::vector<ShownSet>& sets);
std::string curve_sections(const Curves& curves);
/// How the values before and after the norms are distributed; nothing where that was not measured.
std::string histogram_section(const RunRecord& run);
/// What was found wrong, or that nothing was; empty where nobody looked.
std::string health_section(const RunRecord& run);
std::string network_section(const RunRecord& run);
/// Parameters and settings.
std::string table_sections(const RunRecord& run);

}  // namespace shadenet
