#include <fmt/format.h>

#include "report/sections.h"

namespace shadenet {

namespace {

constexpr ChartSize wide_chart{620, 330}, half_chart{520, 330};

std::string points_text(const Curves& curves) {
    if (curves.every == 1) return "";
    return fmt::format(" One epoch in {} is drawn, and the last.", curves.every);
}

std::string loss_figure(const Curves& curves) {
    Chart linear = curves.loss, logarithmic = curves.loss;
    linear.scale = AxisScale::linear;
    logarithmic.scale = AxisScale::log;
    const bool log_first = fitting_scale(curves.loss.series) == AxisScale::log;
    const auto button = [](const char* id, const char* name, bool chosen) {
        return fmt::format(
            "<input type=\"radio\" name=\"loss-scale\" id=\"{0}\"{1}><label for=\"{0}\">{2}</label>", id,
            chosen ? " checked" : "", name);
    };
    return fmt::format(
        "<figure class=\"chart loss\">{}{}<div class=\"linear\">{}</div><div class=\"log\">{}</div>"
        "<figcaption>Loss of every epoch</figcaption></figure>",
        button("loss-linear", "linear", !log_first), button("loss-log", "logarithmic", log_first),
        inline_chart(linear, wide_chart), inline_chart(logarithmic, wide_chart));
}

std::string captioned(const Chart& chart, ChartSize size, const std::string& caption) {
    return fmt::format("<figure class=\"chart\">{}<figcaption>{}</figcaption></figure>",
                       inline_chart(chart, size), caption);
}

std::string loss_section(const Curves& curves) {
    std::string html =
        fmt::format("<section><h2>Loss</h2><p>{} It should fall, fast at first and then slowly.{}</p>{}",
                    curves.loss_meaning, points_text(curves), loss_figure(curves));
    if (curves.validations) {
        html += captioned(*curves.validations, wide_chart, "Validation within the epochs too, by steps");
    }
    return html + "</section>\n";
}

/// Loss and right answers beside each other.
std::string learning_section(const Curves& curves) {
    std::string html = fmt::format(
        "<section><h2>Loss and right answers</h2><p>{} It should fall, and the part of right answers rise, "
        "fast at first and then slowly. Training counts the answers of each step, from before the step's "
        "update.{}</p><div class=\"charts\">{}{}",
        curves.loss_meaning, points_text(curves), loss_figure(curves),
        captioned(*curves.accuracy, wide_chart, "Right answers of every epoch"));
    if (curves.validations && curves.accuracies) {
        html += captioned(*curves.validations, wide_chart,
                          "Loss on the validation pictures, within the epochs too") +
                captioned(*curves.accuracies, wide_chart,
                          "Right answers on the validation pictures, within the epochs too");
    }
    return html + "</div></section>\n";
}

/// How far the moving averages lag behind.
std::string both_section(const Curves& curves) {
    if (curves.both.empty()) return "";
    std::string html =
        "<section><h2>With moving and with batch statistics</h2><p>The same network after each epoch, once "
        "as "
        "it is saved, by the moving averages, and once by the mean and variance of the whole set at hand, "
        "as in training. The distance of the two curves is the lag of the moving averages: it shows "
        "how long they need to reach the statistics that the layers before them have come to.</p>";
    for (const BothCurves& both : curves.both) {
        html += fmt::format("<h3>The {}</h3><p>{}</p><div class=\"charts\">{}{}</div>", both.pictures,
                            both.lag, captioned(both.loss, half_chart, "Loss"),
                            captioned(both.accuracy, half_chart, "Right answers"));
    }
    return html + "</section>\n";
}

std::string figure(const Chart& chart, const NormCurves& norm) {
    std::string drawn = "of each channel";
    if (norm.quantiles) {
        drawn =
            fmt::format("of {} channels: the median between quartiles, smallest and largest", norm.channels);
    } else if (norm.channels > most_channels_drawn) {
        drawn += fmt::format(", the first {} of {}", most_channels_drawn, norm.channels);
    }
    return fmt::format("<figure class=\"chart\">{}<figcaption><b>{}</b> {} {}</figcaption></figure>",
                       inline_chart(chart, half_chart), norm.name, chart.quantity, drawn);
}

std::string statistics_section(const Curves& curves) {
    if (curves.norms.empty()) {
        return "<section><h2>Moving statistics</h2><p>This network has no batch norm, and with it no moving "
               "statistics.</p></section>\n";
    }
    std::string html =
        "<section><h2>Moving statistics</h2><p>The mean and the variance that batch norm remembers of each "
        "channel, epoch by epoch. A line that still climbs or falls at the end has not yet found its place.";
    html += points_text(curves) + "</p><div class=\"charts\">";
    for (const NormCurves& norm : curves.norms) html += figure(norm.mean, norm) + figure(norm.variance, norm);
    return html + "</div></section>\n";
}

}  // namespace

std::string curve_sections(const Curves& curves) {
    return (curves.accuracy ? learning_section(curves) : loss_section(curves)) + both_section(curves) +
           statistics_section(curves);
}

}  // namespace shadenet
