#include <cmath>

#include <fmt/format.h>

#include "report/axis.h"
#include "report/weight_pictures.h"
#include "viewer/parameter_panels.h"
#include "viewer/plot_colours.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

/// At most so many pictures of a layer are drawn: a network may have a thousand channels.
constexpr std::uint32_t most_pictures = 64;
constexpr const char* primaries[] = {"red", "green", "blue"};

/// The weight [out, in, k, k] of a convolution.
struct Weight {
    const std::string& name;  ///< of the convolution
    std::size_t lit_layer;    ///< in Channel, of the hidden channels that the pictures stand for
    const NamedTensor& tensor;
    float largest;  ///< the largest absolute value; 1 if all are zero

    std::uint32_t out() const { return tensor.shape[0]; }
    std::uint32_t in() const { return tensor.shape[1]; }
    std::uint32_t kernel() const { return tensor.shape[2]; }
    float at(std::uint32_t o, std::uint32_t i, std::uint32_t y, std::uint32_t x) const {
        return tensor.values[((std::size_t{o} * in() + i) * kernel() + y) * kernel() + x];
    }
    /// 0 to 255, zero in the middle.
    ImU32 level(float value) const {
        if (!std::isfinite(value)) return 0;
        return static_cast<ImU32>(std::clamp(std::round(127.5f + 127.5f * value / largest), 0.0f, 255.0f));
    }
};

float largest_of(const std::vector<float>& values) {
    float largest = 0;
    for (const float value : values) {
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
    return largest > 0 ? largest : 1;
}

/// One small picture: a filter's three planes as red, green and blue, or a single plane in grey.
struct Picture {
    std::uint32_t out, first_plane, planes;
    ImU32 pixel(const Weight& weight, std::uint32_t y, std::uint32_t x) const {
        const auto level = [&](std::uint32_t plane) {
            return weight.level(weight.at(out, first_plane + (planes == 3 ? plane : 0), y, x));
        };
        return IM_COL32(level(0), level(1), level(2), 255);
    }
};

void draw_picture(const Weight& weight, const Picture& picture, ImVec2 min, float pixel) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (std::uint32_t y = 0; y < weight.kernel(); ++y) {
        for (std::uint32_t x = 0; x < weight.kernel(); ++x) {
            const ImVec2 at{min.x + static_cast<float>(x) * pixel, min.y + static_cast<float>(y) * pixel};
            list.AddRectFilled(at, {at.x + pixel, at.y + pixel}, picture.pixel(weight, y, x));
        }
    }
}

void show_numbers(const Weight& weight, const Picture& picture, const std::string& title) {
    ImGui::BeginTooltip();
    ImGui::TextUnformatted(title.c_str());
    for (std::uint32_t plane = 0; plane < picture.planes; ++plane) {
        if (picture.planes == 3) ImGui::TextDisabled("%s", primaries[plane]);
        for (std::uint32_t y = 0; y < weight.kernel(); ++y) {
            for (std::uint32_t x = 0; x < weight.kernel(); ++x) {
                if (x > 0) ImGui::SameLine(static_cast<float>(x) * ImGui::GetFontSize() * 5);
                const float value = weight.at(picture.out, picture.first_plane + plane, y, x);
                ImGui::TextUnformatted(fmt::format("{:+.4f}", value).c_str());
            }
        }
    }
    ImGui::EndTooltip();
}

/// A picture as an item of the window. It sets the selection when it is under the mouse, and is outlined in
/// its channel's colour when it is lit.
void place_picture(const Weight& weight, const Picture& picture, float pixel, Channel channel,
                   std::size_t channels, const std::string& title, Selection& selection) {
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const float side = pixel * static_cast<float>(weight.kernel());
    ImGui::InvisibleButton(title.c_str(), {side, side});
    draw_picture(weight, picture, min, pixel);
    if (ImGui::IsItemHovered()) {
        selection.hovered = channel;
        show_numbers(weight, picture, title);
    }
    if (selection.lit != channel) return;
    ImGui::GetWindowDrawList()->AddRect({min.x - 2, min.y - 2}, {min.x + side + 2, min.y + side + 2},
                                        channel_colour(channel.channel, channels), 0, 0, 2);
}

float pixel_size(std::uint32_t kernel, float side_in_fonts) {
    const float side = side_in_fonts * ImGui::GetFontSize();
    return std::max(1.0f, std::round(side / static_cast<float>(std::max(kernel, 1u))));
}

void draw_heading(const Weight& weight, const char* what, std::uint32_t shown, std::uint32_t all) {
    const std::string largest = short_number(weight.largest, 3);
    ImGui::Text("%s: %s", weight.name.c_str(), what);
    ImGui::SameLine();
    ImGui::TextDisabled("black \u2212%s, grey 0, white +%s%s", largest.c_str(), largest.c_str(),
                        shown < all ? fmt::format("; {} of {}", shown, all).c_str() : "");
}

void draw_first(const Weight& weight, Selection& selection) {
    const std::uint32_t shown = std::min(weight.out(), most_pictures);
    draw_heading(weight, "what each filter looks for", shown, weight.out());
    const float pixel = pixel_size(weight.kernel(), 2.6f);
    const bool coloured = weight.in() == 3;
    for (std::uint32_t o = 0; o < shown; ++o) {
        if (o > 0) same_line_if_fits(pixel * static_cast<float>(weight.kernel()));
        place_picture(weight, {o, 0, coloured ? 3u : 1u}, pixel, {weight.lit_layer, o}, weight.out(),
                      fmt::format("{}, filter {}", weight.name, o), selection);
    }
}

