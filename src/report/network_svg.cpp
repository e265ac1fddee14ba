#include "report/network_svg.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/utf8.h"
#include "report/colour.h"
#include "report/html.h"
#include "report/svg.h"

namespace shadenet {

namespace {

constexpr int drawing_width = 760, margin = 16;
constexpr int box_left = 96, box_width = 236, box_height = 46, row_height = 84;
constexpr int middle = box_left + box_width / 2;
constexpr int numbers_left = box_left + box_width + 22;
constexpr int number_height = 20, number_step = 24;
/// A little wider than the letters of common fonts are at this size.
constexpr double letter_width = 7.1;
constexpr int arc_reach = 26;  // of the first skip; later skips reach further
constexpr int legend_height = 64;
/// The side of a picture that is large enough for every kernel, where a network takes any size; the drawing
/// calls its sides H and W.
constexpr std::uint32_t probe_side = 64;

/// A tensor of a layer, as text with name and shape.
struct Numbers {
    std::string text;
    bool trained;
};

/// A box of the drawing.
struct Row {
    std::string name, kind;
    std::vector<Numbers> numbers;
    std::string remark;  ///< beside the numbers
};

std::string shape_text(const TensorSpec& spec) {
    if (spec.shape.size() == 1) return fmt::format("{}", spec.shape[0]);
    return fmt::format("{} = {}", fmt::join(spec.shape, " × "), spec.values());
}

/// "weight" for "conv1.weight"; γ, β and the like for a norm's tensors.
std::string number_name(const Layer& layer, const TensorSpec& spec) {
    const std::string name = spec.name.substr(layer_name(layer).size() + 1);
    if (!std::holds_alternative<BatchNorm>(layer)) return name;
    if (name == "weight") return "γ";
    if (name == "bias") return "β";
    return name == "running_mean" ? "moving mean" : "moving variance";
}

std::vector<Numbers> numbers_of(const Layer& layer) {
    std::vector<Numbers> numbers;
    for (const TensorSpec& spec : tensor_specs({.layers = {layer}})) {
        if (spec.held) continue;
        numbers.push_back({number_name(layer, spec) + " " + shape_text(spec), spec.trainable});
    }
    return numbers;
}

std::string norm_remark(const BatchNorm& norm) {
    if (norm.center && norm.scale) return "";
    return norm.center ? "without γ" : norm.scale ? "without β" : "without γ and β";
}

std::string kind_of(const Layer& layer, const Network& network) {
    if (const auto* conv = std::get_if<Conv>(&layer)) {
        return fmt::format("convolution {0} × {0}, {1} → {2}", conv->kernel, conv->in_channels,
                           conv->out_channels);
    }
    if (const auto* norm = std::get_if<BatchNorm>(&layer)) {
        return fmt::format("batch norm, decay {}, ε {}", norm->decay, norm->epsilon);
    }
    if (const auto* dense = std::get_if<Dense>(&layer)) {
        return fmt::format("dense, {} → {}", dense->in_features, dense->out_features);
    }
    if (const auto* dropout = std::get_if<Dropout>(&layer)) {
        return fmt::format("in training keeps a share of {}", dropout->keep);
    }
    if (const auto* skip = std::get_if<Skip>(&layer)) {
        const std::size_t from = skip->from_point;
        return from == 0 ? "adds the input" : "adds the output of " + layer_name(network.layers.at(from - 1));
    }
    return std::holds_alternative<Average>(layer) ? "mean over rows and columns" : "activation";
}

/// What the network's own input and result have; files have 0 to 1.
std::string range_text(const Network& network) {
    return fmt::format("values from {} to {}", network.range.low, network.range.high);
}

/// What lies around the pictures.
std::string continued_text(const Network& network) {
    if (!continues_pictures(network)) return "";
    return fmt::format("and {} more on each side: {}", counted(picture_margin(network), "pixel"),
                       network.padding == PicturePadding::edge ? "the outermost again" : "the mirror image");
}

/// The first layer whose result has one row and one column whatever the picture's size; the number of layers
/// where there is none.
std::size_t first_of_one_pixel(const Network& network) {
    const auto first = std::ranges::find_if(network.layers, [](const Layer& layer) {
        return std::holds_alternative<Dense>(layer) || std::holds_alternative<Average>(layer);
    });
    return static_cast<std::size_t>(first - network.layers.begin());
}

Shape drawn_input(const Network& network) {
    if (network.input.h > 0) return {1, network.input.c, network.input.h, network.input.w};
    return {1, network.input.c, probe_side, probe_side};
}

std::vector<Row> rows_of(const Network& network) {
    std::vector<Row> rows = {{"input", "pictures, " + range_text(network), {}, continued_text(network)}};
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        Row row{layer_name(layer), kind_of(layer, network), numbers_of(layer), ""};
        if (const auto* norm = std::get_if<BatchNorm>(&layer)) row.remark = norm_remark(*norm);
        if (const auto cancelling = cancelling_norm(network, i); cancelling && has_weights(layer)) {
            row.remark = fmt::format("{} takes the bias away again", layer_name(network.layers[*cancelling]));
        }
        rows.push_back(std::move(row));
    }
    const bool one_pixel = first_of_one_pixel(network) < network.layers.size();
    rows.push_back(
        {"result", one_pixel ? "values of the whole picture" : "clamped to 0 to 1 in files", {}, ""});
    return rows;
}

class NetworkDrawing {
  public:
    explicit NetworkDrawing(const Network& network)
        : network_(network),
          shapes_(point_shapes(network, drawn_input(network))),
          margins_(point_margins(network)),
          one_pixel_from_(first_of_one_pixel(network) + 1),
          rows_(rows_of(network)) {}

