#include "report/chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/psnr.h"
#include "report/html.h"
#include "report/svg.h"

namespace shadenet {

namespace {

constexpr int left_margin = 62, narrow_right = 20, wide_right = 58, top_margin = 30, bottom_margin = 42;
constexpr int legend_row = 18;
/// With more lines than this, a chart has a legend only if it has `names_all`.
constexpr std::size_t most_in_legend = 18;
/// Widths in a legend: from the beginning of a dash to its name, of a letter, and between names.
constexpr int dash_room = 23, legend_letter = 7, name_gap = 13;
/// Lines are drawn in tenths of the drawing's unit, in whole numbers.
constexpr int tenths = 10;

class Drawing {
  public:
    /// `carries_values`: every line also has its values as data.
    Drawing(const Chart& chart, ChartSize size, bool carries_values)
        : chart_(chart), size_(size), carries_values_(carries_values) {
        ValueRange range, epochs;
        for (const Series& series : chart.series) {
            for (const auto* values : {&series.values, &series.low, &series.high}) {
                for (const double value : *values) range.include(value);
            }
        }
        for (const std::uint32_t epoch : chart.epochs) epochs.include(epoch);
        vertical_ = axis_over(range, chart.scale, 0.05);
        horizontal_ = axis_over(epochs, AxisScale::linear);
        if (chart.epochs.size() < 2)
            horizontal_ = {AxisScale::linear, 0, chart.epochs.empty() ? 1.0 : 2.0 * chart.epochs[0]};
    }

    /// The height with the legend.
    int height() const { return size_.height + legend_rows() * legend_row; }

    std::string text() {
        grid();
        for (const Series& series : chart_.series) band(series);
        for (const Series& series : chart_.series) line(series);
        if (chart_.epochs.empty()) {
            add(text_,
                "<text class=\"label\" fill=\"#555\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">no {} "
                "yet</text>",
                (left_margin + size_.width - right_margin()) / 2, (top_margin + bottom()) / 2, chart_.unit);
        }
        legend();
        return text_;
    }

    /// The plot's place and the ends of its axes, for the script that reads values off the drawing.
    std::string facts() const {
        return fmt::format(
            "data-plot=\"{} {} {} {}\" data-x=\"{:.9g} {:.9g}\" data-y=\"{:.9g} {:.9g}\" data-scale=\"{}\" "
            "data-unit=\"{}\"{}",
            left_margin, top_margin, size_.width - right_margin(), bottom(), horizontal_.min, horizontal_.max,
            vertical_.min, vertical_.max, chart_.scale == AxisScale::log ? "log" : "linear", chart_.unit,
            chart_.in_decibels ? " data-decibels=\"\"" : "");
    }

  private:
    int legend_rows() const {
        const bool too_many = chart_.series.size() > most_in_legend && !chart_.names_all;
        if (chart_.series.size() < 2 || too_many) return 0;
        return (static_cast<int>(chart_.series.size()) + per_row() - 1) / per_row();
    }
    int per_row() const { return std::max(1, (size_.width - left_margin) / legend_item()); }
    /// Room for a dash and the longest name.
    int legend_item() const {
        std::size_t longest = 0;
        for (const Series& series : chart_.series) longest = std::max(longest, legend_name(series).size());
        return dash_room + legend_letter * static_cast<int>(longest) + name_gap;
    }
    static const std::string& legend_name(const Series& series) {
        return series.short_name.empty() ? series.name : series.short_name;
    }
    int right_margin() const { return chart_.in_decibels ? wide_right : narrow_right; }
    int bottom() const { return size_.height - bottom_margin; }
    double x_of(double epoch) const {
        return left_margin + horizontal_.position(epoch) * (size_.width - left_margin - right_margin());
    }
    double y_of(double value) const {
        // A value lies outside only beyond 1e300, where axes end.
        return bottom() - std::clamp(vertical_.position(value), 0.0, 1.0) * (bottom() - top_margin);
    }

    void grid();
    void band(const Series& series);
    void band_piece(const Series& series, std::size_t begin, std::size_t end);
    void line(const Series& series);
    std::string path_of(const Series& series) const;
    void legend();

