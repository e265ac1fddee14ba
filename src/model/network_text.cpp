#include "model/network_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "model/network_line.h"
#include "model/network_point.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr std::size_t most_names_shown = 8;

/// For messages.
std::string layer_words() {
    return fmt::format("conv, dense, norm, {}, dropout, average or add",
                       fmt::join(activation_words.words, ", "));
}

/// What the layer list counts its names by, and how a line begins that makes the layer.
struct Kind {
    std::string name, word;
};

Kind kind_of(const Layer& layer) {
    if (std::holds_alternative<Conv>(layer)) return {"conv", "conv"};
    if (std::holds_alternative<BatchNorm>(layer)) return {"bn", "norm"};
    if (std::holds_alternative<Skip>(layer)) return {"add", "add"};
    if (std::holds_alternative<Dense>(layer)) return {"fc", "dense"};
    if (std::holds_alternative<Dropout>(layer)) return {"dropout", "dropout"};
    if (std::holds_alternative<Average>(layer)) return {"average", "average"};
    const std::string word = to_string(std::get<Activation>(layer).kind);
    return {word, word};
}

class NetworkReader {
  public:
    explicit NetworkReader(const std::string& source) : source_(source) {}

    Network read(const std::string& text) {
        if (text.size() > most_network_text) {
            throw InputError(
                fmt::format("{}: is larger than a network's text may be, {} bytes; leave out "
                            "comments or layers",
                            source_, most_network_text));
        }
        for (NetworkLine& line : network_lines(text, source_)) {
            line_ = std::move(line);
            points_.empty() ? input() : layer();
        }
        if (points_.size() < 2) {
            throw InputError(
                fmt::format("{}: has no {}; a network is a text such as \"input 3, conv 16 3x3, "
                            "norm, relu, conv 3 3x3, add input\"",
                            source_, points_.empty() ? "input" : "layer"));
        }
        return std::move(network_);
    }

  private:
    template <typename... Values>
    [[noreturn]] void fail(fmt::format_string<Values...> what, Values&&... values) const {
        line_.fail(what, std::forward<Values>(values)...);
    }

    NetworkLine::Option padding(PicturePadding padding) {
        const std::string_view option_word = picture_padding_words[padding];
        return {
            option_word, std::string(option_word), "padding", [this, padding, option_word] {
                network_.padding = padding;
                if (padding == PicturePadding::zero || network_.input.h == 0) return;
                fail("{} is for pictures of any size; give the input without rows and columns, or use zero",
                     option_word);
            }};
    }

    void input() {
        if (line_.front() != "input") {
            fail("{} stands first; begin with the input and its channels, as in \"input 3\"",
                 in_quotes(line_.front()));
        }
        const std::string_view size = line_.word("channels, or channels x rows x columns, as in \"input 3\"");
        const std::vector<std::string_view> sizes = split_text(size, "x");
        if (sizes.size() != 1 && sizes.size() != 3) {
            fail("the input is {}; use channels, or channels x rows x columns, as in 3 or 1x28x28",
                 in_quotes(size));
        }
        Shape& shape = network_.input;
        shape = any_size(line_.whole(sizes[0], "the number of channels", most_channels));
        if (sizes.size() == 3) {
            shape.h = line_.whole(sizes[1], "the number of rows", most_input_side);
            shape.w = line_.whole(sizes[2], "the number of columns", most_input_side);
        }
        line_.options({{"scale", "scale S", "range", [this] { scale(); }},
                       {"range", "range LOW..HIGH", "range", [this] { range(); }},
                       padding(PicturePadding::zero),
                       padding(PicturePadding::edge),
                       padding(PicturePadding::reflect)});
        points_.push_back({"input", shape, {}});
    }

    void scale() {
        network_.range = {
            0, line_.real(line_.word("a number after scale"), "the scale", "a number above 0, up to 65536",
                          [](float value) { return value > 0 && value <= 65536; })};
    }

    void range() {
        const std::string text(line_.word("LOW..HIGH after range"));
        try {
            network_.range = pixel_range(text);
        } catch (const InputError& error) {
            fail("the {}", error.what());
        }
    }

    void layer() {
        const std::string_view kind = line_.front();
        if (continues_pictures(network_) && (kind == "dense" || kind == "average")) {
            fail(
                "{} makes one value of a whole picture, and {} in the first line is for pictures that are "
                "filtered; use zero there",
                kind, picture_padding_words[network_.padding]);
        }
        if (network_.layers.size() == most_layers) fail("is one layer too many; use at most {}", most_layers);
        if (kind == "conv") return conv();
        if (kind == "dense") return dense();
        if (kind == "norm") return norm();
        if (kind == "add") return add();
        if (kind == "dropout") return dropout();
        if (kind == "average") {
            line_.options({});
            return append(Average{});
        }
        if (const auto activation = activation_kind(kind)) {
            line_.options({});
            return append(Activation{*activation});
        }
        if (kind == "input") fail("the input stands twice; give it in the first line alone");
        fail("{} is no layer; use {}", in_quotes(kind), layer_words());
    }

