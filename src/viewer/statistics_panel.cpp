#include "viewer/statistics_panel.h"

#include <cmath>

#include <fmt/format.h>

#include "viewer/plot.h"
#include "viewer/plot_colours.h"

namespace shadenet {

/// What all plots of a frame are drawn with.
struct StatisticsPanel::Frame : PanelFrame {
    ImVec2 plot_size;
    bool beside_each_other;
};

struct StatisticsPanel::Statistic {
    const char* name;
    const std::vector<Curve>& moving;
    const std::vector<Curve>& batch;
    const ValueRange& range;
    AxisScale scale;
};

namespace {

std::vector<PlotLine> lines_of(const std::vector<Curve>& curves, const char* what) {
    std::vector<PlotLine> lines;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        lines.push_back(
            {fmt::format("channel {}, {}", i, what), curves[i], channel_colour(i, curves.size())});
    }
    return lines;
}

/// Draws a square for each channel, with its number if they are few. Returns the channel under the mouse.
std::optional<std::size_t> draw_legend(const std::string& name, std::size_t channels,
                                       std::optional<std::size_t> lit, Layout& layout) {
    const float font = ImGui::GetFontSize();
    const bool numbers = channels <= 16;
    const ImVec2 size{std::round(font * (numbers ? 1.5f : 0.7f)), std::round(font * (numbers ? 1.1f : 0.7f))};
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    std::optional<std::size_t> hovered;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {2, 2});
    ImGui::PushID(name.c_str());
    for (std::size_t i = 0; i < channels; ++i) {
        if (i > 0 && ImGui::GetItemRectMax().x + 2 + size.x < right) ImGui::SameLine();
        const ImVec2 min = ImGui::GetCursorScreenPos(), max{min.x + size.x, min.y + size.y};
        ImGui::PushID(static_cast<int>(i));
        ImGui::InvisibleButton("channel", size);
        ImGui::PopID();
        if (ImGui::IsItemHovered()) {
            hovered = i;
            ImGui::SetTooltip("channel %zu", i);
        }
        layout.last_item(fmt::format("legend.{}.{}", name, i));
        const ImU32 colour = channel_colour(i, channels);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddRectFilled(min, max, lit && lit != i ? faint(colour) : colour, 2);
        if (!numbers) continue;
        const std::string text = std::to_string(i);
        const ImVec2 extent = ImGui::CalcTextSize(text.c_str());
        list.AddText({(min.x + max.x - extent.x) / 2, (min.y + max.y - extent.y) / 2},
                     IM_COL32(16, 18, 22, 255), text.c_str());
    }
    ImGui::PopID();
    ImGui::PopStyleVar();
    return hovered;
}

}  // namespace

void StatisticsPanel::draw(const PanelFrame& panel, float height) {
    const auto& [story, shown_epoch, selection, layout] = panel;
    curves_.update(story);
    layout.value("statistics.layers", curves_.norms().size());
    if (curves_.norms().empty()) {
        ImGui::TextWrapped("This network has no batch norm, and so no moving statistics.");
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x, font = ImGui::GetFontSize();
    const bool beside = width > 36 * font;
    const float plot_width = beside ? (width - ImGui::GetStyle().ItemSpacing.x) / 2 : width;
    const float plot_height = height > 0 ? height : std::clamp(plot_width * 0.45f, 9 * font, 15 * font);
    ImGui::TextDisabled("decay %s (PyTorch's momentum %s)", short_number(story.decay).c_str(),
                        short_number(1.0 - static_cast<double>(story.decay)).c_str());
    const Frame frame{panel, {plot_width, plot_height}, beside};
    for (std::size_t layer = 0; layer < curves_.norms().size(); ++layer) draw_layer(frame, layer);
    if (selection.lit && selection.lit->layer < curves_.norms().size()) {
        layout.value(
            "statistics.lit",
            fmt::format("{} channel {}", curves_.norms()[selection.lit->layer].name, selection.lit->channel));
    }
}

void StatisticsPanel::draw_layer(const Frame& frame, std::size_t layer) {
    const EpochNormCurves& norm = curves_.norms()[layer];
    const std::size_t shown = norm.moving_mean.size();
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(norm.name.c_str());
    if (shown < norm.channels) {
        ImGui::SameLine();
        ImGui::TextDisabled("the first %zu of %zu channels", shown, norm.channels);
    }
    ScaleSwitch& scale = variance_scales_[layer];
    scale.draw(norm.name + ".scale", norm.variance_range, "the variance's axis: linear or logarithmic",
               frame.layout);
    std::optional<std::size_t> lit;
    if (frame.selection.lit && frame.selection.lit->layer == layer) lit = frame.selection.lit->channel;
    const auto hovered = draw_legend(norm.name, shown, lit, frame.layout);
    if (hovered) frame.selection.hovered = Channel{layer, *hovered};

    draw_statistic(frame, layer,
                   {"moving_mean", norm.moving_mean, norm.batch_mean, norm.mean_range, AxisScale::linear});
    if (frame.beside_each_other) ImGui::SameLine();
    draw_statistic(frame, layer,
                   {"moving_variance", norm.moving_variance, norm.batch_variance, norm.variance_range,
                    scale.scale(norm.variance_range)});
}

void StatisticsPanel::draw_statistic(const Frame& frame, std::size_t layer, const Statistic& statistic) {
    const std::string& norm = curves_.norms()[layer].name;
    std::string words = statistic.name;
    std::replace(words.begin(), words.end(), '_', ' ');
    Plot plot{.name = fmt::format("{}.{}", norm, statistic.name),
              .title = fmt::format("{}: {}{}", norm, words, statistic.scale == AxisScale::log ? ", log" : ""),
              .epochs = curves_.epochs(),
              .last_epoch = axis_end(curves_.last_epoch(), frame.story.epochs),
              .y = axis_over(statistic.range, statistic.scale, 0.05),
              .lines = lines_of(statistic.moving, words.c_str()),
              .background = lines_of(statistic.batch, "batch"),
              .shown_epoch = frame.shown_epoch,
              .size = frame.plot_size};
    const auto& lit = frame.selection.lit;
    if (lit && lit->layer == layer && lit->channel < plot.lines.size()) plot.lit = lit->channel;
    const PlotReply reply = draw_plot(plot, frame.layout);
    if (reply.hovered) frame.selection.hovered = Channel{layer, *reply.hovered};
    if (reply.asked_epoch) frame.selection.asked_epoch = reply.asked_epoch;
}

}  // namespace shadenet
