// Line charts as SVG, inside a page and as separate files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "report/axis.h"

namespace shadenet {

struct Series {
    std::string name, colour;
    std::vector<double> values;  ///< one for each of the chart's `epochs`; a gap if not finite
    bool dashed = false;
    std::string short_name{};  ///< for the legend, unless it is empty
    bool level = false;        ///< one value everywhere: drawn across the whole chart
    /// The ends of a band around the line, one of each for every value; or both empty.
    std::vector<double> low{}, high{};
};

struct Chart {
    std::string title, quantity;        ///< title, and the quantity on the vertical axis
    std::vector<std::uint32_t> epochs;  ///< ascending; epochs or whatever `unit` says
    std::vector<Series> series;
    AxisScale scale = AxisScale::linear;
    std::string unit = "epoch";
    bool names_all = false;  ///< has a legend, however many lines there are
    /// The quantity is a mean squared error: its ticks have their decibels at the right.
    bool in_decibels = false;
};

/// The scale on which all values can be seen: logarithmic where they are positive and span decades.
AxisScale fitting_scale(const std::vector<Series>& series);

/// The size without the legend, whose rows are added below.
struct ChartSize {
    int width = 520, height = 300;
};

/// An <svg> for a page. Every line has its values, and the drawing its axes, as data for the page's script;
/// the colours are attributes, which a style sheet overrides by the classes frame, grid, tick, label and
/// line.
std::string inline_chart(const Chart& chart, ChartSize size);

/// A whole SVG file, dark on white, with the charts in rows of `columns`, each under its title. All get the
/// height of the highest.
std::string chart_file(const std::string& title, const std::vector<Chart>& charts, std::size_t columns,
                       ChartSize size);

}  // namespace shadenet
