// The last layer solved, against least squares in plain loops in float64.
#include "train/solve.h"

#include <cmath>
#include <limits>
#include <vector>

#include "data/picture_set.h"
#include "engine/two_layer/patch_gram.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "model/presets.h"
#include "reference/feature_moments.h"
#include "reference/network.h"
#include "train/logs/floor.h"
#include "train/run_files.h"
#include "train/run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// A filter that no affine one is: the darker of a pixel and its right neighbour, and another colour.
Image darker(const Image& image) {
    Image result = image;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < image.height; ++y) {
            for (std::uint32_t x = 0; x < image.width; ++x) {
                const float right = image.at(c, y, std::min(x + 1, image.width - 1));
                result.at(c, y, x) = 0.5f * std::min(image.at(c, y, x), right) + 0.3f * image.at(2 - c, y, x);
            }
        }
    }
    return result;
}

PictureSet darkened(std::uint32_t count, std::uint32_t width, std::uint32_t height) {
    PictureSet data(std::vector<std::string>(count, "picture"),
                    std::vector<PictureSize>(count, {width, height}));
    for (std::uint32_t i = 0; i < count; ++i) {
        const Image input = made_picture(width, height, i);
        data.set(i, input, darker(input));
    }
    return data;
}

/// As after some training: every norm has numbers of its own.
Parameters somehow_trained(const Network& network) {
    Parameters parameters = initial_parameters(network, 7);
    std::mt19937_64 random = random_stream(7, 1);
    for (NamedTensor& tensor : parameters.tensors()) {
        if (tensor.name.starts_with("conv")) continue;
        for (float& value : tensor.values) value += static_cast<float>(0.4 * (uniform(random) - 0.5));
    }
    return parameters;
}

Solution solved(const SolveProblem& problem) {
    std::string why_not;
    const ValidatedDevice device;
    const std::optional<Solution> solution = solve_last_layer(*device, problem, why_not);
    INFO(why_not);
    REQUIRE(solution);
    return *solution;
}

std::string refusal(const Network& network, const Parameters& parameters) {
    const PictureSet data = darkened(3, 8, 8);
    std::string why_not;
    const ValidatedDevice device;
    CHECK(!solve_last_layer(*device, {network, parameters, data}, why_not));
    return why_not;
}

/// In the network's range.
reference::Tensor as_tensor(Image image, const PixelRange& range = {}) {
    range.bring_into(image.values);
    return reference::tensor_from_floats({1, 3, image.height, image.width}, image.values);
}

/// In float64: what least squares reach on these pairs for the features of the last convolution, and the
/// network's own loss.
struct Losses {
    double least, own;
};
Losses losses_in_float64(const Network& network, const Parameters& parameters, const PictureSet& data,
                         const std::vector<std::uint32_t>& pairs) {
    std::size_t last = network.layers.size() - 1;
    while (!std::holds_alternative<Conv>(network.layers[last])) --last;
    const std::size_t kernel = std::get<Conv>(network.layers[last]).kernel;
    const std::int64_t ring = continues_pictures(network) ? static_cast<std::int64_t>(kernel / 2) : 0;
    const reference::NetworkRun run(network, parameters);
    std::vector<std::vector<double>> z;
    double squares = 0, values = 0;
    for (const std::uint32_t pair : pairs) {
        const reference::Tensor input = as_tensor(data.input_picture(pair), network.range);
        reference::Tensor target = as_tensor(data.target_picture(pair), network.range);
        const reference::Evaluation pass = run.evaluate(input, target, reference::Norms::frozen);
        squares += pass.loss * static_cast<double>(target.values.size());
        values += static_cast<double>(target.values.size());
        if (adds_input(network)) {
            for (std::size_t i = 0; i < target.values.size(); ++i) target.values[i] -= input.values[i];
        }
        const auto some = reference::patches_of_maps(pass.points[last], target, kernel,
                                                     {ring, ring, data.height(pair), data.width(pair)});
        z.insert(z.end(), some.begin(), some.end());
    }
    return {reference::affine_floor(z, 1e-6), squares / values};
}

struct Architecture {
    const char* name;
    Network network;
};
std::vector<Architecture> architectures() {
    NetworkOptions options{.hidden = 5, .activation = "relu"};
    std::vector<Architecture> all;
    const auto add = [&](const char* name) { all.push_back({name, two_layer_network(options)}); };
    add("relu, zero padding");
    options.padding = PicturePadding::edge;
    add("relu, edge");
    options.padding = PicturePadding::reflect;
    options.norm = NormPlacement::after;
    add("relu, reflect, norm after");
    options.norm = NormPlacement::none;
    options.residual = false;
    options.range = {-1, 1};
    add("relu, reflect, no norm, no input added, another range");
    all.push_back({"dncnn", dncnn_network({.hidden = 4, .depth = 4})});
    all.push_back({"dncnn, edge", dncnn_network({.hidden = 4, .depth = 3, .padding = PicturePadding::edge})});
    all.push_back({"5x5, then 1x1", parse_network("input 3\nconv 6 5x5\ntanh\nconv 3 1x1\n", "here")});
    return all;
}

}  // namespace

