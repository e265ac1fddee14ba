#include "report/curves.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/colour.h"

namespace shadenet {

namespace {

constexpr std::size_t most_points = 2000;

/// The distance of points in a list of `count` records.
std::size_t distance_of(std::size_t count) {
    return std::max<std::size_t>((count + most_points - 1) / most_points, 1);
}

/// The records that become points; the last record is always one.
template <typename Record>
std::vector<const Record*> points_of(const std::vector<Record>& records) {
    std::vector<const Record*> points;
    for (std::size_t i = 0; i < records.size(); i += distance_of(records.size())) {
        points.push_back(&records[i]);
    }
    if (!records.empty() && points.back() != &records.back()) points.push_back(&records.back());
    return points;
}

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

Chart statistic_chart(const BatchNorm& norm, std::size_t index, const char* quantity,
                      std::vector<float> NormStatistics::*values, const Curves& curves,
                      const std::vector<const EpochRecord*>& points) {
    const bool quantiles = !points.empty() && points.front()->norms[index].quantiles;
    Chart chart{fmt::format("{}: {} of {}", norm.name, quantity, quantiles ? "the channels" : "each channel"),
                quantity,
                curves.epochs,
                {}};
    const auto drawn = quantiles ? static_cast<std::uint32_t>(quantile_names.size())
                                 : std::min(norm.channels, most_channels_drawn);
    for (std::uint32_t c = 0; c < drawn; ++c) {
        std::string name = quantiles ? spaced(quantile_names[c]) : fmt::format("channel {}", c);
        Series series{std::move(name),
                      line_colour(c, drawn),
                      {},
                      false,
                      quantiles ? std::string() : fmt::format("{}", c)};
        for (const EpochRecord* point : points) series.values.push_back((point->norms[index].*values)[c]);
        chart.series.push_back(std::move(series));
    }
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
    curves.every = static_cast<std::uint32_t>(distance_of(run.history.size()));
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
    for (const BatchNorm& norm : norms_of(run.architecture())) {
        const std::size_t index = curves.norms.size();
        const bool quantiles = !points.empty() && points.front()->norms[index].quantiles;
        curves.norms.push_back(
            {norm.name, norm.channels, quantiles,
             statistic_chart(norm, index, "moving mean", &NormStatistics::moving_mean, curves, points),
             statistic_chart(norm, index, "moving variance", &NormStatistics::moving_variance, curves,
                             points)});
    }
    return curves;
}

}  // namespace shadenet
