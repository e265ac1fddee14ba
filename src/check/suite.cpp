#include "check/suite.h"

#include "check/end_cases.h"
#include "check/kernel_cases.h"
#include "check/network_check.h"
#include "check/value_cases.h"
#include "model/presets.h"

namespace shadenet::check {

namespace {

void add_layers(std::vector<Check>& checks) {
    const auto weights = [&](const WeightLayerCase& one) {
        checks.push_back(
            {"weights", [one](const Device& device) { return check_weight_layer(device, one); }});
    };
    weights({.x = {2, 3, 13, 130}});
    weights({.x = {2, 16, 11, 67}, .out_channels = 3, .activation = ActivationKind::relu});
    weights({.x = {3, 5, 17, 19}, .out_channels = 7, .kernel = 5, .stride = 2, .padding = Padding::valid});
    weights({.x = {1, 3, 9, 15}, .out_channels = 5, .kernel = 7, .data = Data::halves});
    weights({.x = {64, 196, 1, 1}, .out_channels = 10, .dense = true});
    weights({.x = {2, 5, 11, 67},
             .out_channels = 7,
             .activation = ActivationKind::relu,
             .moments = false,
             .norm = true,
             .sum = Sum::after_activation});
    for (const GemmTile& tile : {staged_tile(1, 4), staged_tile(2, 4)}) {
        const LayerTiles tiles{tile, tile, {1, 1, 3, 4, 64}};
        weights({.x = {3, 16, 11, 17}, .out_channels = 41, .tiles = tiles});
    }
}

void add_values(std::vector<Check>& checks) {
    const auto norm = [&](const StackNormCase& one) {
        checks.push_back({"norm", [one](const Device& device) { return check_stack_norm(device, one); }});
    };
    norm({.x = {3, 16, 37, 71}});
    norm({.x = {2, 3, 150, 67}, .data = Data::offset, .columns = 4, .rows = 2});
    norm({.x = {2, 5, 19, 131}, .mode = Mode::inference, .data = Data::ugly});
    // More values in one channel than the 65,535 rounds after which some drivers end a loop without a
    // message.
    norm({.x = {1, 1, 1031, 521}, .data = Data::ugly});
    for (const auto kind : {ActivationKind::relu, ActivationKind::leaky_relu, ActivationKind::tanh,
                            ActivationKind::sigmoid, ActivationKind::elu}) {
        checks.push_back(
            {"values", [kind](const Device& device) {
                 return check_points(device, {.x = {2, 3, 37, 71}, .norm = true, .activation = kind});
             }});
        checks.push_back({"bias", [kind](const Device& device) {
                              return check_bias_into_norm(device, {.y = {2, 5, 37, 71}, .activation = kind});
                          }});
    }
    checks.push_back({"values", [](const Device& device) {
                          return check_points(device, {.x = {100, 10, 1, 1}, .keep = 0.6f});
                      }});
    checks.push_back({"values", [](const Device& device) {
                          return check_points(device, {.x = {3, 5, 19, 7}, .keep = 0.6f, .in_place = true});
                      }});
}

/// What goes into the passes of the stack plan, and what comes out of them.
void add_ends(std::vector<Check>& checks) {
    for (const bool features : {false, true}) {
        for (const Data data : {Data::normal, Data::levels}) {
            const PackingCase one{.x = {4, 5, 19, 67},
                                  .features = features,
                                  .more = data == Data::levels ? 3u : 0u,
                                  .data = data};
            for (const std::uint32_t most_move : {0u, 4u}) {
                PackingCase moved = one;
                moved.most_move = most_move;
                checks.push_back(
                    {"packing", [moved](const Device& device) { return check_packing(device, moved); }});
            }
        }
    }
    checks.push_back({"flatten", [](const Device& device) {
                          return check_flatten(device, {.map = {5, 10, 5, 3}});
                      }});
    checks.push_back({"average", [](const Device& device) {
                          return check_average(device, {.x = {1, 1, 1031, 521}, .data = Data::offset});
                      }});
    for (const PicturePadding padding : {PicturePadding::edge, PicturePadding::reflect}) {
        checks.push_back(
            {"packing", [padding](const Device& device) {
                 return check_packing(
                     device,
                     {.x = {3, 3, 19, 7}, .more = 2, .data = Data::levels, .margin = 9, .padding = padding});
             }});
    }
    checks.push_back({"add", [](const Device& device) { return check_add(device, {.x = {2, 5, 19, 67}}); }});
    checks.push_back({"add", [](const Device& device) {
                          return check_add_middle(device, {.x = {2, 5, 19, 67}, .ring = 3});
                      }});
    checks.push_back({"loss", [](const Device& device) {
                          return check_squared_error(device, {.result = {2, 3, 67, 131}});
                      }});
    checks.push_back({"loss", [](const Device& device) {
                          return check_cross_entropy(device, {300, 10, Logits::confident});
                      }});
    checks.push_back({"loss", [](const Device& device) {
                          return check_cross_entropy(device, {5, 33, Logits::ugly});
                      }});
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
    fused({.padding = PicturePadding::edge}, {2, 3, 67, 70}, Data::levels);
    fused({.hidden = 7, .activation = "relu", .padding = PicturePadding::reflect}, {3, 3, 19, 33},
          Data::normal);
    fused({.hidden = 5, .kernel = 5, .residual = false, .padding = PicturePadding::edge}, {1, 3, 23, 35},
          Data::levels);
    fused({.norm = NormPlacement::none, .padding = PicturePadding::reflect}, {2, 3, 33, 22}, Data::normal);
    fused({.activation = "tanh", .padding = PicturePadding::edge}, {2, 3, 33, 21}, Data::levels, true);
    fused({.padding = PicturePadding::edge}, {3, 3, 3, 2}, Data::levels);
}

}  // namespace

std::vector<Check> kernel_checks() {
    std::vector<Check> checks;
    add_layers(checks);
    add_values(checks);
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
        checks.push_back({"optimizer", [kind](const Device& device) {
                              return check_optimizer(
                                  device, {.options = {.kind = kind}, .layout = WeightLayout::blocks});
                          }});
    }
    for (const NetworkCase& one : network_cases()) {
        checks.push_back({"network", [one](const Device& device) { return check_network(device, one); }});
    }
    add_ends(checks);
    add_fused(checks);
    return checks;
}

}  // namespace shadenet::check
