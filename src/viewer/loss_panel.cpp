#include "viewer/loss_panel.h"

#include <cmath>

#include "viewer/plot.h"
#include "viewer/plot_colours.h"
#include "viewer/shortcuts.h"

namespace shadenet {

namespace {

void coloured_number(ImU32 colour, const char* name, float value) {
    ImGui::SameLine();
    const std::string text = std::isnan(value) ? "unknown" : short_number(value);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(colour), "%s %s", name, text.c_str());
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
    draw_numbers(shown_epoch, layout);
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
              .size = {width, std::clamp(width * 0.45f, 10 * font, 18 * font)}};
    if (const auto best = curves_.best_validation()) {
        plot.lines.push_back({"validation loss", curves_.validation_loss(), series_validation});
        plot.mark = PlotMark{curves_.epochs()[*best], curves_.validation_loss()[*best], series_validation};
        layout.value("loss.best_epoch", curves_.epochs()[*best]);
    }
    if (!floor_.empty()) {
        const bool linear = !has_activation(story.network);
        plot.lines.push_back({linear ? "floor" : "floor of linear networks", floor_, series_floor});
        layout.value("loss.floor", *story.floor);
    }
    const PlotReply reply = draw_plot(plot, layout);
    if (reply.asked_epoch) selection.asked_epoch = reply.asked_epoch;
    if (reply.hovered) layout.value("loss.hovered", plot.lines[*reply.hovered].name);
}

void LossPanel::draw_numbers(std::uint32_t shown_epoch, Layout& layout) const {
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
    coloured_number(series_training, "training", training);
    if (!std::isnan(training)) layout.value("loss.training", training);
    if (!floor_.empty()) coloured_number(series_floor, "floor", floor_[0]);
    const auto best = curves_.best_validation();
    if (!best) return;
    const float validation = index ? curves_.validation_loss()[*index] : missing;
    coloured_number(series_validation, "validation", validation);
    if (!std::isnan(validation)) layout.value("loss.validation", validation);
    ImGui::SameLine();
    ImGui::TextDisabled("best %s, epoch %u", short_number(curves_.validation_loss()[*best]).c_str(),
                        curves_.epochs()[*best]);
}

}  // namespace shadenet
