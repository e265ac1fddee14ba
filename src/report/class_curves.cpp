#include "report/class_curves.h"

#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "report/axis.h"
#include "report/colour.h"
#include "report/points.h"

namespace shadenet {

namespace {

/// Losses further apart than this part of the one by batch statistics count as apart.
constexpr double near_enough = 0.1;

double percent(const std::optional<double>& accuracy) {
    return accuracy ? 100 * *accuracy : std::numeric_limits<double>::quiet_NaN();
}

Chart percent_chart(const char* title, std::vector<Series> series) {
    return {title, "right answers, %", {}, std::move(series)};
}

Chart two_ways(const char* title, const char* quantity, const std::vector<const EpochRecord*>& points,
               const std::function<double(const EpochRecord&, Score SetScores::*)>& value) {
    Chart chart{
        title,
        quantity,
        {},
        {{"moving averages", line_colour(0, 1), {}}, {"batch statistics", line_colour(2, 4), {}, true}}};
    for (const EpochRecord* point : points) {
        chart.epochs.push_back(point->epoch);
        chart.series[0].values.push_back(value(*point, &SetScores::moving));
        chart.series[1].values.push_back(value(*point, &SetScores::batch));
    }
    chart.scale = fitting_scale(chart.series);
    return chart;
}

/// "training pictures", of "train".
std::string pictures_of(const std::string& set) {
    return (set == "train" ? "training" : set) + " pictures";
}

/// The moving averages' loss as a multiple of the other.
double ratio_of(const SetScores& scores) {
    return scores.moving.loss / scores.batch.loss;
}

/// Not of a ratio that is no number.
bool is_near(const SetScores& scores) {
    return std::abs(ratio_of(scores) - 1) <= near_enough;
}

/// "2.86 times the loss of batch statistics, 1.216 and 0.4257".
std::string apart_text(const SetScores& scores) {
    return fmt::format("{} times the loss of batch statistics, {} and {}", short_number(ratio_of(scores), 3),
                       short_number(scores.moving.loss, 4), short_number(scores.batch.loss, 4));
}

}  // namespace

std::optional<Chart> accuracy_chart(const std::vector<EpochRecord>& history) {
    Chart chart = percent_chart("Right answers of every epoch", {{"training", line_colour(0, 1), {}}});
    Series validation{"validation", line_colour(2, 4), {}, true};
    bool known = false, validated = false;
    for (const EpochRecord* point : points_of(history)) {
        chart.epochs.push_back(point->epoch);
        chart.series[0].values.push_back(percent(point->train_accuracy));
        validation.values.push_back(percent(point->validation_accuracy));
        known = known || point->train_accuracy;
        validated = validated || point->validation_accuracy;
    }
    if (!known) return {};
    if (validated) chart.series.push_back(std::move(validation));
    return chart;
}

std::optional<Chart> accuracy_chart(const std::vector<ValidationRecord>& validations) {
    Chart chart = percent_chart("Right answers on validation pictures by steps",
                                {{"validation", line_colour(2, 4), {}}});
    chart.unit = "step";
    for (const ValidationRecord* point : points_of(validations)) {
        if (!point->accuracy) return {};
        chart.epochs.push_back(static_cast<std::uint32_t>(point->step));
        chart.series[0].values.push_back(percent(point->accuracy));
    }
    if (chart.epochs.empty()) return {};
    return chart;
}

std::string lag_sentence(const std::vector<EpochRecord>& history, std::size_t set) {
    const auto scores = [&](std::size_t i) -> const SetScores& { return history[i].sets[set]; };
    std::size_t near_from = history.size();
    while (near_from > 0 && is_near(scores(near_from - 1))) --near_from;
    const std::string first = fmt::format("After epoch {} the moving averages give {}; ",
                                          history.front().epoch, apart_text(scores(0)));
    if (near_from == 0) return first + "the two lie within 10 % of each other all along.";
    if (near_from < history.size()) {
        return first + fmt::format("from epoch {} on the two lie within 10 % of each other.",
                                   history[near_from].epoch);
    }
    if (history.size() == 1) return first + "more epochs bring them together, or a smaller decay.";
    return first + fmt::format("after epoch {} it is still {} times.", history.back().epoch,
                               short_number(ratio_of(scores(history.size() - 1)), 3));
}

std::vector<BothCurves> both_curves(const std::vector<EpochRecord>& history) {
    std::vector<BothCurves> all;
    if (history.empty()) return all;
    const std::vector<const EpochRecord*> points = points_of(history);
    for (std::size_t set = 0; set < history.front().sets.size(); ++set) {
        const auto loss = [&](const EpochRecord& record, Score SetScores::*way) {
            return (record.sets[set].*way).loss;
        };
        const auto accuracy = [&](const EpochRecord& record, Score SetScores::*way) {
            return percent((record.sets[set].*way).accuracy);
        };
        BothCurves curves{pictures_of(history.front().sets[set].set),
                          two_ways("Loss in both ways", "loss", points, loss),
                          two_ways("Right answers in both ways", "right answers, %", points, accuracy),
                          lag_sentence(history, set)};
        curves.accuracy.scale = AxisScale::linear;
        all.push_back(std::move(curves));
    }
    return all;
}

}  // namespace shadenet
