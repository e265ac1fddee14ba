#include <fmt/format.h>

#include "image/png_bytes.h"
#include "report/axis.h"
#include "report/html.h"
#include "report/sections.h"
#include "report/weight_pictures.h"

namespace shadenet {

namespace {

std::string unit_figure(const FirstLayer& layer, std::size_t unit) {
    const WeightPicture& drawn = layer.pictures[unit];
    const std::string name = fmt::format("{} {}", layer.dense ? "unit" : "filter", unit);
    return fmt::format(
        "<figure title=\"{0}: weights up to {1}\"><img class=\"small\" width=\"{2}\" height=\"{3}\" "
        "alt=\"{0}\" src=\"{4}\"><figcaption>{5}</figcaption></figure>",
        name, short_number(drawn.largest, 3), drawn.picture.width, drawn.picture.height,
        data_uri("image/png", png_bytes(drawn.picture)), unit);
}

}  // namespace

std::string weight_section(const RunRecord& run) {
    if (!run.parameters) return "";
    const FirstLayer layer = first_layer_pictures(run.architecture(), *run.parameters);
    if (layer.pictures.empty()) return "";
    const std::string choice = layer.pictures.size() < layer.units
                                   ? fmt::format(", the first {} of {}", layer.pictures.size(), layer.units)
                                   : "";
    std::string html = fmt::format(
        "<section><h2>What the first layer looks for</h2><p>The weights of {} as pictures{}{}. Grey is a "
        "weight of 0, "
        "{}; each is drawn on its own scale, which is told where one points at it.</p><div "
        "class=\"weights\">",
        escaped(layer.name),
        layer.dense ? ": a unit sums up the whole picture by such weights" : ", one kernel for each filter",
        choice,
        layer.colours ? "lighter colours are looked for, and darker ones count against it"
                      : "where it is lighter brightness is looked for, and where it is darker it counts "
                        "against it");
    for (std::size_t unit = 0; unit < layer.pictures.size(); ++unit) html += unit_figure(layer, unit);
    return html + "</div></section>\n";
}

}  // namespace shadenet
