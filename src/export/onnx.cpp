#include "export/onnx.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "export/folded_norms.h"
#include "export/onnx_graph.h"
#include "model/network_metadata.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

/// The result of a layer, or the input: how its tensor is called, and whether that has two extents, image and
/// channel, as behind a dense layer. Others have four.
struct OnnxPoint {
    std::string name;
    bool flat = false;
};

constexpr const char* activation_operators[] = {"Relu", "LeakyRelu", "Tanh", "Sigmoid", "Elu"};

/// Writes the layers of a network one after the other.
class OnnxLayers {
  public:
    OnnxLayers(OnnxGraph& graph, const Network& network, const Parameters& parameters)
        : graph_(graph),
          network_(network),
          parameters_(parameters),
          margins_(point_margins(network)),
          names_(point_names(network)) {}

    /// From the tensor of that name to the result of the last layer.
    OnnxPoint write(const std::string& input) {
        points_ = {{begin(input)}};
        for (const Layer& layer : network_.layers) {
            std::visit([&](const auto& one) { points_.push_back(write(one, names_[points_.size()])); },
                       layer);
        }
        return points_.back();
    }

  private:
    /// A picture in the network's own range, and continued as far as it looks.
    std::string begin(const std::string& input) {
        std::string from = input;
        if (!network_.range.is_unit()) {
            const std::string span = graph_.constant("range.span", static_cast<float>(network_.range.span()));
            const std::string low = graph_.constant("range.low", network_.range.low);
            graph_.add("Mul", {from, span}, "input_spread");
            graph_.add("Add", {"input_spread", low}, "input_in_range");
            from = "input_in_range";
        }
        if (margins_.front() > 0) {
            const std::int64_t margin = margins_.front();
            const std::string pads = graph_.constant(
                "margins", std::vector<std::int64_t>{0, 0, margin, margin, 0, 0, margin, margin});
            graph_.add("Pad", {from, pads}, "input_continued")
                .with("mode",
                      network_.padding == PicturePadding::edge ? std::string_view("edge") : "reflect");
            from = "input_continued";
        }
        return from;
    }

    std::string tensor(const std::string& name) {
        const NamedTensor& found = parameters_.at(name);
        return graph_.constant(name, found.shape, found.values);
    }

    std::string flat(const OnnxPoint& point, const std::string& layer) {
        if (point.flat) return point.name;
        const std::string name = layer + "_values";
        graph_.add("Flatten", {point.name}, name).with("axis", std::int64_t{1});
        return name;
    }

    OnnxPoint write(const Conv& conv, const std::string& name) {
        std::string from = points_.back().name;
        if (points_.back().flat) {
            const std::vector<std::int64_t> shape = {0, conv.in_channels, 1,
                                                     1};  // 0: as many images as there are
            graph_.add("Reshape", {from, graph_.constant(name + ".shape", shape)}, name + "_picture");
            from = name + "_picture";
        }
        const bool pads = conv.padding == Padding::same && !continues_pictures(network_);
        const std::int64_t pad = pads ? conv.kernel / 2 : 0, side = conv.kernel, stride = conv.stride;
        graph_.add("Conv", {from, tensor(conv.name + ".weight"), tensor(conv.name + ".bias")}, name)
            .with("kernel_shape", std::vector{side, side})
            .with("pads", std::vector{pad, pad, pad, pad})
            .with("strides", std::vector{stride, stride});
        return {name};
    }

    OnnxPoint write(const Dense& dense, const std::string& name) {
        const std::string from = flat(points_.back(), name);
        graph_.add("Gemm", {from, tensor(dense.name + ".weight"), tensor(dense.name + ".bias")}, name)
            .with("transB", std::int64_t{1});
        return {name, true};
    }

    OnnxPoint write(const BatchNorm& norm, const std::string& name) {
        std::vector<std::string> inputs = {points_.back().name};
        for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
            inputs.push_back(tensor(norm.name + part));
        }
        graph_.add("BatchNormalization", std::move(inputs), name)
            .with("epsilon", norm.epsilon)
            .with("momentum", norm.decay);
        return {name, points_.back().flat};
    }

    OnnxPoint write(const Activation& activation, const std::string& name) {
        OnnxNode node = graph_.add(activation_operators[static_cast<std::size_t>(activation.kind)],
                                   {points_.back().name}, name);
        if (activation.kind == ActivationKind::leaky_relu) node.with("alpha", leaky_slope);
        if (activation.kind == ActivationKind::elu) node.with("alpha", 1.0f);
        return {name, points_.back().flat};
    }

    OnnxPoint write(const Dropout&, const std::string&) { return points_.back(); }

    OnnxPoint write(const Average&, const std::string& name) {
        if (points_.back().flat) return points_.back();  // of one row and column
        graph_.add("GlobalAveragePool", {points_.back().name}, name);
        return {name};
    }

    OnnxPoint write(const Skip& skip, const std::string& name) {
        const OnnxPoint here = points_.back(), earlier = points_.at(skip.from_point);
        std::string other = earlier.name;
        if (const std::int64_t ring = margins_.at(skip.from_point) - margins_[points_.size() - 1]; ring > 0) {
            const auto numbers = [&](const char* what, std::int64_t value) {
                return graph_.constant(name + what, std::vector<std::int64_t>{value, value});
            };
            const std::string axes = graph_.constant(name + ".axes", std::vector<std::int64_t>{2, 3});
            graph_.add("Slice", {other, numbers(".first", ring), numbers(".end", -ring), axes},
                       name + "_inner");
            other = name + "_inner";
        }
        if (here.flat == earlier.flat) {
            graph_.add("Add", {here.name, other}, name);
            return {name, here.flat};
        }
        graph_.add("Add", {flat(here, name), flat({other, earlier.flat}, name)}, name);
        return {name, true};
    }

    OnnxGraph& graph_;
    const Network& network_;
    const Parameters& parameters_;
    std::vector<std::uint32_t> margins_;
    std::vector<std::string> names_;
    std::vector<OnnxPoint> points_;
};

