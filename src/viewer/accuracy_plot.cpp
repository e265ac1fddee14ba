#include "viewer/accuracy_plot.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/run_record.h"
#include "viewer/plot.h"
#include "viewer/plot_colours.h"

namespace shadenet {

namespace {

/// Of the shown epoch, as far as it is known.
void draw_percent(const Curve& curve, const std::optional<std::size_t>& index, const char* name, ImU32 colour,
                  Layout& layout) {
    const float value = index ? curve[*index] : std::nanf("");
    if (std::isnan(value)) return;
    ImGui::SameLine();
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(colour), "%s",
                       fmt::format("{} {:.2f} %", name, value).c_str());
    layout.value(fmt::format("accuracy.{}", name), value);
}

}  // namespace

void draw_accuracy(const PanelFrame& frame, const EpochCurves& curves) {
    const auto& [story, shown_epoch, selection, layout] = frame;
    if (!story.classes) return;
    ImGui::TextUnformatted("right answers");
    const auto index = curves.index_of(shown_epoch);
    draw_percent(curves.training_accuracy(), index, "training", series_training, layout);
    draw_percent(curves.validation_accuracy(), index, "validation", series_validation, layout);
    const float width = ImGui::GetContentRegionAvail().x, font = ImGui::GetFontSize();
    Plot plot{.name = "accuracy",
              .title = "",
              .epochs = curves.epochs(),
              .last_epoch = axis_end(curves.last_epoch(), story.epochs),
              .y = axis_over(curves.accuracy_range(), AxisScale::linear, 0.05),
              .lines = {{"training %", curves.training_accuracy(), series_training},
                        {"validation %", curves.validation_accuracy(), series_validation}},
              .shown_epoch = shown_epoch,
              .size = {width, std::clamp(width * 0.4f, 9 * font, 15 * font)}};
    const PlotReply reply = draw_plot(plot, layout);
    if (reply.asked_epoch) selection.asked_epoch = reply.asked_epoch;
    if (!story.test) return;
    const std::string before = story.test->best ? "" : found_before(story.records, story.test->step);
    const std::string test = "test: " + to_string(*story.test) + (before.empty() ? "" : "." + before);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(test.c_str());
    ImGui::PopTextWrapPos();
    layout.last_item("test");
    layout.value("test", test);
}

}  // namespace shadenet