    int height() const { return bottom() + legend_height; }

    std::string text() {
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            box(row);
            numbers(row);
            if (row + 1 < rows_.size()) arrow(row);
        }
        int reach = arc_reach;
        for (std::size_t i = 0; i < network_.layers.size(); ++i) {
            const auto* skip = std::get_if<Skip>(&network_.layers[i]);
            if (skip == nullptr) continue;
            arc(skip->from_point, i + 1, reach);
            reach = std::min(reach + 14, box_left - 8);
        }
        legend();
        return text_;
    }

  private:
    int top(std::size_t row) const { return margin + static_cast<int>(row) * row_height; }
    int bottom() const { return top(rows_.size() - 1) + box_height + margin; }
    static std::string colour(bool trained) { return line_colour(trained ? 0 : 2, 4); }

    void box(std::size_t row);
    void numbers(std::size_t row);
    int number(const Numbers& numbers, int x, int y);
    void arrow(std::size_t row);
    std::string point_text(std::size_t point) const;
    void arc(std::size_t from_row, std::size_t to_row, int reach);
    void legend();

    const Network& network_;
    std::vector<Shape> shapes_;           ///< first, because a skip from a later layer is refused there
    std::vector<std::uint32_t> margins_;  ///< of the points
    std::size_t one_pixel_from_;          ///< the first point that has one row and one column
    std::vector<Row> rows_;
    std::string text_;
};

void NetworkDrawing::box(std::size_t row) {
    const int y = top(row);
    add(text_,
        "<rect class=\"box\" fill=\"#f5f6f8\" stroke=\"#888\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
        "rx=\"6\"/>",
        box_left, y, box_width, box_height);
    add(text_,
        "<text class=\"name\" fill=\"#222\" font-size=\"15\" font-weight=\"600\" text-anchor=\"middle\" "
        "x=\"{}\" y=\"{}\">{}</text>",
        middle, y + 20, escaped(rows_[row].name));
    add(text_, "<text class=\"label\" fill=\"#555\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
        middle, y + 37, escaped(rows_[row].kind));
}

/// Draws the trained numbers in a line, and the statistics in the next. A remark follows the trained numbers,
/// or takes the place of missing statistics.
void NetworkDrawing::numbers(std::size_t row) {
    const int first = top(row), second = first + number_step;
    int trained_end = numbers_left, kept_end = numbers_left;
    for (const Numbers& one : rows_[row].numbers) {
        int& end = one.trained ? trained_end : kept_end;
        end = number(one, end, one.trained ? first : second);
    }
    if (rows_[row].remark.empty()) return;
    const bool below = kept_end == numbers_left;
    add(text_, "<text class=\"label\" fill=\"#555\" x=\"{}\" y=\"{}\">{}</text>",
        below ? numbers_left + 2 : trained_end + 2, (below ? second : first) + 14,
        escaped(rows_[row].remark));
}

