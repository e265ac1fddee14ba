#include "viewer/loss_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/psnr.h"
#include "report/run_record.h"
#include "viewer/accuracy_plot.h"
#include "viewer/plot.h"
#include "viewer/plot_colours.h"
#include "viewer/shortcuts.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

/// The next text stands beside the last one where there is room for it, and else below.
void same_line_for(const std::string& text) {
    const float end =
        ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + ImGui::CalcTextSize(text.c_str()).x;
    if (end <= ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x) ImGui::SameLine();
}

/// A loss of classes has no decibels.
std::string shown_number(float loss, bool classes) {
    return classes ? short_number(loss) : short_loss(loss);
}

void coloured_number(ImU32 colour, const char* name, float value, bool classes = false) {
    const std::string text =
        fmt::format("{} {}", name, std::isnan(value) ? "unknown" : shown_number(value, classes));
    same_line_for(text);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(colour), "%s", text.c_str());
}

/// As train says it: which last layer the run keeps, and what it gains.
void draw_solved(const SolvedEnd& solved, Layout& layout) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(("solved: " + solved.line).c_str());
    ImGui::PopTextWrapPos();
    layout.value("solved", solved.line);
}

/// The result of a run that has ended, with what is said of it; all of that while the mouse is there.
void draw_verdict(const QualityRecord& quality, const RunStory& story, Layout& layout) {
    const std::string before = found_before(story.records, quality.step);
    const std::string verdict = fmt::format("result: {}{}", verdict_text(quality.verdict.grade, quality.all),
                                            before.empty() ? "" : "." + before);
    std::string all =
        fmt::format("on {}; before the filter {}", pictures_text(quality), psnr_text(quality.all.untouched));
    for (const QualityFinding& finding : quality.verdict.findings) all += "\n" + quality_line(finding);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(verdict.c_str());
    layout.last_item("verdict");
    tooltip(all);
    if (!quality.verdict.findings.empty()) {
        ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
        ImGui::TextUnformatted(quality_line(quality.verdict.findings.front()).c_str());
        ImGui::PopStyleColor();
        tooltip(all);
    }
    ImGui::PopTextWrapPos();
    layout.value("verdict", verdict);
}

std::size_t finite_values(const Curve& curve) {
    return static_cast<std::size_t>(
        std::count_if(curve.begin(), curve.end(), [](float value) { return !std::isnan(value); }));
}

}  // namespace

void LossPanel::draw(const PanelFrame& frame) {
    const auto& [story, shown_epoch, selection, layout] = frame;
    curves_.update(story);
    ValueRange range = curves_.loss_range();
    floor_.clear();
    // A floor of 0 would lie on a linear axis, and cannot be on a logarithmic one.
    if (story.floor && *story.floor > 0) {
        range.include(*story.floor);
        floor_.assign(curves_.epochs().size(), static_cast<float>(*story.floor));
    }
    if (pressed(Action::loss_scale)) scale_.change(range);
    const AxisScale scale = scale_.scale(range);
    draw_numbers(shown_epoch, story, layout);
    if (story.solved) draw_solved(*story.solved, layout);
    if (story.quality) draw_verdict(*story.quality, story, layout);
    scale_.draw("loss.scale", range, "linear or logarithmic (L)", layout);
    layout.value("loss.points", finite_values(curves_.training_loss()));
    layout.value("loss.scale", scale == AxisScale::log ? "log" : "linear");

    const float width = ImGui::GetContentRegionAvail().x, font = ImGui::GetFontSize();
    Plot plot{.name = "loss",
              .title = "",
              .epochs = curves_.epochs(),
              .last_epoch = axis_end(curves_.last_epoch(), story.epochs),
              .y = axis_over(range, scale, 0.05),
              .lines = {{"training loss", curves_.training_loss(), series_training}},
              .shown_epoch = shown_epoch,
              .size = {width, std::clamp(width * 0.45f, 10 * font, 18 * font)},
              .in_decibels = !story.classes};
    if (const auto best = curves_.best_validation()) {
        plot.lines.push_back({"validation loss", curves_.validation_loss(), series_validation});
        plot.mark = PlotMark{curves_.epochs()[*best], curves_.validation_loss()[*best], series_validation};
        layout.value("loss.best_epoch", curves_.epochs()[*best]);
    }
    if (!floor_.empty()) {
        const bool linear = !has_activation(story.network);
        plot.lines.push_back({linear ? "floor" : "best linear filter", floor_, series_floor});
        layout.value("loss.floor", *story.floor);
    }
    const PlotReply reply = draw_plot(plot, layout);
    if (reply.asked_epoch) selection.asked_epoch = reply.asked_epoch;
    if (reply.hovered) layout.value("loss.hovered", plot.lines[*reply.hovered].name);
    draw_accuracy(frame, curves_);
}

void LossPanel::draw_numbers(std::uint32_t shown_epoch, const RunStory& story, Layout& layout) const {
    const bool linear = !has_activation(story.network), classes = story.classes;
    const auto index = curves_.index_of(shown_epoch);
    if (curves_.last_epoch() == 0) {
        ImGui::TextDisabled("The loss appears after the first epoch.");
        return;
    }
    ImGui::Text("epoch %u", shown_epoch);
    if (shown_epoch == 0) {
        ImGui::SameLine();
        ImGui::TextDisabled("untrained");
        return;
    }
    const float missing = std::nanf("");
    const float training = index ? curves_.training_loss()[*index] : missing;
    coloured_number(series_training, "training", training, classes);
    if (!std::isnan(training)) layout.value("loss.training", training);
    if (!floor_.empty()) coloured_number(series_floor, linear ? "floor" : "best linear filter", floor_[0]);
    const auto best = curves_.best_validation();
    if (!best) return;
    const float validation = index ? curves_.validation_loss()[*index] : missing;
    coloured_number(series_validation, "validation", validation, classes);
    if (!std::isnan(validation)) layout.value("loss.validation", validation);
    const std::string lowest =
        fmt::format("best {}, epoch {}", shown_number(curves_.validation_loss()[*best], classes),
                    curves_.epochs()[*best]);
    same_line_for(lowest);
    ImGui::TextDisabled("%s", lowest.c_str());
}

}  // namespace shadenet