void draw_last(const Weight& weight, Selection& selection) {
    const std::uint32_t shown = std::min(weight.in(), most_pictures);
    draw_heading(weight, "how they make red, green and blue", shown, weight.in());
    const float pixel = pixel_size(weight.kernel(), 1.6f);
    for (std::uint32_t o = 0; o < std::min(weight.out(), 3u); ++o) {
        ImGui::TextDisabled("%s", primaries[o]);
        for (std::uint32_t i = 0; i < shown; ++i) {
            if (i > 0) same_line_if_fits(pixel * static_cast<float>(weight.kernel()));
            place_picture(weight, {o, i, 1}, pixel, {weight.lit_layer, i}, weight.in(),
                          fmt::format("{}, channel {} to {}", weight.name, i, primaries[o]), selection);
        }
    }
}

/// What Channel counts: the norms up to the one that takes the channels of convolution `index`, or in a
/// network without norms the convolutions. A number above all where no norm takes them.
std::size_t lit_layer_of(const Network& network, std::size_t index) {
    if (!has_norm(network)) return index;
    std::size_t convs = 0, norms = 0;
    for (const Layer& layer : network.layers) {
        if (std::holds_alternative<Conv>(layer) && convs++ > index) break;
        if (!std::holds_alternative<BatchNorm>(layer)) continue;
        if (convs == index + 1) return norms;
        ++norms;
    }
    return network.layers.size();
}

void draw_layer(const PanelFrame& frame, const Parameters& parameters, const std::string& name,
                std::size_t lit_layer, void (*draw)(const Weight&, Selection&)) {
    const NamedTensor* tensor = find_tensor(parameters, name + ".weight");
    if (!tensor || tensor->shape.size() != 4 || tensor->shape[2] != tensor->shape[3]) return;
    if (tensor->values.empty()) return;
    const Weight weight{name, lit_layer, *tensor, largest_of(tensor->values)};
    const ImVec2 min = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    draw(weight, frame.selection);
    frame.layout.region("filters." + name, {min, {min.x + width, ImGui::GetCursorScreenPos().y}});
    frame.layout.value("filters." + name + ".largest", weight.largest);
}

/// Pixels that are alike beside each other are one rectangle.
void draw_unit(const Picture8& picture, ImVec2 min, float pixel) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto colour = [&](std::size_t at) {
        const std::uint8_t* const rgb = &picture.rgb[3 * at];
        return IM_COL32(rgb[0], rgb[1], rgb[2], 255);
    };
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        const std::size_t row = std::size_t{y} * picture.width;
        const float top = min.y + static_cast<float>(y) * pixel;
        for (std::uint32_t x = 0, end = 0; x < picture.width; x = end) {
            for (end = x + 1; end < picture.width && colour(row + end) == colour(row + x);) ++end;
            list.AddRectFilled({min.x + static_cast<float>(x) * pixel, top},
                               {min.x + static_cast<float>(end) * pixel, top + pixel}, colour(row + x));
        }
    }
}

/// Of a first layer that sees the whole picture.
void draw_units(const PanelFrame& frame, const FirstLayer& layer) {
    frame.layout.value("filters.units", layer.pictures.size());
    if (layer.pictures.empty()) {
        ImGui::TextWrapped("This network has no first layer whose weights are a picture.");
        return;
    }
    ImGui::Text("%s: what each unit looks for", layer.name.c_str());
    ImGui::SameLine();
    ImGui::TextDisabled("grey 0, each on its own scale%s",
                        layer.pictures.size() < layer.units
                            ? fmt::format("; {} of {}", layer.pictures.size(), layer.units).c_str()
                            : "");
    for (std::size_t unit = 0; unit < layer.pictures.size(); ++unit) {
        const auto& [picture, largest] = layer.pictures[unit];
        const float pixel = pixel_size(std::max(picture.width, picture.height), 5);
        const float width = pixel * static_cast<float>(picture.width);
        if (unit > 0) same_line_if_fits(width);
        const ImVec2 min = ImGui::GetCursorScreenPos();
        const std::string name = fmt::format("unit {}", unit);
        ImGui::InvisibleButton(name.c_str(), {width, pixel * static_cast<float>(picture.height)});
        if (!ImGui::IsItemVisible()) continue;
        draw_unit(picture, min, pixel);
        frame.layout.last_item(fmt::format("filters.unit.{}", unit));
        tooltip(fmt::format("{}: weights up to {}", name, short_number(largest, 3)));
    }
}

}  // namespace

void draw_filters_panel(const PanelFrame& frame) {
    const Parameters* parameters = frame.story.parameters_after(frame.shown_epoch);
    if (!parameters) {
        ImGui::TextWrapped("The parameters after epoch %u were not kept.", frame.shown_epoch);
        return;
    }
    const Network& network = frame.story.network;
    const std::vector<Conv> convs = convs_of(network);
    if (convs.empty()) return draw_units(frame, first_layer_pictures(network, *parameters));
    draw_layer(frame, *parameters, convs.front().name, lit_layer_of(network, 0), draw_first);
    if (convs.size() == 1 || frame.story.classes) return;  // whose last layer makes no colours
    draw_layer(frame, *parameters, convs.back().name, lit_layer_of(network, convs.size() - 2), draw_last);
}

}  // namespace shadenet