TEST_CASE("solve: the weights are those of least squares in float64") {
    const PictureSet data = darkened(4, 29, 23);
    for (const Architecture& one : architectures()) {
        INFO(one.name);
        const Parameters before = somehow_trained(one.network);
        const Solution solution = solved({one.network, before, data});
        CHECK(solution.kept);
        CHECK(solution.left == "1 picture left out");
        const Losses losses = losses_in_float64(one.network, solution.parameters, data, {0, 1, 2, 3});
        // A hundredth is what a ridge may cost, which the left-out part chooses.
        CHECK(losses.own <= losses.least * 1.01 + 1e-9);
        CHECK(losses.own >= losses.least * 0.9999 - 1e-9);
    }
}

TEST_CASE("solve: a linear network is then at the floor") {
    const Network network = two_layer_network({.padding = PicturePadding::edge});
    const PictureSet data = darkened(4, 40, 33), others = darkened(2, 40, 33);
    const Solution solution = solved({network, somehow_trained(network), data, &others});
    CHECK(solution.kept);
    CHECK(solution.left == "the validation pictures");
    CHECK(solution.solved ==
          Approx(losses_in_float64(network, solution.parameters, others, {0, 1}).own).epsilon(1e-3));
    const ValidatedDevice device;
    const double floor = best_affine_filter(patch_gram(*device, data, 2, PicturePadding::edge)).loss;
    const double own = losses_in_float64(network, solution.parameters, data, {0, 1, 2, 3}).own;
    REQUIRE(floor > 1e-5);
    CHECK(own == Approx(floor).epsilon(2e-3));
}

TEST_CASE("solve: training mode and inference then agree") {
    for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after}) {
        const Network network = two_layer_network(
            {.hidden = 6, .activation = "relu", .norm = norm, .padding = PicturePadding::edge});
        const PictureSet data = darkened(3, 21, 26), others = darkened(1, 21, 26);
        const Solution solution = solved({network, somehow_trained(network), data, &others});
        REQUIRE(solution.kept);
        reference::Tensor batch(Shape{3, 3, 26, 21});
        for (std::uint32_t i = 0; i < 3; ++i) {
            const reference::Tensor one = as_tensor(data.input_picture(i));
            std::copy(one.values.begin(), one.values.end(),
                      batch.values.begin() + static_cast<std::ptrdiff_t>(i * one.values.size()));
        }
        const reference::NetworkRun run(network, solution.parameters);
        const reference::Tensor moving = run.infer(batch), own = run.infer(batch, reference::Norms::batch);
        double worst = 0;
        for (std::size_t i = 0; i < own.values.size(); ++i) {
            const double apart = std::abs(own.values[i] - moving.values[i]);
            if (!(apart <= worst)) worst = apart;
        }
        CHECK(worst < 1e-4);
    }
}

TEST_CASE("solve: frozen norms keep their statistics") {
    const Network network = two_layer_network({.hidden = 5, .activation = "relu"});
    const Parameters before = somehow_trained(network);
    const PictureSet data = darkened(3, 19, 17);
    const Solution solution =
        solved({.network = network, .parameters = before, .training = data, .frozen = true});
    REQUIRE(solution.kept);
    CHECK(solution.parameters.at("bn1.running_mean").values == before.at("bn1.running_mean").values);
    CHECK(solution.parameters.at("conv1.weight").values == before.at("conv1.weight").values);
    CHECK(solution.parameters.at("bn2.running_mean").values != before.at("bn2.running_mean").values);
}

TEST_CASE("solve: what is worse on the pictures left out is not kept") {
    // 32 pixels, and 46 unknowns: what is solved meets every target of its own, noise and all.
    const Network network = two_layer_network(
        {.hidden = 5, .activation = "relu", .norm = NormPlacement::none, .padding = PicturePadding::edge});
    Parameters before = somehow_trained(network);
    for (const char* name : {"conv2.weight", "conv2.bias"}) {
        for (float& value : before.at(name).values) value = 0;
    }
    PictureSet data(std::vector<std::string>(3, "picture"), std::vector<PictureSize>(3, {4, 4}));
    for (std::uint32_t i = 0; i < 3; ++i) {
        Image target = made_picture(4, 4, i);
        std::mt19937_64 random = random_stream(5, i);
        for (float& value : target.values) value += static_cast<float>(0.1 * (uniform(random) - 0.5));
        data.set(i, made_picture(4, 4, i), target);
    }
    const Solution solution = solved({network, before, data});
    CHECK_FALSE(solution.kept);
    CHECK(solution.solved > solution.trained);
    for (const NamedTensor& tensor : before.tensors()) {
        CHECK(solution.parameters.at(tensor.name).values == tensor.values);
    }
}

