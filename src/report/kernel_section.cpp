// What a network without activations learned: one linear filter, which can be shown whole.
#include <fmt/format.h>

#include "export/kernel_files.h"
#include "export/linear_kernel.h"
#include "image/png_bytes.h"
#include "report/axis.h"
#include "report/html.h"
#include "report/sections.h"

namespace shadenet {

namespace {

/// What flat areas become: a row for each colour of the result.
std::string flat_table(const LinearKernel& kernel) {
    std::string html =
        "<div class=\"scroll\"><table><caption>Flat areas</caption><thead><tr><th></th><th>of red</th><th>of "
        "green</th><th>of blue</th><th>constant</th><th>grey, 2 columns</th><th>grey, 2 "
        "rows</th></tr></thead><tbody>";
    for (std::size_t o = 0; o < 3; ++o) {
        html += fmt::format("<tr><th>{}</th>", kernel_colours[o]);
        for (std::size_t c = 0; c < 3; ++c)
            html += fmt::format("<td>{}</td>", short_number(kernel.sum(o, c), 3));
        html += fmt::format("<td>{}</td><td>{}</td><td>{}</td></tr>", short_number(kernel.constant[o], 3),
                            short_number(kernel.gain(o, 0.5, 0), 3), short_number(kernel.gain(o, 0, 0.5), 3));
    }
    return html + "</tbody></table></div>";
}

}  // namespace

std::string kernel_section(const RunRecord& run) {
    if (!run.parameters) return "";
    const Network network = run.architecture();
    if (!no_kernel_reason(network).empty()) return "";
    const LinearKernel kernel = linear_kernel(network, *run.parameters);
    const Picture8 drawn = kernel_picture(kernel);
    return fmt::format(
        "<section><h2>What it learned</h2><p>The network has no activation: all that it does is one sum over "
        "{0}×{0} pixels{1}. On the left are its weights, a row for each colour of the result and a column "
        "for each of the picture; grey is 0, white the largest, and black its negative. On the right is what "
        "it does to patterns of grey: flat areas in the middle, stripes of two pixels at the edges; mid-grey "
        "leaves their contrast as it is, darker takes it away, lighter adds to it.</p><img width=\"{2}\" "
        "height=\"{3}\" alt=\"weights, and gain of every frequency\" src=\"{4}\">{5}<p "
        "class=\"checked\">shadenet export model.safetensors -o filter.csv writes them as numbers, and as a "
        "function in GLSL.</p></section>\n",
        kernel.side(), kernel.differs_at_edges ? ", save near the edges" : "", drawn.width, drawn.height,
        data_uri("image/png", png_bytes(drawn)), flat_table(kernel));
}

}  // namespace shadenet
