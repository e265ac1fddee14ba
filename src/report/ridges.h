// Distributions as SVG: one below the other, to see how they move, and small ones side by side.
#pragma once

#include <string>
#include <vector>

#include "report/chart.h"

namespace shadenet {

/// The distribution of values over bins of equal width.
struct Distribution {
    std::string name;          ///< "epoch 3"
    std::string short_name;    ///< "3", for the axis
    double low = 0, high = 1;  ///< the ends of the bins
    std::vector<double> counts;
};

/// The value below which this part of all values lies: the median for 0.5. The values in a bin count as
/// evenly spread; NaN if there are no values.
double quantile(const Distribution& distribution, double part);

/// An <svg> for a page: the distributions from the first at the top to the last, over one axis of values,
/// each scaled to its own peak. Colours are attributes, which a style sheet overrides by the classes grid,
/// tick, label and ridge.
std::string ridge_chart(const std::string& title, const std::vector<Distribution>& distributions,
                        ChartSize size);

/// An <svg> for a page: one distribution with the ends of its bins below it, and a line at 0.
std::string small_histogram(const std::string& title, const Distribution& distribution);

}  // namespace shadenet