    void conv() {
        Conv conv{"", points_.back().shape.c, 0, 0};
        conv.out_channels = line_.whole(line_.word("channels and a kernel, as in \"conv 16 3x3\""),
                                        "the number of channels", most_channels);
        conv.kernel = kernel(line_.word("a kernel after its channels, as in \"conv 16 3x3\""));
        line_.options({{"stride", "stride S", "stride",
                        [&] {
                            conv.stride =
                                line_.whole(line_.word("a number after stride"), "the stride", most_stride);
                        }},
                       {"valid", "valid", "padding", [&] { conv.padding = Padding::valid; }}});
        if (conv.kernel % 2 == 0 && continues_pictures(network_)) {
            fail("the kernel {0}x{0} is even, and does not keep a picture's size; use an odd one",
                 conv.kernel);
        }
        if (conv.kernel % 2 == 0 && conv.padding == Padding::same) {
            fail(
                "the kernel {0}x{0} is even, and cannot be padded alike on both sides; use an odd one, or "
                "valid after it",
                conv.kernel);
        }
        if (continues_pictures(network_) && (conv.stride != 1 || conv.padding == Padding::valid)) {
            fail(
                "stride and valid are not for pictures that are continued beyond their edges ({}); leave "
                "them out, or use zero in the first line",
                picture_padding_words[network_.padding]);
        }
        append(conv);
    }

    std::uint32_t kernel(std::string_view text) const {
        const std::vector<std::string_view> sides = split_text(text, "x");
        if (sides.size() != 2 || sides[0] != sides[1]) {
            fail("the kernel is {}; use a square one, as in 3x3", in_quotes(text));
        }
        return line_.whole(sides[0], "the kernel's side", most_kernel);
    }

    void dense() {
        Dense dense{"", 0,
                    line_.whole(line_.word("a number of values, as in \"dense 100\""), "the number of values",
                                most_channels)};
        line_.options({});
        const NetworkPoint& here = points_.back();
        if (!here.has_size()) {
            fail(
                "dense takes pictures of one size alone; give the input rows and columns, as in "
                "\"input 1x28x28\", or put average before it");
        }
        const std::uint64_t features = std::uint64_t{here.shape.c} * here.shape.plane();
        if (features > most_dense_inputs) {
            fail(
                "dense is given {} values, {} channels of {}x{}; make them {} at most, by strides or average",
                features, here.shape.c, here.shape.h, here.shape.w, most_dense_inputs);
        }
        dense.in_features = static_cast<std::uint32_t>(features);
        append(dense);
    }

    void dropout() {
        Dropout dropout{line_.real(line_.word("the share of values that it keeps, as in \"dropout 0.6\""),
                                   "the share of values to keep",
                                   "a number above 0 (1e-06 at least), up to 1",
                                   [](float value) { return value >= least_keep && value <= 1; })};
        line_.options({});
        append(dropout);
    }

    void norm() {
        BatchNorm norm{"", points_.back().shape.c};
        line_.options({{"no-center", "no-center", "center", [&] { norm.center = false; }},
                       {"no-scale", "no-scale", "scale", [&] { norm.scale = false; }},
                       {"decay", "decay D", "decay",
                        [&] {
                            norm.decay = line_.real(line_.word("a number after decay"), "the decay",
                                                    "a number from 0 to below 1",
                                                    [](float value) { return value >= 0 && value < 1; });
                        }},
                       {"epsilon", "epsilon E", "epsilon", [&] {
                            norm.epsilon = line_.real(
                                line_.word("a number after epsilon"), "the epsilon", "a number above 0",
                                [](float value) { return value > 0 && std::isfinite(value); });
                        }}});
        append(norm);
    }

    void add() {
        const std::string_view name = line_.word("input or an earlier layer's name, as in \"add input\"");
        line_.options({});
        const auto from = std::find_if(points_.begin(), points_.end(),
                                       [&](const NetworkPoint& point) { return point.name == name; });
        if (from == points_.end()) refuse_name(name);
        const NetworkPoint& here = points_.back();
        if (from->shape.c != here.shape.c) {
            fail("{} has {} channels, and {} has {}; add a tensor of the same channels", name, from->shape.c,
                 here.name, here.shape.c);
        }
        const bool sizes_known = from->has_size() && here.has_size();
        if (sizes_known ? from->shape != here.shape : from->extent != here.extent) {
            fail(
                "{} has other rows and columns than {}, by a stride, valid, average or dense between them; "
                "add a tensor of the same size",
                name, here.name);
        }
        append(Skip{static_cast<std::size_t>(from - points_.begin())});
    }