/// Images, rows and columns of the input; its channels are the network's.
struct InputExtents {
    OnnxExtent batch, height, width;
};

InputExtents input_extents(const Network& network, const OnnxOptions& options, const std::string& source) {
    const Shape& input = network.input;
    if (!options.size) {
        const OnnxExtent batch{0, "batch"};
        if (input.h > 0) return {batch, {input.h}, {input.w}};
        return {batch, {0, "height"}, {0, "width"}};
    }
    const auto [height, width] = *options.size;
    if (input.h > 0 && (input.h != height || input.w != width)) {
        throw InputError(
            fmt::format("{}: its network takes pictures of {}x{} (rows x columns) alone, and not of {}x{}; "
                        "leave --static out, or give that",
                        source, input.h, input.w, height, width));
    }
    const std::uint32_t margin = picture_margin(network);
    if (network.padding == PicturePadding::reflect && std::min(height, width) <= margin) {
        throw InputError(
            fmt::format("{}: its network mirrors {} pixels at every edge, and ONNX mirrors no picture of "
                        "{}x{} so far; give --static {} or more a side",
                        source, margin, height, width, margin + 1));
    }
    return {{1}, {height}, {width}};
}

/// What the network makes of pictures of that size.
std::vector<OnnxExtent> output_extents(const Network& network, const InputExtents& input, bool flat) {
    constexpr std::uint32_t any_side = 4096;  // larger than any network's reach
    const bool any = !input.height.name.empty();
    const Shape picture{1, network.input.c, any ? any_side : static_cast<std::uint32_t>(input.height.value),
                        any ? any_side : static_cast<std::uint32_t>(input.width.value)};
    const Shape made = point_shapes(network, picture).back();
    if (flat) return {input.batch, {made.c}};
    if (made.h == picture.h && made.w == picture.w) {
        return {input.batch, {made.c}, input.height, input.width};
    }
    if (!any || made.plane() == 1) return {input.batch, {made.c}, {made.h}, {made.w}};
    return {input.batch, {made.c}, {0, "output_height"}, {0, "output_width"}};
}

/// Gives the last result the name by which the file promises it.
std::string finish(OnnxGraph& graph, const Network& network, OnnxPoint& last, bool tells_classes) {
    const std::string name = tells_classes ? "logits" : "output";
    if (tells_classes) {
        if (last.flat) {
            graph.rename(last.name, name);
        } else {
            graph.add("Flatten", {last.name}, name).with("axis", std::int64_t{1});
        }
        last = {name, true};
        return name;
    }
    if (!network.range.is_unit()) {
        const std::string span =
            graph.constant("range.inverse_span", static_cast<float>(1 / network.range.span()));
        const std::string low = graph.constant("range.minus_low", -network.range.low);
        graph.add("Add", {last.name, low}, "output_from_low");
        graph.add("Mul", {"output_from_low", span}, name);
    } else if (last.name == "input") {
        graph.add("Identity", {last.name}, name);
    } else {
        graph.rename(last.name, name);
    }
    last.name = name;
    return name;
}

std::map<std::string, std::string> onnx_metadata(const Model& model, bool folded) {
    std::map<std::string, std::string> entries;
    append_network(entries, model.network);
    append_classes(entries, model.classes);
    const std::uint32_t channels = model.network.input.c;
    entries["input"] = fmt::format("float32 {}, 0 is black and 1 white; nothing is subtracted",
                                   channels == 1   ? "grey"
                                   : channels == 3 ? "red, green, blue"
                                                   : fmt::format("of {} channels", channels));
    entries["output"] = model.classes.names.empty()
                            ? "as the input, not clamped: values below 0 are black, and above 1 white"
                            : "a logit a class; their softmax are the probabilities";
    entries["norms"] =
        folded ? "parts of the layers before them where they can be" : "with moving statistics";
    return entries;
}

}  // namespace

std::string onnx_model(const Model& model, const OnnxOptions& options, const std::string& source) {
    const bool tells_classes = !model.classes.names.empty();
    const InputExtents extents = input_extents(model.network, options, source);
    const WeightedNetwork written = options.fold ? fold_norms(model.network, model.parameters)
                                                 : WeightedNetwork{model.network, model.parameters};
    onnx::ModelProto file;
    file.set_ir_version(8);
    file.set_producer_name("shadenet");
    file.set_producer_version(options.version);
    onnx::OperatorSetIdProto& operators = *file.add_opset_import();
    operators.set_domain("");
    operators.set_version(onnx_operator_set);
    file.mutable_graph()->set_name(tells_classes ? "classifier" : "filter");
    for (const auto& [key, value] : onnx_metadata(model, options.fold)) {
        onnx::StringStringEntryProto& entry = *file.add_metadata_props();
        entry.set_key(key);
        entry.set_value(value);
    }
    OnnxGraph graph(*file.mutable_graph());
    graph.add_input("input", {extents.batch, {model.network.input.c}, extents.height, extents.width});
    OnnxPoint last = OnnxLayers(graph, written.network, written.parameters).write("input");
    const std::string result = finish(graph, model.network, last, tells_classes);
    graph.add_output(result, output_extents(model.network, extents, last.flat));
    std::string bytes;
    if (!file.SerializeToString(&bytes)) {
        throw InputError(fmt::format(
            "{}: is larger than the 2 GiB that an ONNX file may have; export a smaller network", source));
    }
    return bytes;
}

}  // namespace shadenet
