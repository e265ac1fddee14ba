#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "report/curves.h"
#include "report/html.h"
#include "report/ridges.h"
#include "report/sections.h"

namespace shadenet {

namespace {

constexpr ChartSize ridges{520, 420};
constexpr std::size_t most_ridges = 24;

Distribution distribution_of(const NormHistogram& histogram) {
    return {fmt::format("epoch {}", histogram.epoch), fmt::format("{}", histogram.epoch), histogram.low,
            histogram.high, std::vector<double>(histogram.counts.begin(), histogram.counts.end())};
}

/// Some of the epochs, evenly spread, with the first and the last.
std::vector<Distribution> some_of(const std::vector<const NormHistogram*>& epochs) {
    const std::size_t drawn = std::min(epochs.size(), most_ridges);
    std::vector<Distribution> some;
    for (std::size_t i = 0; i < drawn; ++i) {
        const std::size_t at = drawn == 1 ? 0 : i * (epochs.size() - 1) / (drawn - 1);
        some.push_back(distribution_of(*epochs[at]));
    }
    return some;
}

/// The input or the output of a norm.
struct Side {
    std::string layer;
    NormSide side;
    std::vector<const NormHistogram*> epochs, channels;

    std::string name() const { return layer + " " + to_string(side); }
};

/// The sides in the order of the file.
std::vector<Side> sides_of(const HistogramHistory& history) {
    std::vector<Side> sides;
    const auto side_of = [&](const NormHistogram& one) -> Side& {
        const auto same = [&](const Side& side) { return side.layer == one.layer && side.side == one.side; };
        const auto found = std::find_if(sides.begin(), sides.end(), same);
        return found != sides.end() ? *found : sides.emplace_back(Side{one.layer, one.side, {}, {}});
    };
    for (const NormHistogram& one : history.layers) side_of(one).epochs.push_back(&one);
    for (const NormHistogram& one : history.channels) side_of(one).channels.push_back(&one);
    return sides;
}

std::string ridge_figure(const Side& side) {
    const std::string what = side.side == NormSide::input ? "what goes in" : "what comes out";
    return fmt::format(
        "<figure class=\"spread\">{}<figcaption><b>{}</b> {}, all channels</figcaption></figure>",
        ridge_chart(side.name() + " over the epochs", some_of(side.epochs), ridges), escaped(side.layer),
        what);
}

std::string channel_figures(const Side& side) {
    if (side.channels.empty()) return "";
    const std::size_t drawn = std::min<std::size_t>(side.channels.size(), most_channels_drawn);
    std::string html = fmt::format(
        "<h3>{}, each channel after epoch {}{}</h3><div class=\"spreads\">", escaped(side.name()),
        side.channels.front()->epoch,
        drawn < side.channels.size() ? fmt::format(", the first {} of {}", drawn, side.channels.size()) : "");
    for (std::size_t c = 0; c < drawn; ++c) {
        html += fmt::format("<figure class=\"spread\">{}<figcaption>{}</figcaption></figure>",
                            small_histogram(fmt::format("{}, channel {}", side.name(), c),
                                            distribution_of(*side.channels[c])),
                            c);
    }
    return html + "</div>";
}

}  // namespace

std::string histogram_section(const RunRecord& run) {
    const HistogramHistory& history = run.histograms;
    if (history.layers.empty()) return "";
    const std::vector<Side> sides = sides_of(history);
    const std::string pictures =
        run.options.domains.empty()
            ? "all training pictures"
            : fmt::format("the pictures of the stream <i>{}</i>", escaped(run.options.domains.front().name));
    std::string html = fmt::format(
        "<section><h2>Distributions</h2><p>How the values before and after each norm are spread, measured "
        "after every epoch over {} with the moving statistics, as the saved model applies them. Each curve "
        "is as high as its own peak; point at one for its numbers. What comes out should lie around β with a "
        "deviation of γ: where it does not, the moving statistics are not yet those of the pictures.</p><div "
        "class=\"charts\">",
        pictures);
    for (const Side& side : sides) {
        if (!side.epochs.empty()) html += ridge_figure(side);
    }
    html +=
        "</div><p>With fixed statistics a norm shifts and stretches a channel, and a negative γ turns it "
        "over: the shapes below are the same before and after, and their ends are not. The dashed line is "
        "at 0; the outermost 1 in 2000 values on either side may lie beyond the ends.</p>";
    for (const Side& side : sides) html += channel_figures(side);
    return html + "</section>\n";
}

}  // namespace shadenet
