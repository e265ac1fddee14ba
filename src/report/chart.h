// Line charts as SVG, inside a page and as files of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "report/axis.h"

namespace shadenet {

struct Series {
    std::string name, colour;
    std::vector<double> values;  ///< one for every place of the chart; what is not finite leaves a gap
    bool dashed = false;
    std::string short_name{};  ///< for the legend, where it is not empty
    bool level = false;        ///< one value for all places: drawn right across the chart
    /// The ends of a band around the line, one for every value; or both empty.
    std::vector<double> low{}, high{};
};

struct Chart {
    std::string title, quantity;        ///< what it shows, and of what the vertical axis tells
    std::vector<std::uint32_t> epochs;  ///< rising; or what `unit` says in their place
    std::vector<Series> series;
    AxisScale scale = AxisScale::linear;
    std::string unit = "epoch";
    bool names_all = false;  ///< has a legend of its lines however many they are
};

/// The scale on which all values can be seen: logarithmic where they are positive and span decades.
AxisScale fitting_scale(const std::vector<Series>& series);

/// Without the legend, whose rows the drawing has below that.
struct ChartSize {
    int width = 520, height = 300;
};

/// An <svg> for a page. Every line carries its values, and the drawing its axes, for the page's script; the
/// colours are attributes, which a style sheet overrules by the classes frame, grid, tick, label and line.
std::string inline_chart(const Chart& chart, ChartSize size);

/// A whole SVG file, dark on white, with the charts in rows of `columns`, each under its title. All have the
/// room of the highest.
std::string chart_file(const std::string& title, const std::vector<Chart>& charts, std::size_t columns,
                       ChartSize size);

}  // namespace shadenet
