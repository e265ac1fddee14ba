#include "base/error.h"
#include "bench/benchmark.h"

namespace shadenet {

namespace {

struct Variant {
    const char* flags;
    BenchedStep step;
};

Network with_activation(const char* name, NormPlacement norm = NormPlacement::before) {
    return two_layer_network({.activation = name, .norm = norm});
}

std::vector<Variant> variants() {
    return {
        {"--no-center", {.network = two_layer_network({.center = false})}},
        {"--no-scale", {.network = two_layer_network({.scale = false})}},
        {"--debias", {.debias = true}},
        {"--freeze-norm 1", {.frozen = true}},
        {"--norm none", {.network = two_layer_network({.norm = NormPlacement::none})}},
        {"--stream, twice", {.domains = 2}},
        {"--no-residual", {.network = two_layer_network({.residual = false})}},
        {"--padding edge", {.network = two_layer_network({.padding = PicturePadding::edge})}},
        {"--optimizer amsgrad", {.optimizer = OptimizerKind::amsgrad}},
        {"--optimizer momentum", {.optimizer = OptimizerKind::momentum}},
        {"--optimizer sgd", {.optimizer = OptimizerKind::sgd}},
        {"--activation relu", {.network = with_activation("relu")}},
        {"--activation leaky_relu", {.network = with_activation("leaky_relu")}},
        {"--activation tanh", {.network = with_activation("tanh")}},
        {"--activation relu --freeze-norm 1", {.network = with_activation("relu"), .frozen = true}},
        {"--activation relu --norm none", {.network = with_activation("relu", NormPlacement::none)}},
        {"--activation relu --norm after", {.network = with_activation("relu", NormPlacement::after)}},
        {"--plan stack", {.plan = PlanKind::stack}},
        {"--plan stack --freeze-norm 1", {.plan = PlanKind::stack, .frozen = true}},
    };
}

OptionTimes time_variant(const Device& device, const Variant& variant, TrainingBench& standard,
                         const Noise& pictures, std::uint32_t runs, const PlanTiles& tiles) {
    OptionTimes times{.flags = variant.flags};
    try {
        TrainingBench bench(device, variant.step, pictures, tiles);
        times.plan = to_string(bench.plan().kind);
        std::vector<double> milliseconds, ratios;
        for (std::uint32_t i = 0; i < runs; ++i) {
            const double of_standard = standard.time_step();
            milliseconds.push_back(bench.time_step());
            ratios.push_back(milliseconds.back() / of_standard);
        }
        times.train_step = summarize(std::move(milliseconds));
        times.ratio = summarize(std::move(ratios));
    } catch (const InputError& error) {
        times.problem = error.what();
    } catch (const WorkError& error) {
        times.problem = error.what();
    }
    return times;
}

}  // namespace

std::vector<OptionTimes> time_options(const Device& device, const Shape& shape, std::uint32_t runs,
                                      const PlanTiles& tiles) {
    const Noise pictures(two_layer_network({}), shape);
    TrainingBench standard(device, {}, pictures, tiles);
    std::vector<OptionTimes> times;
    for (const Variant& variant : variants()) {
        times.push_back(time_variant(device, variant, standard, pictures, runs, tiles));
    }
    return times;
}

}  // namespace shadenet
