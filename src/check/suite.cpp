#include "check/suite.h"

#include "check/kernel_cases.h"
#include "check/network_check.h"
#include "model/presets.h"

namespace shadenet::check {

namespace {

void add_layers(std::vector<Check>& checks) {
    const auto conv = [&](const ConvCase& one) {
        checks.push_back({"conv", [one](const Device& device) { return check_conv(device, one); }});
    };
    conv({.x = {2, 3, 13, 130}});
    conv({.x = {2, 16, 11, 67}, .out_channels = 3, .bias_path = BiasPath::norm});
    conv({.x = {3, 5, 17, 19}, .out_channels = 7, .kernel = 5, .stride = 2, .padding = Padding::valid});
    conv({.x = {1, 3, 9, 15}, .out_channels = 5, .kernel = 7, .data = Data::halves});
    const auto norm = [&](const BatchNormCase& one) {
        checks.push_back({"batchnorm", [one](const Device& device) { return check_batchnorm(device, one); }});
    };
    norm({.x = {3, 16, 37, 71}});
    norm({.x = {2, 3, 150, 67}, .data = Data::offset});
    norm({.x = {2, 5, 19, 131}, .mode = Mode::inference, .data = Data::ugly});
    // More rows in one channel than the 65,535 rounds after which some drivers end a loop without a message.
    norm({.x = {1, 1, 1031, 521}, .data = Data::ugly});
    for (const auto kind : {ActivationKind::relu, ActivationKind::leaky_relu, ActivationKind::tanh}) {
        checks.push_back({"activation", [kind](const Device& device) {
                              return check_activation(device, {.x = {2, 3, 37, 71}, .kind = kind});
                          }});
        checks.push_back(
            {"bias", [kind](const Device& device) {
                 return check_bias_through_activation(device, {.x = {2, 5, 37, 71}, .kind = kind});
             }});
    }
}

/// The fused plan, with the default tiles of this kind of device.
void add_fused(std::vector<Check>& checks) {
    const auto fused = [&](const NetworkOptions& options, const Shape& x, Data data, bool frozen = false) {
        checks.push_back({"fused plan", [=](const Device& device) {
                              const NetworkCase one{"fused", two_layer_network(options), x, 1, data, frozen};
                              return check_training_plan(device, one, PlanKind::fused,
                                                         default_tiles(device.info().kind, options.kernel));
                          }});
    };
    fused({}, {2, 3, 130, 67}, Data::levels);
    fused({.hidden = 9, .activation = "relu"}, {2, 3, 19, 70}, Data::normal);
    fused({.hidden = 6, .activation = "tanh", .norm = NormPlacement::none}, {2, 3, 33, 21}, Data::levels);
    fused({.hidden = 5, .kernel = 5, .residual = false}, {1, 3, 23, 35}, Data::levels);
    fused({}, {2, 3, 33, 21}, Data::levels, true);
}

}  // namespace

std::vector<Check> kernel_checks() {
    std::vector<Check> checks;
    add_layers(checks);
    checks.push_back({"skip", [](const Device& device) {
                          return check_skip(device, {.x = {2, 5, 19, 67}});
                      }});
    checks.push_back({"loss", [](const Device& device) {
                          return check_loss(device, {.result = {2, 3, 67, 131}});
                      }});
    checks.push_back({"column sum", [](const Device& device) {
                          return check_reducer(device, {.rows = 70001, .columns = 7, .data = Data::halves});
                      }});
    checks.push_back({"histogram", [](const Device& device) {
                          return check_histogram(device, {.x = {2, 5, 67, 131}, .spoilt_every = 101});
                      }});
    for (const auto kind :
         {OptimizerKind::adam, OptimizerKind::amsgrad, OptimizerKind::momentum, OptimizerKind::sgd}) {
        checks.push_back({"optimizer", [kind](const Device& device) {
                              return check_optimizer(device, {.options = {.kind = kind}});
                          }});
    }
    for (const NetworkCase& one : network_cases()) {
        checks.push_back({"network", [one](const Device& device) { return check_network(device, one); }});
    }
    add_fused(checks);
    return checks;
}

}  // namespace shadenet::check
