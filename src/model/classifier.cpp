#include "model/classifier.h"

#include <variant>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

std::string extent_text(const Shape& shape) {
    return fmt::format("{}x{}x{}", shape.c, shape.h, shape.w);
}

bool keeps_pictures(const Network& network) {
    try {
        require_keeps_pictures(network);
        return true;
    } catch (const InputError&) {
        return false;
    }
}

/// A classifier may be one whose classes nobody has written down.
void require_names(const Model& model, const std::string& source) {
    if (!model.classes.names.empty() || keeps_pictures(model.network)) return;
    throw InputError(fmt::format(
        "{}: makes no pictures, and does not name its classes; take the run's model.safetensors", source));
}

}  // namespace

std::size_t last_with_weights(const Network& network) {
    std::size_t last = network.layers.size();
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (has_weights(network.layers[i])) last = i;
    }
    return last;
}

Network fitted_to(Network network, const Shape& example, std::uint32_t classes) {
    network.input = {0, example.c, example.h, example.w};
    const std::size_t last = last_with_weights(network);
    Shape shape{1, example.c, example.h, example.w};
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        Layer& layer = network.layers[i];
        if (auto* const conv = std::get_if<Conv>(&layer)) {
            conv->in_channels = shape.c;
            if (i == last) conv->out_channels = classes;
        } else if (auto* const dense = std::get_if<Dense>(&layer)) {
            dense->in_features = static_cast<std::uint32_t>(shape.values());
            if (i == last) dense->out_features = classes;
        } else if (auto* const norm = std::get_if<BatchNorm>(&layer)) {
            norm->channels = shape.c;
        }
        if (!std::holds_alternative<Skip>(layer)) shape = output_shape(layer, shape);
    }
    return network;
}

void require_classifier(const Network& network, const Shape& example, std::uint32_t classes,
                        const std::string& data) {
    const Shape& input = network.input;
    const bool any = input.h == 0;
    if (input.c != example.c || (!any && (input.h != example.h || input.w != example.w))) {
        throw InputError(
            fmt::format("--network takes {}, and the pictures of {} are {}; begin it with input {}",
                        any ? fmt::format("{} channels", input.c) : extent_text(input), data,
                        extent_text(example), extent_text(example)));
    }
    if (continues_pictures(network)) {
        throw InputError(
            "--network continues pictures beyond their edges, as filters do; leave edge or reflect out");
    }
    const Shape output = point_shapes(network, {1, example.c, example.h, example.w}).back();
    if (output == Shape{1, classes, 1, 1}) return;
    throw InputError(fmt::format(
        "--network makes {} of a picture, and {} has {} classes; end it with a value a class, as by dense {}",
        extent_text(output), data, classes, classes));
}

void require_tells_classes(const Model& model, const std::string& source) {
    const ModelClasses& classes = model.classes;
    require_names(model, source);
    if (classes.names.empty()) {
        throw InputError(fmt::format(
            "{}: is a filter, which makes pictures and knows no classes; use `shadenet apply`", source));
    }
    const Shape picture{1, classes.channels, classes.height, classes.width};
    const auto count = static_cast<std::uint32_t>(classes.names.size());
    const Shape output = point_shapes(model.network, picture).back();
    if (output == Shape{1, count, 1, 1} && !continues_pictures(model.network)) return;
    throw InputError(fmt::format(
        "{}: its network makes {} of a picture, and it names {} classes; take the model from a backup",
        source, extent_text(output), count));
}

void require_takes_pictures(const Model& model, const std::string& source) {
    if (!model.classes.names.empty()) return require_tells_classes(model, source);
    require_names(model, source);
}

void require_filter(const Model& model, const std::string& source) {
    require_names(model, source);
    if (model.classes.names.empty()) return;
    throw InputError(
        fmt::format("{}: tells the classes of pictures and makes none; use `shadenet classify`", source));
}

}  // namespace shadenet