    const Chart& chart_;
    ChartSize size_;
    bool carries_values_;
    Axis vertical_, horizontal_;
    std::string text_;
};

void Drawing::grid() {
    const int right = size_.width - right_margin();
    for (const Tick& tick : axis_ticks(vertical_, 5)) {
        const double y = y_of(tick.value);
        add(text_, "<path class=\"grid\" stroke=\"#ddd\" d=\"M{} {:.1f}H{}\"/>", left_margin, y, right);
        add(text_, "<text class=\"tick\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{:.1f}\">{}</text>",
            left_margin - 7, y + 4, tick.label);
        if (!chart_.in_decibels) continue;
        add(text_, "<text class=\"tick\" fill=\"#555\" x=\"{}\" y=\"{:.1f}\">{}</text>", right + 7, y + 4,
            psnr_text(tick.value));
    }
    for (const Tick& tick : axis_ticks(horizontal_, 8, 1)) {
        const double x = x_of(tick.value);
        add(text_, "<path class=\"frame\" stroke=\"#888\" d=\"M{:.1f} {}v5\"/>", x, bottom());
        add(text_,
            "<text class=\"tick\" fill=\"#555\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{}\">{}</text>", x,
            bottom() + 19, tick.label);
    }
    add(text_, "<path class=\"frame\" stroke=\"#888\" fill=\"none\" d=\"M{} {}V{}H{}\"/>", left_margin,
        top_margin, bottom(), right);
    add(text_, "<text class=\"label\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>", right,
        bottom() + 36, chart_.unit);
    add(text_, "<text class=\"label\" fill=\"#555\" x=\"10\" y=\"15\">{}</text>",
        escaped(chart_.quantity + (chart_.scale == AxisScale::log ? " (log)" : "")));
}

/// Draws a piece for every run of epochs that have both ends.
void Drawing::band(const Series& series) {
    const auto has_both = [&](std::size_t i) {
        return vertical_.can_show(series.low[i]) && vertical_.can_show(series.high[i]);
    };
    for (std::size_t i = 0; i < series.low.size(); ++i) {
        if (!has_both(i)) continue;
        const std::size_t begin = i;
        while (i < series.low.size() && has_both(i)) ++i;
        band_piece(series, begin, i);
    }
}

/// The outline goes along the high ends and back along the low ones.
void Drawing::band_piece(const Series& series, std::size_t begin, std::size_t end) {
    std::string path;
    const auto point = [&](std::size_t i, double value) {
        add(path, "{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', x_of(chart_.epochs[i]), y_of(value));
    };
    for (std::size_t i = begin; i < end; ++i) point(i, series.high[i]);
    for (std::size_t i = end; i-- > begin;) point(i, series.low[i]);
    // A stroke keeps a band visible that is narrower than a pixel.
    add(text_,
        "<path class=\"band\" fill=\"{0}\" fill-opacity=\".18\" stroke=\"{0}\" stroke-opacity=\".25\" "
        "stroke-width=\".6\" d=\"{1}z\"/>",
        series.colour, path);
}

/// One path for a series: after a first point only steps, which are short to write. Steps are differences of
/// rounded places, so that rounding errors do not add up.
std::string Drawing::path_of(const Series& series) const {
    std::string path;
    if (series.level) {
        if (series.values.empty() || !vertical_.can_show(series.values[0])) return path;
        add(path, "M{} {}H{}", tenths * left_margin, std::lround(tenths * y_of(series.values[0])),
            tenths * (size_.width - right_margin()));
        return path;
    }
    long x = 0, y = 0;
    bool drawn = false;
    // A step of length 0 shows a single point as a dot, as line ends are round; "l" alone would be invalid.
    const auto end_run = [&path] {
        if (path.ends_with('l')) path += "0 0";
    };
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        const double value = series.values[i];
        if (!vertical_.can_show(value)) {
            drawn = false;
            continue;
        }
        const long new_x = std::lround(tenths * x_of(chart_.epochs[i]));
        const long new_y = std::lround(tenths * y_of(value));
        if (drawn) {
            add(path, "{}{}{}{}", new_x < x ? "" : " ", new_x - x, new_y < y ? "" : " ", new_y - y);
        } else {
            end_run();
            add(path, "M{} {}l", new_x, new_y);
        }
        x = new_x, y = new_y;
        drawn = true;
    }
    end_run();
    return path;
}

void Drawing::line(const Series& series) {
    add(text_,
        "<path class=\"line\" transform=\"scale(.1)\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{} "
        "stroke-linejoin=\"round\" stroke-linecap=\"round\" d=\"{}\"",
        series.colour, series.values.size() == 1 && !series.level ? 60 : 16,
        series.dashed ? " stroke-dasharray=\"60 40\"" : "", path_of(series));
    if (carries_values_) {
        add(text_, " data-name=\"{}\" data-values=\"", escaped(series.name));
        for (std::size_t i = 0; i < series.values.size(); ++i) {
            add(text_, "{}{:.5g}", i == 0 ? "" : " ", series.values[i]);
        }
        text_ += '"';
    }
    text_ += "/>";
}

void Drawing::legend() {
    if (legend_rows() == 0) return;
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
        const Series& series = chart_.series[i];
        const int column = static_cast<int>(i) % per_row(), row = static_cast<int>(i) / per_row();
        const int x = left_margin + column * legend_item(), y = size_.height + 12 + row * legend_row;
        add(text_, "<path stroke=\"{}\" stroke-width=\"2.5\"{} d=\"M{} {}h18\"/>", series.colour,
            series.dashed ? " stroke-dasharray=\"6 4\"" : "", x, y - 4);
        // A name that is wider than the chart is squeezed.
        const int room = size_.width - x - dash_room;
        const bool fits = legend_letter * static_cast<int>(legend_name(series).size()) <= room;
        const std::string squeezed =
            fits ? "" : fmt::format(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", room);
        add(text_, "<text class=\"tick\" fill=\"#555\" x=\"{}\" y=\"{}\"{}>{}</text>", x + dash_room, y,
            squeezed, escaped(legend_name(series)));
    }
}

}  // namespace

AxisScale fitting_scale(const std::vector<Series>& series) {
    ValueRange range;
    for (const Series& one : series) {
        for (const double value : one.values) range.include(value);
    }
    return wants_log(range) ? AxisScale::log : AxisScale::linear;
}

std::string inline_chart(const Chart& chart, ChartSize size) {
    Drawing drawing(chart, size, true);
    std::string epochs;
    for (const std::uint32_t epoch : chart.epochs) add(epochs, "{}{}", epochs.empty() ? "" : " ", epoch);
    const std::string facts =
        fmt::format("{} font-size=\"12\" {} data-epochs=\"{}\"", svg_font, drawing.facts(), epochs);
    return inline_svg(chart.title, size.width, drawing.height(), facts, drawing.text());
}

std::string chart_file(const std::string& title, const std::vector<Chart>& charts, std::size_t columns,
                       ChartSize size) {
    constexpr int heading = 34;
    int tallest = size.height;
    for (const Chart& chart : charts) tallest = std::max(tallest, Drawing(chart, size, false).height());
    const int rows = static_cast<int>((charts.size() + columns - 1) / columns), row = tallest + heading;
    const int width = static_cast<int>(columns) * size.width, height = std::max(1, rows) * row;
    std::string text = svg_file_start(title, width, height);
    for (std::size_t i = 0; i < charts.size(); ++i) {
        add(text, "<g transform=\"translate({} {})\">", static_cast<int>(i % columns) * size.width,
            static_cast<int>(i / columns) * row);
        add(text, "<text fill=\"#222\" font-size=\"16\" x=\"{}\" y=\"24\">{}</text>", left_margin,
            escaped(charts[i].title));
        add(text, "<g transform=\"translate(0 {})\">{}</g></g>", heading,
            Drawing(charts[i], size, false).text());
    }
    return text + "</svg>\n";
}

}  // namespace shadenet
