#include "report/report.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/file.h"
#include "embedded/report_page.h"
#include "report/sections.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_bytes = 6'000'000;
/// What stands around the pictures of a page.
constexpr std::size_t picture_markup = 50'000;

std::string_view page_part(std::string_view name) {
    for (const embedded::File& file : embedded::report_page()) {
        if (file.name != name) continue;
        return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
    }
    throw std::logic_error(fmt::format("the program has no {} built in", name));
}

/// Nothing in the page may be fetched from anywhere, and a browser that knows this rule holds it to that.
constexpr std::string_view rule =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
    "'unsafe-inline'; script-src 'unsafe-inline'\">";

std::string page(const RunRecord& run, const std::string& pictures, const std::string& curves) {
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{}<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>{} · shadenet</title><style>\n{}</style>"
        "</head><body>{}<main>\n{}{}{}{}</main><script>\n{}</script></body></html>\n",
        rule, title(run), page_part("style"), heading(run), pictures, curves, table_sections(run),
        page_part("words"), page_part("script"));
}

std::string html(const RunRecord& run, const Curves& all) {
    const std::string curves = curve_sections(all);
    const std::size_t used = page(run, "", curves).size() + picture_markup;
    const ShownPictures pictures = show_pictures(run, most_bytes - std::min(most_bytes, used));
    return page(run, picture_sections(run, pictures), curves);
}

std::string loss_slide(Curves curves) {
    curves.loss.scale = fitting_scale(curves.loss.series);
    return chart_file("Loss", {curves.loss}, 1, {960, 500});
}

std::string statistics_slide(const Curves& curves) {
    std::vector<Chart> charts;
    for (const NormCurves& norm : curves.norms) charts.insert(charts.end(), {norm.mean, norm.variance});
    return chart_file("Moving statistics", charts, 2, {640, 330});
}

}  // namespace

void write_report(const fs::path& folder) {
    const RunRecord run = read_run(folder);
    const Curves curves = curves_of(run);
    const std::string text = html(run, curves);
    write_file_atomically(folder / "loss.svg", loss_slide(curves));
    if (!curves.norms.empty()) {
        write_file_atomically(folder / "moving_statistics.svg", statistics_slide(curves));
    }
    write_file_atomically(folder / "report.html", text);
}

}  // namespace shadenet