    [[noreturn]] void refuse_name(std::string_view name) const {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < std::min(points_.size(), most_names_shown); ++i) {
            names.push_back(points_[i].name);
        }
        if (points_.size() > most_names_shown) names.push_back("...");
        fail("{} is no tensor before this line; use one of {}", in_quotes(name), fmt::join(names, ", "));
    }

    /// With its name, unless it does not fit.
    void append(Layer layer) {
        const std::string kind = kind_of(layer).name;
        NetworkPoint point{fmt::format("{}{}", kind, ++counts_[kind]), points_.back().shape,
                           points_.back().extent};
        if (auto* norm = std::get_if<BatchNorm>(&layer)) norm->name = point.name;
        if (auto* conv = std::get_if<Conv>(&layer)) {
            conv->name = point.name;
            point.extent = point.extent.after(*conv);
            if (point.extent.reduction > static_cast<std::int64_t>(most_reduction)) {
                fail("all strides together make the picture smaller by {}; use at most {}",
                     point.extent.reduction, most_reduction);
            }
            point.shape = shape_after(*conv);
        }
        if (auto* dense = std::get_if<Dense>(&layer)) {
            dense->name = point.name;
            point.shape = output_shape(*dense, point.shape);
            point.extent = PointExtent::one();
        }
        if (std::holds_alternative<Average>(layer)) {
            point.shape = output_shape(layer, point.shape);
            point.extent = PointExtent::one();
        }
        for (const TensorSpec& spec : tensor_specs({.layers = {layer}})) values_ += spec.values();
        if (values_ > most_network_values) {
            fail("the network has {} parameters up to here; use at most {}", values_, most_network_values);
        }
        points_.push_back(std::move(point));
        network_.layers.push_back(std::move(layer));
    }

    Shape shape_after(const Conv& conv) const {
        const Shape& x = points_.back().shape;
        if (!points_.back().has_size()) return any_size(conv.out_channels);
        try {
            return output_shape(conv, x);
        } catch (const InputError& error) {
            fail("{}", error.what());
        }
    }

    const std::string& source_;
    Network network_;
    std::vector<NetworkPoint> points_;  ///< of the layers so far; empty before the input
    std::map<std::string, std::size_t> counts_;
    std::uint64_t values_ = 0;
    NetworkLine line_;  ///< in hand
};

}  // namespace

Network parse_network(const std::string& text, const std::string& source) {
    return NetworkReader(source).read(text);
}

std::vector<std::string> point_names(const Network& network) {
    std::vector<std::string> names = {"input"};
    std::map<std::string, std::size_t> counts;
    for (const Layer& layer : network.layers) {
        const std::string kind = kind_of(layer).name;
        names.push_back(fmt::format("{}{}", kind, ++counts[kind]));
    }
    return names;
}

std::string to_text(const Network& network) {
    const Shape& input = network.input;
    const PixelRange& range = network.range;
    std::string text = fmt::format("input {}", input.c);
    if (input.h > 0) text += fmt::format("x{}x{}", input.h, input.w);
    text +=
        range.low == 0 ? fmt::format(" scale {}", range.high) : fmt::format(" range {}", to_string(range));
    if (continues_pictures(network)) text += fmt::format(" {}", picture_padding_words[network.padding]);
    const std::vector<std::string> names = point_names(network);
    for (const Layer& layer : network.layers) {
        text += "\n" + kind_of(layer).word;
        if (const auto* conv = std::get_if<Conv>(&layer)) {
            text += fmt::format(" {0} {1}x{1} stride {2}{3}", conv->out_channels, conv->kernel, conv->stride,
                                conv->padding == Padding::valid ? " valid" : "");
        } else if (const auto* norm = std::get_if<BatchNorm>(&layer)) {
            text += fmt::format(" decay {} epsilon {}{}{}", norm->decay, norm->epsilon,
                                norm->center ? "" : " no-center", norm->scale ? "" : " no-scale");
        } else if (const auto* skip = std::get_if<Skip>(&layer)) {
            text += " " + names.at(skip->from_point);
        } else if (const auto* dense = std::get_if<Dense>(&layer)) {
            text += fmt::format(" {}", dense->out_features);
        } else if (const auto* dropout = std::get_if<Dropout>(&layer)) {
            text += fmt::format(" {}", dropout->keep);
        }
    }
    return text;
}

}  // namespace shadenet
