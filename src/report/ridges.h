// Distributions as SVG: one below the other, to see how they move, and small ones beside one another.
#pragma once

#include <string>
#include <vector>

#include "report/chart.h"

namespace shadenet {

/// How values are distributed over bins of one width.
struct Distribution {
    std::string name;          ///< "epoch 3"
    std::string short_name;    ///< "3", for the axis
    double low = 0, high = 1;  ///< the ends of the bins
    std::vector<double> counts;
};

/// The value that a part of all values lies below: the median for 0.5. Within a bin values are taken as
/// evenly spread; NaN where there are none.
double quantile(const Distribution& distribution, double part);

/// An <svg> for a page: the distributions from the first at the top to the last, over one axis of values,
/// each as high as its own peak. Colours are attributes, which a style sheet overrules by the classes grid,
/// tick, label and ridge.
std::string ridge_chart(const std::string& title, const std::vector<Distribution>& distributions,
                        ChartSize size);

/// An <svg> for a page: one distribution with the ends of its bins below it, and a line at 0.
std::string small_histogram(const std::string& title, const Distribution& distribution);

}  // namespace shadenet
