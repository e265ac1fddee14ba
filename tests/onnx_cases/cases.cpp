#include "cases.h"

#include <cstdint>
#include <random>
#include <variant>

#include <fmt/format.h>

#include "model/network_text.h"
#include "model/presets.h"
#include "model/random.h"
#include "reference/network.h"

namespace shadenet::test {

namespace {

/// Numbers as a trained network has them: a norm's are near those of what it reads, whose deviation is
/// about 1.
void draw_norms(Parameters& parameters, std::mt19937_64& random) {
    for (NamedTensor& tensor : parameters.tensors()) {
        for (float& value : tensor.values) {
            if (tensor.name.ends_with("running_var")) value = static_cast<float>(0.5 + uniform(random));
            if (tensor.name.ends_with("running_mean")) value = static_cast<float>(uniform(random) - 0.5);
            if (!tensor.name.starts_with("bn") && tensor.name.ends_with(".bias")) {
                value = static_cast<float>(0.2 * normal(random));
            }
            if (tensor.name.starts_with("bn") && tensor.name.ends_with(".weight")) {
                value = static_cast<float>(0.5 + uniform(random));
            }
            if (tensor.name.starts_with("bn") && tensor.name.ends_with(".bias")) {
                value = static_cast<float>(0.3 * normal(random));
            }
        }
    }
}

bool ends_in_values(const Network& network) {
    for (const Layer& layer : network.layers) {
        if (std::holds_alternative<Dense>(layer) || std::holds_alternative<Average>(layer)) return true;
    }
    return false;
}

OnnxCase made(const std::string& name, const std::string& network, const Shape& pictures) {
    return {name, drawn_model(network), pictures};
}

OnnxCase preset(const std::string& name, const NetworkOptions& options, const Shape& pictures) {
    return made(name, to_text(named_network(name.starts_with("dncnn") ? "dncnn" : "two-layer", options)),
                pictures);
}

OnnxCase preset(const std::string& name, const Shape& pictures) {
    return made(name, to_text(named_network(name, {})), pictures);
}

}  // namespace

Model drawn_model(const std::string& network) {
    Model model{parse_network(network, "the text"), {}};
    model.parameters = initial_parameters(model.network, 5, {{WeightRule::he}});
    std::mt19937_64 random = random_stream(7, 0);
    draw_norms(model.parameters, random);
    if (ends_in_values(model.network)) {
        const Shape& input = model.network.input;
        const Shape picture{1, input.c, input.h > 0 ? input.h : 24, input.w > 0 ? input.w : 24};
        const std::uint32_t classes = point_shapes(model.network, picture).back().c;
        for (std::uint32_t i = 0; i < classes; ++i) model.classes.names.push_back(fmt::format("class {}", i));
        model.classes.channels = picture.c;
        model.classes.height = picture.h;
        model.classes.width = picture.w;
        model.classes.resizing = "centre";
        model.classes.grey = "luma";
    }
    return model;
}

std::vector<OnnxCase> onnx_cases() {
    const Shape odd{2, 3, 37, 53};
    std::vector<OnnxCase> cases;
    for (const PicturePadding padding :
         {PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect}) {
        cases.push_back(
            preset("two-layer-" + to_string(padding), {.activation = "relu", .padding = padding}, odd));
        cases.push_back(
            preset("dncnn-" + to_string(padding), {.hidden = 24, .depth = 6, .padding = padding}, odd));
    }
    cases.push_back(preset("two-layer-linear", {.kernel = 5}, odd));
    cases.push_back(
        preset("two-layer-after", {.activation = "leaky_relu", .norm = NormPlacement::after}, odd));
    cases.push_back(preset("two-layer-range", {.activation = "tanh", .range = {-1, 1}}, odd));
    cases.push_back(
        made("skips",
             "input 3 edge, conv 8 3x3, norm, elu, dropout 0.5, conv 8 5x5, sigmoid, norm, add elu1, conv "
             "3 3x3, norm, add input, conv 3 1x1, dropout 0.9",
             odd));
    cases.push_back(preset("mlp", {3, 1, 28, 28}));
    cases.push_back(preset("mlp-dropout", {3, 1, 28, 28}));
    cases.push_back(preset("all-cnn", {1, 3, 32, 32}));
    cases.push_back(made(
        "average-then-dense",
        "input 3, conv 12 3x3 stride 2, relu, average, dense 8, norm, elu, conv 8 1x1, add elu1, average, "
        "dense 4",
        odd));
    return cases;
}

std::vector<float> case_pictures(const OnnxCase& one) {
    std::mt19937_64 random = random_stream(11, 0);
    std::vector<float> values(one.pictures.values());
    for (float& value : values) value = static_cast<float>(uniform(random));
    return values;
}

std::vector<double> case_results(const OnnxCase& one) {
    const PixelRange& range = one.model.network.range;
    reference::Tensor pictures = reference::tensor_from_floats(one.pictures, case_pictures(one));
    for (double& value : pictures.values) value = range.into(value);
    std::vector<double> results =
        reference::NetworkRun(one.model.network, one.model.parameters).infer(pictures).values;
    if (one.model.classes.names.empty()) {
        for (double& value : results) value = range.out_of(value);
    }
    return results;
}

}  // namespace shadenet::test
