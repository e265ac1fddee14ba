#include "viewer/both_panel.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "viewer/plot.h"
#include "viewer/plot_colours.h"

namespace shadenet {

namespace {

/// Changes when an epoch comes, or another run: its scores differ in some bit.
std::pair<std::uint64_t, std::uint64_t> mark_of(const std::vector<EpochRecord>& records) {
    if (records.empty() || records.front().sets.empty()) return {};
    const auto bits = [](const EpochRecord& record) {
        return std::bit_cast<std::uint64_t>(record.sets.front().moving.loss);
    };
    return {records.size(), bits(records.front()) ^ std::rotl(bits(records.back()), 1)};
}

}  // namespace

BothPanel::Lines BothPanel::lines_of(Chart chart) {
    Lines lines{std::move(chart), {}, {}};
    for (const Series& series : lines.chart.series) {
        Curve& values = lines.values.emplace_back();
        for (const double value : series.values) {
            values.push_back(static_cast<float>(value));
            lines.range.include(value);
        }
    }
    return lines;
}

void BothPanel::update(const std::vector<EpochRecord>& records) {
    const auto mark = mark_of(records);
    if (mark == seen_) return;
    seen_ = mark;
    sets_.clear();
    for (BothCurves& both : both_curves(records)) {
        sets_.push_back({std::move(both.pictures), std::move(both.lag), lines_of(std::move(both.loss)),
                         lines_of(std::move(both.accuracy))});
    }
}

void BothPanel::draw_lines(const PanelFrame& frame, const Lines& lines, const std::string& name) {
    constexpr ImU32 colours[] = {series_training, series_validation};
    const float width = ImGui::GetContentRegionAvail().x, font = ImGui::GetFontSize();
    Plot plot{.name = name,
              .title = lines.chart.quantity,
              .epochs = lines.chart.epochs,
              .last_epoch = axis_end(lines.chart.epochs.back(), frame.story.epochs),
              .y = axis_over(lines.range, lines.chart.scale, 0.05),
              .shown_epoch = frame.shown_epoch,
              .size = {width, std::clamp(width * 0.4f, 9 * font, 13 * font)}};
    for (std::size_t i = 0; i < lines.values.size(); ++i) {
        plot.lines.push_back({lines.chart.series[i].name, lines.values[i], colours[i % std::size(colours)]});
    }
    const PlotReply reply = draw_plot(plot, frame.layout);
    if (reply.asked_epoch) frame.selection.asked_epoch = reply.asked_epoch;
}

void BothPanel::draw(const PanelFrame& frame) {
    update(frame.story.records);
    for (const Set& set : sets_) {
        ImGui::Text("the %s by", set.pictures.c_str());
        constexpr ImU32 colours[] = {series_training, series_validation};
        for (std::size_t i = 0; i < set.loss.chart.series.size(); ++i) {
            ImGui::SameLine();
            ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(colours[i % std::size(colours)]), "%s",
                               set.loss.chart.series[i].name.c_str());
        }
        ImGui::TextWrapped("%s", set.lag.c_str());
        const std::string name = "both." + set.pictures;
        frame.layout.value(name, set.lag);
        draw_lines(frame, set.loss, name + ".loss");
        draw_lines(frame, set.accuracy, name + ".accuracy");
    }
}

}  // namespace shadenet
