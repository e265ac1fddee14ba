#include "report/report.h"

#include <algorithm>
#include <string>

#include "base/file.h"
#include "report/page.h"
#include "report/sections.h"
#include "train/run_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_bytes = 6'000'000;
/// Bytes of HTML around the pictures of a page.
constexpr std::size_t picture_markup = 50'000;

std::string page(const RunRecord& run, const std::string& test, const std::string& pictures,
                 const std::string& curves) {
    return html_page(title(run), heading(run),
                     quality_section(run) + test + pictures + curves + health_section(run) +
                         histogram_section(run) + network_section(run) + kernel_section(run) +
                         weight_section(run) + table_sections(run) +
                         words_section(run.options.learns_classes()));
}

std::string html(const RunRecord& run, const Curves& all) {
    const std::string curves = curve_sections(all), test = test_sections(run);
    const std::size_t used = page(run, test, "", curves).size() + picture_markup;
    const ShownPictures pictures = show_pictures(run, most_bytes - std::min(most_bytes, used));
    return page(run, test, picture_sections(run, pictures), curves);
}

}  // namespace

void write_report(const fs::path& folder) {
    const RunRecord run = read_run(folder);
    const Curves curves = curves_of(run);
    const std::string text = html(run, curves);
    Chart loss = curves.loss;
    loss.scale = fitting_scale(loss.series);
    write_file_atomically(folder / "loss.svg", chart_file("Loss", {loss}, 1, {960, 500}));
    if (curves.accuracy) {
        write_file_atomically(folder / "accuracy.svg",
                              chart_file("Right answers", {*curves.accuracy}, 1, {960, 500}));
    }
    if (!curves.norms.empty()) {
        std::vector<Chart> charts;
        for (const NormCurves& norm : curves.norms) charts.insert(charts.end(), {norm.mean, norm.variance});
        write_file_atomically(folder / "moving_statistics.svg",
                              chart_file("Moving statistics", charts, 2, {640, 330}));
    }
    write_file_atomically(RunPaths(folder).report(), text);
}

}  // namespace shadenet
