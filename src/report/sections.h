// The parts of report.html, in their order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "report/curves.h"
#include "report/pictures.h"
#include "report/run_record.h"

namespace shadenet {

/// The last folder of a path, which may end with a slash, as HTML.
std::string folder_name(const std::filesystem::path& path);

/// "input → grey", the names of the folders, as HTML.
std::string title(const RunRecord& run);

/// What the network learned, from which pictures, how well, and how long that took.
std::string heading(const RunRecord& run);
/// How near the results are to their targets; empty if that is not known.
std::string quality_section(const RunRecord& run);
std::string picture_sections(const RunRecord& run, const ShownPictures& pictures);
/// What came of the test of a classifier, and its worst mistakes; empty where there was no test. Throws
/// InputError "<path>: ..." when a picture of one is damaged.
std::string test_sections(const RunRecord& run);
/// The first layer's weights as pictures; empty where they are none, or not saved yet.
std::string weight_section(const RunRecord& run);
/// A network without activations as the one filter that it is; empty for others, and where it is not saved
/// yet.
std::string kernel_section(const RunRecord& run);
/// A section of pairs, or of test pictures, under a title and a text, both as HTML.
std::string picture_section(const char* title, const std::string& text, const std::vector<ShownSet>& sets,
                            bool test = false);
std::string curve_sections(const Curves& curves);
/// The distributions of the values before and after the norms; empty if they were not measured.
std::string histogram_section(const RunRecord& run);
/// The problems that the health check found, if any; empty if there was no check.
std::string health_section(const RunRecord& run);
/// An item of a list of findings, of plain texts; `severity` is also its style: "fault", "warning" or "note".
std::string finding_item(const std::string& severity, const std::string& text, const std::string& remedy);
/// A picture with its caption; nothing where there is none.
std::string picture_figure(const std::optional<ShownPicture>& picture, const std::string& stem,
                           const char* kind, const char* caption);
std::string network_section(const RunRecord& run);
/// Parameters and settings.
std::string table_sections(const RunRecord& run);

}  // namespace shadenet
