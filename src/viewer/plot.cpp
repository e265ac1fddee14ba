#include "viewer/plot.h"

#include <algorithm>
#include <cmath>

#include "viewer/plot_colours.h"
#include "viewer/plot_trace.h"

namespace shadenet {

namespace {

/// The most points of all lines of a plot together, in the foreground and behind. With many lines, columns
/// become wider than a pixel.
constexpr std::size_t line_points = 12'000, background_points = 6'000;

float small_font() {
    return std::round(ImGui::GetFontSize() * 0.85f);
}

void small_text(ImDrawList& list, ImVec2 at, ImU32 colour, const std::string& text) {
    list.AddText(ImGui::GetFont(), small_font(), at, colour, text.c_str(), text.c_str() + text.size());
}

ImVec2 small_size(const std::string& text) {
    return ImGui::GetFont()->CalcTextSizeA(small_font(), 1e9f, 0, text.c_str());
}

/// The frame within `min` and `max` that leaves room for the labels of `y_ticks`.
PlotFrame frame_within(const Plot& plot, ImVec2 min, ImVec2 max, const std::vector<Tick>& y_ticks) {
    float labels = 0;
    for (const Tick& tick : y_ticks) labels = std::max(labels, small_size(tick.label).x);
    const float font = ImGui::GetFontSize();
    PlotFrame frame;
    frame.min = {std::round(min.x + labels + font * 0.5f),
                 std::round(min.y + (plot.title.empty() ? 0.4f : 1.3f) * font)};
    frame.max = {std::round(max.x - font * 0.6f), std::round(max.y - 1.3f * font)};
    frame.max.x = std::max(frame.max.x, frame.min.x + 1);
    frame.max.y = std::max(frame.max.y, frame.min.y + 1);
    frame.x = {AxisScale::linear, 0, static_cast<double>(std::max(plot.last_epoch, 1u))};
    frame.y = plot.y;
    return frame;
}

void draw_axes(ImDrawList& list, const PlotFrame& frame, const std::vector<Tick>& y_ticks) {
    const ImU32 grid = ImGui::GetColorU32(ImGuiCol_TextDisabled, 0.25f);
    const ImU32 label = ImGui::GetColorU32(ImGuiCol_TextDisabled);
    const float font = ImGui::GetFontSize();
    list.AddRectFilled(frame.min, frame.max, ImGui::GetColorU32(ImGuiCol_FrameBg, 0.35f));
    for (const Tick& tick : y_ticks) {
        const float y = std::round(frame.screen_y(tick.value));
        list.AddRectFilled({frame.min.x, y}, {frame.max.x, y + 1}, grid);
        const ImVec2 size = small_size(tick.label);
        small_text(list, {frame.min.x - size.x - font * 0.3f, y - size.y / 2}, label, tick.label);
    }
    const int wished = static_cast<int>((frame.max.x - frame.min.x) / (4.5f * font));
    for (const Tick& tick : axis_ticks(frame.x, wished, 1)) {
        const float x = std::round(frame.screen_x(tick.value));
        list.AddRectFilled({x, frame.min.y}, {x + 1, frame.max.y}, grid);
        const ImVec2 size = small_size(tick.label);
        small_text(list,
                   {std::min(x - size.x / 2, frame.max.x + font * 0.6f - size.x), frame.max.y + font * 0.2f},
                   label, tick.label);
    }
}

/// The number of columns, each a pixel wide, or wider where that would be more than `most`.
std::size_t columns_of(const PlotFrame& frame, std::size_t most) {
    return std::min(static_cast<std::size_t>(frame.max.x - frame.min.x), most);
}

std::vector<Trace> traces_of(const PlotFrame& frame, const Plot& plot) {
    std::vector<Trace> traces;
    if (plot.lines.empty()) return traces;
    const Tracer tracer(frame, plot.epochs, columns_of(frame, line_points / (2 * plot.lines.size())));
    traces.reserve(plot.lines.size());
    for (const PlotLine& line : plot.lines) traces.push_back(tracer.trace(line.values));
    return traces;
}

std::optional<std::size_t> nearest_line(const std::vector<Trace>& traces, ImVec2 mouse) {
    float nearest = ImGui::GetFontSize() * 0.8f;
    std::optional<std::size_t> line;
    for (std::size_t i = 0; i < traces.size(); ++i) {
        const float distance = distance_to(traces[i], mouse, nearest);
        if (distance >= nearest) continue;
        nearest = distance;
        line = i;
    }
    return line;
}

void draw_background(ImDrawList& list, const PlotFrame& frame, const Plot& plot,
                     std::optional<std::size_t> lit) {
    if (plot.background.empty()) return;
    const Tracer tracer(frame, plot.epochs, columns_of(frame, background_points / plot.background.size()));
    // Dots that nearly touch would hide the lines, as bars would.
    const bool dense = static_cast<float>(plot.epochs.size()) * 5 > frame.max.x - frame.min.x;
    for (std::size_t i = 0; i < plot.background.size(); ++i) {
        if (lit && lit != i) continue;
        const PlotLine& line = plot.background[i];
        ImU32 colour = lit && !dense ? line.colour : faint(line.colour);
        if (!lit && dense && plot.background.size() > 4) colour = faint(colour);
        tracer.draw_scatter(list, line.values, colour);
    }
}

void draw_lines(ImDrawList& list, const Plot& plot, const std::vector<Trace>& traces,
                std::optional<std::size_t> lit) {
    for (std::size_t i = 0; i < traces.size(); ++i) {
        if (lit == i) continue;
        draw_trace(list, traces[i], lit ? faint(plot.lines[i].colour) : plot.lines[i].colour, 1);
    }
    if (lit) draw_trace(list, traces[*lit], plot.lines[*lit].colour, 2);
}

void draw_marks(ImDrawList& list, const PlotFrame& frame, const Plot& plot) {
    if (plot.mark && frame.y.can_show(plot.mark->value)) {
        const ImVec2 at{frame.screen_x(plot.mark->epoch), frame.screen_y(plot.mark->value)};
        list.AddCircle(at, ImGui::GetFontSize() * 0.3f, plot.mark->colour, 24, 2);
    }
    if (plot.shown_epoch > plot.last_epoch) return;
    const float x = std::round(frame.screen_x(plot.shown_epoch));
    list.AddRectFilled({x, frame.min.y}, {x + 1, frame.max.y}, ImGui::GetColorU32(ImGuiCol_Text, 0.7f));
    const float half = std::round(ImGui::GetFontSize() * 0.25f);
    list.AddTriangleFilled({x - half, frame.min.y - half}, {x + half + 1, frame.min.y - half},
                           {x + 0.5f, frame.min.y + half}, ImGui::GetColorU32(ImGuiCol_Text));
}

/// The index of the epoch nearest to `x` on the screen at which the line has a value.
std::optional<std::size_t> nearest_value(const PlotFrame& frame, const Plot& plot, const PlotLine& line,
                                         float x) {
    const std::size_t count = std::min(line.values.size(), plot.epochs.size());
    const auto at = [&](std::size_t i) { return std::abs(frame.screen_x(plot.epochs[i]) - x); };
    std::optional<std::size_t> nearest;
    const double epoch = frame.x.value_at((x - frame.min.x) / (frame.max.x - frame.min.x));
    const auto begin = plot.epochs.begin();
    const auto middle = static_cast<std::size_t>(
        std::lower_bound(begin, begin + static_cast<std::ptrdiff_t>(count), epoch) - begin);
    for (std::size_t i = middle; i < count && !nearest; ++i) {
        if (frame.y.can_show(line.values[i])) nearest = i;
    }
    for (std::size_t i = middle; i-- > 0;) {
        if (!frame.y.can_show(line.values[i])) continue;
        if (!nearest || at(i) < at(*nearest)) nearest = i;
        break;
    }
    return nearest;
}

void show_value(ImDrawList& list, const PlotFrame& frame, const Plot& plot, const PlotLine& line, float x) {
    const std::optional<std::size_t> i = nearest_value(frame, plot, line, x);
    if (!i) return;
    const ImVec2 at{frame.screen_x(plot.epochs[*i]), frame.screen_y(line.values[*i])};
    list.AddCircleFilled(at, ImGui::GetFontSize() * 0.22f, line.colour, 16);
    ImGui::BeginTooltip();
    ImGui::TextUnformatted(line.name.c_str());
    ImGui::Text("epoch %u", plot.epochs[*i]);
    const float value = line.values[*i];
    ImGui::TextUnformatted((plot.in_decibels ? short_loss(value, 6) : short_number(value, 6)).c_str());
    ImGui::EndTooltip();
}

std::uint32_t epoch_at(const PlotFrame& frame, const Plot& plot, float x) {
    const double epoch = std::round(frame.x.value_at((x - frame.min.x) / (frame.max.x - frame.min.x)));
    const std::uint32_t last = plot.epochs.empty() ? 0 : plot.epochs.back();
    return static_cast<std::uint32_t>(std::clamp(epoch, 0.0, static_cast<double>(last)));
}

}  // namespace

PlotReply draw_plot(const Plot& plot, Layout& layout) {
    const float font = ImGui::GetFontSize();
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const ImVec2 size{std::max(plot.size.x, 8 * font), std::max(plot.size.y, 5 * font)};
    ImGui::PushID(plot.name.c_str());
    ImGui::InvisibleButton("plot", size);
    ImGui::PopID();
    const bool under_mouse = ImGui::IsItemHovered(), held = ImGui::IsItemActive();

    const std::vector<Tick> y_ticks = axis_ticks(plot.y, static_cast<int>(size.y / (2.4f * font)));
    const PlotFrame frame = frame_within(plot, min, {min.x + size.x, min.y + size.y}, y_ticks);
    layout.region("plot." + plot.name, {frame.min, frame.max});
    if (!ImGui::IsItemVisible()) return {};

    const ImVec2 mouse = ImGui::GetMousePos();
    const std::vector<Trace> traces = traces_of(frame, plot);
    PlotReply reply;
    if (under_mouse && !held) reply.hovered = nearest_line(traces, mouse);
    if (held) reply.asked_epoch = epoch_at(frame, plot, mouse.x);
    std::optional<std::size_t> lit = reply.hovered ? reply.hovered : plot.lit;
    if (lit && *lit >= plot.lines.size()) lit.reset();

    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (!plot.title.empty())
        small_text(list, {frame.min.x, min.y}, ImGui::GetColorU32(ImGuiCol_Text), plot.title);
    draw_axes(list, frame, y_ticks);
    list.PushClipRect({frame.min.x - font / 2, frame.min.y - font}, {frame.max.x + font / 2, frame.max.y + 2},
                      true);
    draw_background(list, frame, plot, lit);
    draw_lines(list, plot, traces, lit);
    draw_marks(list, frame, plot);
    if (reply.hovered) show_value(list, frame, plot, plot.lines[*reply.hovered], mouse.x);
    list.PopClipRect();
    return reply;
}

std::uint32_t axis_end(std::uint32_t last_epoch, std::uint32_t epochs_of_run) {
    return std::max({last_epoch, std::min(epochs_of_run, 10u), 1u});
}

}  // namespace shadenet
