#include "report/ridges.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "report/html.h"
#include "report/svg.h"

namespace shadenet {

namespace {

constexpr int left_room = 52, right_room = 16, top_room = 12, bottom_room = 40;
/// The height of a ridge in rows: ridges overlap the rows above, which shows more than separate rows.
constexpr double rows_high = 3;
constexpr std::size_t most_row_names = 12;

constexpr ChartSize small{150, 74};
constexpr int small_bottom = 56;

double peak_of(const Distribution& distribution) {
    const auto peak = std::max_element(distribution.counts.begin(), distribution.counts.end());
    return peak == distribution.counts.end() ? 0 : *peak;
}

/// The outline of a distribution: a step for every bin, beginning and ending at the ground.
std::string outline(const Distribution& distribution, double left, double width, double ground,
                    double height) {
    const double step = width / static_cast<double>(distribution.counts.size());
    const double peak = peak_of(distribution);
    std::string path = fmt::format("M{:.1f} {:.1f}", left, ground);
    for (std::size_t i = 0; i < distribution.counts.size() && peak > 0; ++i) {
        add(path, "V{:.1f}H{:.1f}", ground - height * distribution.counts[i] / peak,
            left + step * static_cast<double>(i + 1));
    }
    return path + fmt::format("V{:.1f}", ground);
}

class RidgeDrawing {
  public:
    RidgeDrawing(const std::vector<Distribution>& distributions, ChartSize size)
        : distributions_(distributions), size_(size) {
        ValueRange range;
        for (const Distribution& one : distributions) {
            range.include(one.low);
            range.include(one.high);
        }
        values_ = axis_over(range, AxisScale::linear);
    }

    std::string text() {
        grid();
        for (std::size_t i = 0; i < distributions_.size(); ++i) ridge(i);
        return text_;
    }

  private:
    int bottom() const { return size_.height - bottom_room; }
    /// The distance from one ground to the next.
    double row() const {
        return (bottom() - top_room) / (static_cast<double>(distributions_.size()) + rows_high - 1);
    }
    double ground(std::size_t i) const {
        return bottom() - row() * static_cast<double>(distributions_.size() - 1 - i);
    }
    double x_of(double value) const {
        return left_room + values_.position(value) * (size_.width - left_room - right_room);
    }

    void grid();
    void ridge(std::size_t i);

    const std::vector<Distribution>& distributions_;
    ChartSize size_;
    Axis values_;
    std::string text_;
};

void RidgeDrawing::grid() {
    for (const Tick& tick : axis_ticks(values_, 7)) {
        const double x = x_of(tick.value);
        add(text_, "<path class=\"grid\" stroke=\"#ddd\" d=\"M{:.1f} {}V{}\"/>", x, top_room, bottom());
        add(text_,
            "<text class=\"tick\" fill=\"#555\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{}\">{}</text>", x,
            bottom() + 18, tick.label);
    }
    add(text_, "<text class=\"label\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{}\">value</text>",
        size_.width - right_room, bottom() + 34);
    add(text_, "<text class=\"label\" fill=\"#555\" x=\"6\" y=\"{}\">epoch</text>", bottom() + 34);
}

void RidgeDrawing::ridge(std::size_t i) {
    const Distribution& one = distributions_[i];
    const double left = x_of(one.low);
    add(text_,
        "<path class=\"ridge\" fill=\"#fff\" stroke=\"#1f66c1\" stroke-width=\"1.2\" "
        "stroke-linejoin=\"round\" d=\"{}\"><title>{}: median {}, nine tenths between {} and "
        "{}</title></path>",
        outline(one, left, x_of(one.high) - left, ground(i), row() * rows_high), escaped(one.name),
        short_number(quantile(one, 0.5), 3), short_number(quantile(one, 0.05), 3),
        short_number(quantile(one, 0.95), 3));
    // The first and the last have their names, and as many between them as there is room for.
    const std::size_t every = (distributions_.size() + most_row_names - 1) / most_row_names;
    if (i != 0 && (i < every || (distributions_.size() - 1 - i) % every != 0)) return;
    add(text_, "<text class=\"tick\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{:.1f}\">{}</text>",
        left_room - 8, ground(i) + 4, escaped(one.short_name));
}

}  // namespace

double quantile(const Distribution& distribution, double part) {
    const double all = std::accumulate(distribution.counts.begin(), distribution.counts.end(), 0.0);
    if (!(all > 0)) return std::numeric_limits<double>::quiet_NaN();
    const double width =
        (distribution.high - distribution.low) / static_cast<double>(distribution.counts.size());
    double below = 0;
    for (std::size_t i = 0; i < distribution.counts.size(); ++i) {
        const double count = distribution.counts[i];
        if (count > 0 && below + count >= part * all) {
            return distribution.low + width * (static_cast<double>(i) + (part * all - below) / count);
        }
        below += count;
    }
    return distribution.high;
}

std::string ridge_chart(const std::string& title, const std::vector<Distribution>& distributions,
                        ChartSize size) {
    return inline_svg(title, size.width, size.height, "font-size=\"12\"",
                      RidgeDrawing(distributions, size).text());
}

std::string small_histogram(const std::string& title, const Distribution& one) {
    const Axis axis{AxisScale::linear, one.low, one.high};
    std::string text;
    if (one.low < 0 && one.high > 0) {
        add(text, "<path class=\"frame\" stroke=\"#888\" stroke-dasharray=\"2 3\" d=\"M{:.1f} 2V{}\"/>",
            axis.position(0) * small.width, small_bottom);
    }
    add(text,
        "<path class=\"ridge\" fill=\"#fff\" stroke=\"#1f66c1\" stroke-linejoin=\"round\" d=\"{}\"/>"
        "<text class=\"tick\" fill=\"#555\" y=\"{}\">{}</text>"
        "<text class=\"tick\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
        outline(one, 0, small.width, small_bottom, small_bottom - 3), small.height - 4,
        short_number(one.low, 3), small.width, small.height - 4, short_number(one.high, 3));
    return inline_svg(title, small.width, small.height, "font-size=\"11\"", text);
}

}  // namespace shadenet
