#include <sstream>

#include <fmt/format.h>

#include "cli/tables.h"
#include "cli/text.h"

namespace shadenet {

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view ranges_title = "moving statistics";

Lines head_lines(const EpochRecord& record, std::uint32_t epochs, double elapsed, std::size_t columns) {
    return {epoch_and_loss(record, epochs, columns),
            fmt::format("learning rate {:g}  elapsed {}  {} an epoch", record.learning_rate,
                        duration_text(elapsed), duration_text(record.seconds))};
}

/// A domain's name may be long, and is cut before the numbers are.
std::vector<NormStatistics> norms_with_short_names(const EpochRecord& record, std::size_t columns) {
    constexpr std::size_t rest_of_row = 2 + std::string_view(" bn1 variance").size() + 3 * 10;
    const std::size_t longest = std::max(columns, rest_of_row + 1) - rest_of_row;
    EpochRecord copy = record;
    for (DomainRecord& domain : copy.domains) domain.name = domain.name.substr(0, longest);
    return all_norms(copy);
}

/// Names are indented by two columns, and the title is not.
std::size_t heading_width(const std::vector<NormStatistics>& norms) {
    std::size_t width = ranges_title.size() - 2;
    for (const NormStatistics& norm : norms)
        width = std::max(width, norm.name.size() + std::string_view(" variance").size());
    return width;
}

Lines statistics_lines(const std::string& title, const std::vector<NormStatistics>& norms,
                       const NormLayout& layout) {
    Lines lines = {title};
    for (const NormStatistics& norm : norms) {
        std::istringstream rows(norm_lines(norm, layout));
        for (std::string row; std::getline(rows, row);) lines.push_back(row);
    }
    return lines;
}

bool fits(const Lines& head, const Lines& statistics, TerminalSize room) {
    const auto narrow = [&](const std::string& line) { return line.size() <= room.columns; };
    return head.size() + statistics.size() <= room.rows && std::ranges::all_of(statistics, narrow);
}

}  // namespace

std::vector<std::string> training_table(const EpochRecord& record, std::uint32_t epochs, double elapsed,
                                        TerminalSize room) {
    Lines lines = head_lines(record, epochs, elapsed, room.columns);
    if (lines.size() > room.rows) return {};
    const std::vector<NormStatistics> norms = norms_with_short_names(record, room.columns);
    if (norms.empty()) return lines;
    NormLayout layout{.heading = heading_width(norms), .columns = room.columns};
    Lines statistics = statistics_lines("moving mean and moving variance", norms, layout);
    if (!fits(lines, statistics, room)) {
        layout.channels_shown = 0;
        layout.explains_range = false;
        const std::string title = fmt::format("{:<{}}{:>10}{:>10}{:>10}", ranges_title, layout.heading + 2,
                                              "smallest", "mean", "largest");
        statistics = statistics_lines(title, norms, layout);
    }
    if (fits(lines, statistics, room)) lines.insert(lines.end(), statistics.begin(), statistics.end());
    return lines;
}

}  // namespace shadenet