TEST_CASE("solve: parts of a single pair are left out, and the bits are the same again") {
    const Network network = two_layer_network({.hidden = 5, .activation = "relu"});
    const Parameters before = somehow_trained(network);
    const PictureSet data = darkened(1, 61, 44);
    const Solution once = solved({network, before, data}), again = solved({network, before, data});
    CHECK(once.kept);
    CHECK(contains(once.left, " parts of the pictures left out"));
    for (const NamedTensor& tensor : once.parameters.tensors()) {
        CHECK(again.parameters.at(tensor.name).values == tensor.values);
    }
    CHECK(once.solved == again.solved);
}

TEST_CASE("solve: what cannot be solved is left alone, and it is said why") {
    const Network tanh_last = parse_network("input 3\nconv 3 3x3\ntanh\n", "here");
    CHECK(refusal(tanh_last, initial_parameters(tanh_last, 1)) ==
          "the network does not end in a convolution");
    const Network no_beta = two_layer_network({.hidden = 2, .center = false});
    CHECK(refusal(no_beta, initial_parameters(no_beta, 1)) == "its norm has no beta");
    const Network no_gamma = two_layer_network({.hidden = 2, .scale = false});
    CHECK(refusal(no_gamma, initial_parameters(no_gamma, 1)) == "its norm has no gamma");
    const Network wide = two_layer_network({.hidden = 200});
    CHECK(contains(refusal(wide, initial_parameters(wide, 1)), "1800 weights for a colour"));
    const Network network = two_layer_network({.hidden = 2});
    Parameters damaged = initial_parameters(network, 1);
    damaged.at("conv1.weight").values[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(refusal(network, damaged) == "its numbers are not finite");
}

TEST_CASE("solve: it can be stopped") {
    const Network network = two_layer_network({.hidden = 2});
    const PictureSet data = darkened(3, 8, 8);
    std::atomic<bool> stop = false;
    std::string why_not;
    const ValidatedDevice device;
    const auto progress = [&](std::uint32_t done, std::uint32_t all) {
        CHECK(done < all);
        if (done == 3) stop = true;
    };
    CHECK(!solve_last_layer(*device, {network, initial_parameters(network, 1), data}, why_not,
                            {.stop = &stop, .on_progress = progress}));
    CHECK(why_not.empty());
}

TEST_CASE("solve: a run's model has the solved layer, and all else is as without") {
    const RunScene scene;
    TrainOptions options = scene.options("plain");
    Watcher plain, watcher;
    REQUIRE(RunScene::run(options, plain) == RunEnd::finished);
    options.output = scene.folder / "solved";
    options.solve = true;
    REQUIRE(RunScene::run(options, watcher) == RunEnd::finished);
    const RunPaths without(scene.folder / "plain"), with(scene.folder / "solved");
    CHECK(file_text(without.checkpoint()) == file_text(with.checkpoint()));
    CHECK(file_text(without.epochs()) == file_text(with.epochs()));
    CHECK(timeless(without.history()) == timeless(with.history()));
    const Model trained = read_model(without.model()), model = read_model(with.model());
    CHECK_FALSE(trained.solved);
    REQUIRE(model.solved);
    CHECK(model.solved->step == 9);
    CHECK(contains(model.solved->gain, " on the validation pictures"));
    CHECK(model.debiased);
    CHECK(model.parameters.at("conv1.weight").values == trained.parameters.at("conv1.weight").values);
    CHECK(model.parameters.at("conv2.weight").values != trained.parameters.at("conv2.weight").values);
    REQUIRE(watcher.reached);
    CHECK(watcher.reached->reached.value() < plain.reached->reached.value());

    // Going on begins where training ended.
    options.resume = true;
    options.epochs = 5;
    REQUIRE(RunScene::run(options) == RunEnd::finished);
    TrainOptions at_once = scene.options("at once");
    at_once.epochs = 5;
    REQUIRE(RunScene::run(at_once) == RunEnd::finished);
    CHECK(file_text(RunPaths(scene.folder / "at once").checkpoint()) == file_text(with.checkpoint()));
    CHECK(read_model(with.model()).solved->step == 15);
}

TEST_CASE("solve: of a run with streams the last layer is left alone, and that is said") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.domains = {{"day", options.input, options.target}, {"night", options.input, options.target}};
    options.input.clear();
    options.target.clear();
    options.solve = true;
    Watcher watcher;
    REQUIRE(RunScene::run(options, watcher) == RunEnd::finished);
    CHECK(watcher.notes.back() ==
          "the last layer is left as trained: streams share it, and each has its own statistics");
    CHECK_FALSE(read_model(RunPaths(scene.folder / "run").model()).solved);
}
