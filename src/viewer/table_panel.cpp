#include <cmath>

#include <fmt/format.h>

#include "report/axis.h"
#include "viewer/parameter_panels.h"
#include "viewer/plot_colours.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

struct Column {
    const char* heading;
    const char* hint;
    const std::vector<float>* values;
};

/// The number of visible rows in a table that has more.
constexpr std::size_t rows_seen = 16;

const std::vector<float>* values_of(const Parameters& parameters, const std::string& name) {
    const NamedTensor* tensor = find_tensor(parameters, name);
    return tensor ? &tensor->values : nullptr;
}

void draw_headings(const std::vector<Column>& columns) {
    // As wide as later numbers may be: an untrained network's numbers are short.
    const float widest = ImGui::CalcTextSize("-1.234e-5").x;
    const auto setup = [&](const char* heading) {
        const float weight = std::max(widest, ImGui::CalcTextSize(heading).x);
        ImGui::TableSetupColumn(heading, ImGuiTableColumnFlags_WidthStretch, weight);
    };
    setup("channel");
    for (const Column& column : columns) setup(column.heading);
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
    ImGui::TableNextColumn();
    ImGui::TableHeader("channel");
    for (const Column& column : columns) {
        ImGui::TableNextColumn();
        ImGui::TableHeader(column.heading);
        tooltip(column.hint);
    }
}

void draw_table_row(const std::vector<Column>& columns, std::size_t row, std::size_t rows, Channel channel,
                    Selection& selection) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float font = ImGui::GetFontSize();
    ImGui::Selectable(fmt::format("     {}##{}", row, row).c_str(), selection.lit == channel,
                      ImGuiSelectableFlags_SpanAllColumns);
    if (ImGui::IsItemHovered()) selection.hovered = channel;
    ImGui::GetWindowDrawList()->AddRectFilled(
        {at.x, at.y + 0.15f * font}, {at.x + 0.7f * font, at.y + 0.85f * font}, channel_colour(row, rows), 2);
    for (const Column& column : columns) {
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(short_number((*column.values)[row]).c_str());
    }
}

void draw_rows(const PanelFrame& frame, const std::string& name, const std::vector<Column>& columns,
               std::size_t layer) {
    std::size_t rows = columns.front().values->size();
    for (const Column& column : columns) rows = std::min(rows, column.values->size());
    const float line = ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().CellPadding.y;
    const float height = line * static_cast<float>(std::min(rows, rows_seen) + 1) + 3;
    const ImGuiTableFlags flags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg |
                                  ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_BordersInnerV;
    const std::string id = "table." + name;
    if (!ImGui::BeginTable(id.c_str(), static_cast<int>(columns.size() + 1), flags, {0, height})) return;
    draw_headings(columns);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows));
    while (clipper.Step()) {
        for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
            const auto channel = static_cast<std::size_t>(row);
            draw_table_row(columns, channel, rows, {layer, channel}, frame.selection);
        }
    }
    ImGui::EndTable();
    frame.layout.last_item(id);
    frame.layout.value(id + ".rows", rows);
}

void draw_norm(const PanelFrame& frame, const Parameters& parameters, std::size_t layer,
               const BatchNorm& norm) {
    const std::string& name = norm.name;
    const auto* gamma = values_of(parameters, name + ".weight");
    const auto* beta = values_of(parameters, name + ".bias");
    const auto* mean = values_of(parameters, name + ".running_mean");
    const auto* variance = values_of(parameters, name + ".running_var");
    if (!gamma || !beta || !mean || !variance) return;
    std::vector<float> deviation;
    for (const float value : *variance) deviation.push_back(std::sqrt(value + norm.epsilon));
    ImGui::TextUnformatted(name.c_str());
    draw_rows(
        frame, name,
        {{"\u03b3", "what the normalised value is multiplied by; learned", gamma},
         {"\u03b2", "what is added to it; learned", beta},
         {"moving mean", "subtracted when the network filters a picture", mean},
         {"moving variance", "its root divides when the network filters a picture", variance},
         {"\u221a(variance + \u03b5)", "what the network divides by when it filters a picture", &deviation}},
        layer);
}

void draw_biases(const PanelFrame& frame, const Parameters& parameters) {
    ImGui::TextWrapped("This network has no batch norm: these are the biases of its layers.");
    std::size_t number = 0;
    for (const Layer& layer : frame.story.network.layers) {
        if (!has_weights(layer)) continue;
        const std::string name = layer_name(layer);
        if (const auto* bias = values_of(parameters, name + ".bias")) {
            ImGui::TextUnformatted(name.c_str());
            draw_rows(frame, name, {{"bias", "added to the channel; learned", bias}}, number);
        }
        ++number;
    }
}

}  // namespace

void draw_table_panel(const PanelFrame& frame) {
    const Parameters* parameters = frame.story.parameters_after(frame.shown_epoch);
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    if (!parameters) {
        ImGui::TextWrapped("The parameters after epoch %u were not kept.", frame.shown_epoch);
    } else if (!has_norm(frame.story.network)) {
        draw_biases(frame, *parameters);
    } else {
        const std::vector<BatchNorm> norms = norms_of(frame.story.network);
        for (std::size_t layer = 0; layer < norms.size(); ++layer) {
            draw_norm(frame, *parameters, layer, norms[layer]);
        }
    }
    frame.layout.region("table", {min, {min.x + width, ImGui::GetCursorScreenPos().y}});
}

}  // namespace shadenet
