#include "report/curves.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/colour.h"
#include "report/points.h"

namespace shadenet {

namespace {

Chart loss_chart(const Curves& curves, const std::vector<const EpochRecord*>& points, bool classes) {
    Series training{"training", line_colour(0, 1), {}}, validation{"validation", line_colour(2, 4), {}, true};
    bool validated = false;
    for (const EpochRecord* point : points) {
        training.values.push_back(point->train_loss);
        validation.values.push_back(
            point->validation_loss.value_or(std::numeric_limits<double>::quiet_NaN()));
        validated = validated || point->validation_loss;
    }
    Chart chart{"Loss of every epoch", "loss", curves.epochs, {std::move(training)}};
    chart.in_decibels = !classes;
    if (validated) chart.series.push_back(std::move(validation));
    return chart;
}

Chart validation_chart(const std::vector<ValidationRecord>& validations, bool classes) {
    Chart chart{"Validation by steps", "loss", {}, {{"validation", line_colour(2, 4), {}}}};
    chart.unit = "step";
    chart.in_decibels = !classes;
    for (const ValidationRecord* point : points_of(validations)) {
        // Steps beyond four thousand million do not fit; no run has so many.
        chart.epochs.push_back(static_cast<std::uint32_t>(point->step));
        chart.series[0].values.push_back(point->loss);
    }
    chart.scale = fitting_scale(chart.series);
    return chart;
}

/// "lower quartile".
std::string spaced(std::string name) {
    std::ranges::replace(name, '_', ' ');
    return name;
}

struct StatisticChart {
    const BatchNorm& norm;
    std::size_t index;  ///< of the norm
    const char* quantity;
    std::vector<float> NormStatistics::*values;
    const std::vector<const EpochRecord*>& points;

    /// Of a channel, or of quantile `at` of them.
    std::vector<double> line(std::size_t at) const {
        std::vector<double> line;
        for (const EpochRecord* point : points) line.push_back((point->norms[index].*values)[at]);
        return line;
    }
    bool quantiles() const { return !points.empty() && points.front()->norms[index].quantiles; }
};

/// A line for each.
std::vector<Series> channel_lines(const StatisticChart& of) {
    std::vector<Series> lines;
    const std::uint32_t drawn = std::min(of.norm.channels, most_channels_drawn);
    for (std::uint32_t c = 0; c < drawn; ++c) {
        lines.push_back(
            {fmt::format("channel {}", c), line_colour(c, drawn), of.line(c), false, fmt::format("{}", c)});
    }
    return lines;
}

/// The median in the middle of two bands: between the quartiles, and from the smallest to the largest. Their
/// ends are lines too, so that they can be read off.
std::vector<Series> quantile_bands(const StatisticChart& of) {
    constexpr std::size_t median = quantile_names.size() / 2;
    std::vector<Series> lines;
    for (std::size_t i = 0; i < quantile_names.size(); ++i) {
        const bool end = i == 0 || i + 1 == quantile_names.size();
        lines.push_back(
            {spaced(quantile_names[i]), end ? "#8b93a1" : line_colour(0, 1), of.line(i), i != median});
    }
    for (std::size_t i = 0; i < median; ++i) {
        lines[i].low = lines[i].values;
        lines[i].high = lines[quantile_names.size() - 1 - i].values;
    }
    return lines;
}

Chart statistic_chart(const StatisticChart& of, const Curves& curves) {
    const bool quantiles = of.quantiles();
    Chart chart{
        fmt::format("{}: {} of {}", of.norm.name, of.quantity, quantiles ? "the channels" : "each channel"),
        of.quantity, curves.epochs, quantiles ? quantile_bands(of) : channel_lines(of)};
    chart.scale = fitting_scale(chart.series);
    return chart;
}

}  // namespace

void add_floor(Chart& chart, double floor, bool linear) {
    if (floor == 0) return;
    const char* name = linear ? "floor" : "best linear filter";
    chart.series.push_back({name, "#808080", std::vector<double>(chart.epochs.size(), floor), true});
    chart.series.back().level = true;
}

Curves curves_of(const RunRecord& run) {
    Curves curves;
    curves.every = static_cast<std::uint32_t>(point_distance(run.history.size()));
    const std::vector<const EpochRecord*> points = points_of(run.history);
    for (const EpochRecord* point : points) curves.epochs.push_back(point->epoch);
    const bool classes = run.options.learns_classes();
    curves.loss = loss_chart(curves, points, classes);
    curves.loss_meaning =
        classes ? "How unlikely the network takes the right class for: the mean negative logarithm of its "
                  "probability (cross-entropy)."
                : "How far the results are from their targets: the mean squared difference of their values, "
                  "which go from 0 to 1.";
    if (run.floor) add_floor(curves.loss, run.floor->loss, !has_activation(run.architecture()));
    if (!run.validations.empty()) curves.validations = validation_chart(run.validations, classes);
    if (classes) {
        curves.accuracy = accuracy_chart(run.history);
        curves.accuracies = accuracy_chart(run.validations);
        if (has_norm(run.architecture())) curves.both = both_curves(run.history);
    }
    for (const BatchNorm& norm : norms_of(run.architecture())) {
        const std::size_t index = curves.norms.size();
        const StatisticChart mean{norm, index, "moving mean", &NormStatistics::moving_mean, points};
        const StatisticChart variance{norm, index, "moving variance", &NormStatistics::moving_variance,
                                      points};
        curves.norms.push_back({norm.name, norm.channels, mean.quantiles(), statistic_chart(mean, curves),
                                statistic_chart(variance, curves)});
    }
    return curves;
}

}  // namespace shadenet
