#include "study/study_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/colour.h"
#include "report/curves.h"

namespace shadenet {

namespace {

constexpr std::size_t most_points = 1000;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// The losses of a run by epoch, the first at 0; NaN where there is none.
using Losses = std::vector<double>;

double training_loss(const EpochRecord& record) {
    return record.train_loss;
}

double validation_loss(const EpochRecord& record) {
    return record.validation_loss.value_or(nothing);
}

template <typename Loss>
Losses losses_of(const RunResult& run, const Loss& loss) {
    Losses losses(run.history.empty() ? 0 : run.history.back().epoch, nothing);
    for (const EpochRecord& record : run.history) losses[record.epoch - 1] = loss(record);
    return losses;
}

template <typename Loss>
std::vector<Losses> losses_of(const VariantResult& variant, const Loss& loss) {
    std::vector<Losses> all;
    for (const RunResult& run : variant.runs) {
        const bool counts = variant.finished > 0 ? run.finished() : !run.history.empty();
        if (counts) all.push_back(losses_of(run, loss));
    }
    return all;
}

/// Of the runs at an epoch; none where one of them has no loss there.
std::optional<Spread> spread_at(const std::vector<Losses>& runs, std::size_t epoch) {
    std::vector<double> values;
    for (const Losses& losses : runs) {
        if (epoch >= losses.size() || std::isnan(losses[epoch])) return std::nullopt;
        values.push_back(losses[epoch]);
    }
    return values.empty() ? std::nullopt : std::optional(spread_of(std::move(values)));
}

/// The variant's line at `epochs`.
Series series_of(const VariantResult& variant, std::string colour, const std::vector<Losses>& runs,
                 const std::vector<std::uint32_t>& epochs) {
    Series series{variant.variant.label(), std::move(colour), {}};
    for (const std::uint32_t epoch : epochs) {
        const std::optional<Spread> spread = spread_at(runs, epoch - 1);
        series.values.push_back(spread ? spread->median : nothing);
        if (runs.size() < 2) continue;
        series.low.push_back(spread ? spread->min : nothing);
        series.high.push_back(spread ? spread->max : nothing);
    }
    return series;
}

/// The epochs that a variant has a value at, some of them where they are many; the last is always there.
std::vector<std::uint32_t> points_of(const std::vector<std::vector<Losses>>& variants) {
    std::size_t longest = 0;
    for (const auto& runs : variants) {
        for (const Losses& losses : runs) longest = std::max(longest, losses.size());
    }
    std::vector<std::uint32_t> epochs;
    for (std::size_t epoch = 0; epoch < longest; ++epoch) {
        const auto has_value = [&](const auto& runs) { return spread_at(runs, epoch).has_value(); };
        if (std::ranges::any_of(variants, has_value)) epochs.push_back(static_cast<std::uint32_t>(epoch + 1));
    }
    const std::size_t every = (epochs.size() + most_points - 1) / most_points;
    if (every < 2) return epochs;
    std::vector<std::uint32_t> some;
    for (std::size_t i = 0; i < epochs.size(); i += every) some.push_back(epochs[i]);
    if (some.back() != epochs.back()) some.push_back(epochs.back());
    return some;
}

double accuracy_in_percent(const std::optional<double>& accuracy) {
    return accuracy ? 100 * *accuracy : nothing;
}

template <typename Loss>
Chart curves_of(const StudyResult& result, std::string title, const Loss& loss) {
    std::vector<std::vector<Losses>> variants;
    for (const VariantResult& variant : result.variants) variants.push_back(losses_of(variant, loss));
    Chart chart{std::move(title), "loss", points_of(variants), {}, AxisScale::log};
    chart.in_decibels = !result.classes();
    chart.names_all = true;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        chart.series.push_back(
            series_of(result.variants[i], variant_colour(result, i), variants[i], chart.epochs));
        // Of two lines that coincide, the lower one is seen between the dashes.
        chart.series.back().dashed = i % 2 == 1;
    }
    return chart;
}

/// Where all runs have one: those of other receptive fields or sizes have others.
std::optional<double> common_floor(const StudyResult& result) {
    std::optional<double> common;
    for (const VariantResult& variant : result.variants) {
        for (const RunResult& run : variant.runs) {
            if (run.history.empty()) continue;
            if (!run.floor || (common && *common != *run.floor)) return std::nullopt;
            common = run.floor;
        }
    }
    return common;
}

/// No variant has an activation.
bool all_linear(const std::vector<StudyVariant>& variants) {
    return std::ranges::none_of(variants, [](const StudyVariant& variant) {
        return has_activation(variant.options.network.network());
    });
}

}  // namespace

Chart training_curves(const StudyResult& result) {
    Chart chart = curves_of(result, "Training loss of every variant", training_loss);
    if (const std::optional<double> floor = common_floor(result)) {
        add_floor(chart, *floor, all_linear(result.plan.variants));
    }
    return chart;
}

Chart validation_curves(const StudyResult& result) {
    return curves_of(result, "Validation loss of every variant", validation_loss);
}

Chart accuracy_curves(const StudyResult& result) {
    const bool validated = result.validated();
    Chart chart = curves_of(
        result, validated ? "Validation accuracy of every variant" : "Training accuracy of every variant",
        [&](const EpochRecord& record) {
            return accuracy_in_percent(validated ? record.validation_accuracy : record.train_accuracy);
        });
    chart.quantity = "right answers, %";
    chart.scale = AxisScale::linear;
    return chart;
}

std::string variant_colour(const StudyResult& result, std::size_t variant) {
    return line_colour(variant, result.variants.size());
}

}  // namespace shadenet
