// How near the results are to their targets, in words and in figures.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/psnr.h"
#include "report/axis.h"
#include "report/html.h"
#include "report/sections.h"

namespace shadenet {

namespace {

std::string row(const std::string& name, const std::vector<std::string>& cells) {
    std::string html = fmt::format("<tr><th scope=\"row\">{}</th>", escaped(name));
    for (const std::string& cell : cells) html += fmt::format("<td>{}</td>", cell);
    return html + "</tr>";
}

std::string table(const char* caption, const std::vector<const char*>& columns, const std::string& rows) {
    std::string html = fmt::format("<div class=\"scroll\"><table><caption>{}</caption><thead><tr>", caption);
    for (const char* column : columns) html += fmt::format("<th>{}</th>", column);
    return html + "</tr></thead><tbody>" + rows + "</tbody></table></div>";
}

std::string level(double levels) {
    return short_number(levels, 3);
}

std::string percent_cell(double part) {
    return fmt::format("{:.1f} %", 100 * part);
}

std::string picture_table(const QualityRecord& record) {
    std::string rows;
    for (const PictureQuality& picture : record.pictures) {
        rows += row(picture.name, {psnr_text(picture.loss), level(picture.levels),
                                   fmt::format("{:.3f}", picture.similarity), psnr_text(picture.untouched)});
    }
    return table("Pictures", {"picture", "PSNR", "grey levels", "SSIM", "before the filter"}, rows);
}

std::string detail_table(const QualityFigures& all) {
    constexpr std::array<const char*, band_count> names = {"finest, to 1 pixel", "1 to 2 pixels",
                                                           "2 to 4 pixels", "coarser"};
    std::string rows;
    for (std::size_t i = 0; i < band_count; ++i) {
        const QualityFigures::Band& band = all.bands[i];
        rows += row(names[i], {level(band.detail), level(band.error), percent_cell(band.strength)});
    }
    return table("By size of detail", {"detail", "in the target", "error", "strength"}, rows);
}

std::string tone_table(const QualityFigures& all) {
    constexpr std::array<const char*, tone_count> names = {"shadows", "middle tones", "lights"};
    std::string rows;
    const auto errors = [](const std::array<double, 3>& colour) {
        std::vector<std::string> cells;
        for (const double error : colour)
            cells.push_back(std::abs(error) < 0.05 ? "0.0" : fmt::format("{:+.1f}", error));
        return cells;
    };
    for (std::size_t i = 0; i < tone_count; ++i) {
        const QualityFigures::Tone& tone = all.tones[i];
        std::vector<std::string> cells = {percent_cell(tone.share), level(tone.levels)};
        for (const std::string& cell : errors(tone.colour)) cells.push_back(cell);
        rows += row(names[i], cells);
    }
    std::vector<std::string> cells = {"100 %", level(all.levels)};
    for (const std::string& cell : errors(all.colour)) cells.push_back(cell);
    return table("By tone of the target", {"tone", "pixels", "error", "red", "green", "blue"},
                 rows + row("all", cells));
}

std::string place_table(const QualityFigures& all) {
    std::string rows;
    for (std::size_t i = 0; i < ring_count; ++i) {
        rows += row(i == 0 ? "outermost pixels" : fmt::format("ring {}", i + 1), {level(all.rings[i])});
    }
    if (all.inside) rows += row("inside", {level(*all.inside)});
    return table("By place", {"place", "error"}, rows);
}

}  // namespace

std::string quality_section(const RunRecord& run) {
    if (!run.quality) return "";
    const QualityRecord& record = *run.quality;
    std::string html = fmt::format(
        "<section class=\"quality\"><h2>How good it is</h2><p>The results compared with their targets as "
        "files hold them, on {}: <b>{}</b>, {}; {} of the values are off by more than {} levels. Before the "
        "filter, the inputs had {}.{}</p>",
        pictures_text(record), grade_text(record.verdict.grade), figures_text(record.all),
        percent_cell(record.all.off), visible_levels, psnr_text(record.all.untouched),
        found_before(run.history, record.step));
    if (!record.verdict.findings.empty()) {
        html += "<ul class=\"health\">";
        for (const QualityFinding& finding : record.verdict.findings) {
            html += fmt::format("<li>{}", escaped(finding.text));
            if (!finding.remedy.empty()) {
                html += fmt::format("<p class=\"remedy\">{}</p>", escaped(finding.remedy));
            }
            html += "</li>";
        }
        html += "</ul>";
    }
    return html + "<details><summary>All figures, in grey levels of 255</summary><div class=\"tables\">" +
           picture_table(record) + detail_table(record.all) + tone_table(record.all) +
           place_table(record.all) + "</div></details></section>\n";
}

}  // namespace shadenet