/// Draws one box of numbers. Returns where the next one begins.
int NetworkDrawing::number(const Numbers& numbers, int x, int y) {
    const std::size_t letters = letters_of(numbers.text);
    const int box_length = static_cast<int>(letter_width * static_cast<double>(letters)) + 14;
    add(text_,
        "<rect class=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"{} x=\"{}\" y=\"{}\" "
        "width=\"{}\" height=\"{}\" rx=\"10\"/>",
        numbers.trained ? "trained" : "kept", colour(numbers.trained),
        numbers.trained ? "" : " stroke-dasharray=\"4 3\"", x, y, box_length, number_height);
    add(text_, "<text class=\"label\" fill=\"#333\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
        x + box_length / 2, y + 14, escaped(numbers.text));
    return x + box_length + 8;
}

/// Draws the arrow to the next row, with the shape beside it. shapes_[0] is the input's, and the last row has
/// no layer.
void NetworkDrawing::arrow(std::size_t row) {
    const int from = top(row) + box_height, to = top(row + 1);
    add(text_, "<path class=\"frame\" stroke=\"#888\" fill=\"none\" d=\"M{0} {1}V{2}m-5 -7l5 7l5 -7\"/>",
        middle, from, to);
    add(text_, "<text class=\"label\" fill=\"#555\" x=\"{}\" y=\"{}\">{}</text>", middle + 12,
        (from + to) / 2 + 4, point_text(row));
}

/// "[N, 16, H, W]", or "[N, 16, H + 2, W + 2]" around continued pictures; with numbers where the sides do not
/// depend on the picture's.
std::string NetworkDrawing::point_text(std::size_t point) const {
    const Shape& shape = shapes_[point];
    const std::uint32_t more = 2 * margins_[point];
    if (more > 0) return fmt::format("[N, {0}, H + {1}, W + {1}]", shape.c, more);
    if (network_.input.h == 0 && point < one_pixel_from_) return fmt::format("[N, {}, H, W]", shape.c);
    return fmt::format("[N, {}, {}, {}]", shape.c, shape.h, shape.w);
}

/// Draws a skip, from the arrow below a row to the box of another.
void NetworkDrawing::arc(std::size_t from_row, std::size_t to_row, int reach) {
    const int from = top(from_row) + box_height + 8, to = top(to_row) + box_height / 2;
    const int left = box_left - reach, bend = 18;
    add(text_,
        "<path class=\"frame skip\" stroke=\"#888\" stroke-width=\"2\" fill=\"none\" d=\"M{0} {1}H{2}q-{3} 0 "
        "-{3} {3}V{4}q0 {3} {3} {3}H{5}m-7 -5l7 5l-7 5\"/>",
        middle, from, left + bend, bend, to - bend, box_left);
    add(text_,
        "<text class=\"label\" fill=\"#555\" text-anchor=\"middle\" transform=\"translate({} {}) "
        "rotate(-90)\">skip</text>",
        left - 8, (from + to) / 2);
}

void NetworkDrawing::legend() {
    std::size_t trained = 0, kept = 0;
    for (const TensorSpec& spec : tensor_specs(network_)) {
        if (!spec.held) (spec.trainable ? trained : kept) += spec.values();
    }
    const auto line = [&](bool of_trained, int y, const std::string& words) {
        add(text_, "<path stroke=\"{}\" stroke-width=\"2.5\"{} d=\"M{} {}h26\"/>", colour(of_trained),
            of_trained ? "" : " stroke-dasharray=\"4 3\"", box_left, y - 4);
        add(text_, "<text class=\"label\" fill=\"#555\" x=\"{}\" y=\"{}\">{}</text>", box_left + 34, y,
            words);
    };
    line(true, bottom() + 14, fmt::format("trained: {} numbers, moved by the optimizer", trained));
    if (kept == 0) return;
    line(false, bottom() + 38,
         fmt::format(
             "not trained: {} moving statistics, averages of what the batches had; inference uses them",
             kept));
}

}  // namespace

std::string inline_network(const Network& network) {
    NetworkDrawing drawing(network);
    return inline_svg("The network", drawing_width, drawing.height(),
                      fmt::format("{} font-size=\"12\"", svg_font), drawing.text());
}

std::string network_file(const Network& network) {
    NetworkDrawing drawing(network);
    return svg_file_start("The network", drawing_width, drawing.height()) + drawing.text() + "</svg>\n";
}

}  // namespace shadenet
