// Where runs with options of the norms begin, and what they go on from.
#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"
#include "image/image.h"
#include "model/model_file.h"
#include "train/resume.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

struct NormStartScene {
    NormStartScene() { write_pairs(folder.path(), 3, 13, 9); }
    TrainOptions options(const char* output) const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.output = folder / output;
        options.batch = 2;
        options.plan = PlanKind::stack;  // the shaders of which are soon compiled
        return options;
    }
    /// A model of `network`, all held tensors with values of their own.
    fs::path model(const NetworkOptions& network) const {
        Model model{two_layer_network(network), initial_parameters(two_layer_network(network), 3)};
        for (NamedTensor& tensor : model.parameters.tensors()) {
            if (tensor.held) tensor.values.assign(tensor.values.size(), 0.75f);
        }
        write_model(folder / "init.safetensors", model);
        return folder / "init.safetensors";
    }
    TemporaryFolder folder;
};

}  // namespace

TEST_CASE("with --zero-init-residual the pictures from before training are the pictures themselves") {
    const NormStartScene scene;
    TrainOptions options = scene.options("run");
    options.zero_init_residual = true;
    options.epochs = 1;
    SECTION("a norm before the activation") {}
    SECTION("a norm after it") {
        options.network.two_layer.activation = "tanh";
        options.network.two_layer.norm = NormPlacement::after;
    }
    CHECK(RunScene::run(options) == RunEnd::finished);
    for (int i = 0; i < 3; ++i) {
        const Image before = read_image(options.output / fmt::format("images/before_p{}.png", i)).image;
        CHECK(before.values == read_image(options.input / fmt::format("p{}.png", i)).image.values);
        const Image after = read_image(options.output / fmt::format("images/after_p{}.png", i)).image;
        CHECK(after.values != before.values);
    }
    const Parameters start = starting_model(options).parameters;
    CHECK(start.at("bn2.weight").values == std::vector<float>(3, 0.0f));
    CHECK(start.at("bn1.weight").values == std::vector<float>(5, 1.0f));
}

TEST_CASE("with --zero-init-residual the untrained filter passes every picture unchanged to the bit") {
    struct Way {
        const char *activation, *norm;
        InferencePlan plan;
    };
    const Way way =
        GENERATE(Way{"none", "before", InferencePlan::linear}, Way{"none", "before", InferencePlan::folded},
                 Way{"relu", "before", InferencePlan::folded}, Way{"tanh", "after", InferencePlan::folded},
                 Way{"leaky_relu", "before", InferencePlan::stack});
    INFO(way.activation << ", " << to_string(way.plan));
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.zero_init_residual = true;
    options.network.two_layer.activation = way.activation;
    options.network.two_layer.norm = norm_placement(way.norm);
    Picture8 levels{64, 4, std::vector<std::uint8_t>(3 * 256)};
    for (std::size_t i = 0; i < levels.rgb.size(); ++i) levels.rgb[i] = static_cast<std::uint8_t>(i * 7);
    PictureFilter filter(*device, options.network.network(), starting_model(options).parameters,
                         {.plan = way.plan, .tiles = quick_tiles()});
    CHECK(filter.apply(levels).rgb == levels.rgb);
    const Image image = made_picture(21, 13, 1);
    CHECK(filter.apply(image).values == image.values);
}

TEST_CASE("an untrained identity by --zero-init-residual is for a new network") {
    const NormStartScene scene;
    TrainOptions options = scene.options("run");
    options.init = scene.model(options.network.two_layer);
    options.zero_init_residual = true;
    CHECK(contains(RunScene::refusal(options), "--zero-init-residual is for a new network"));
    CHECK_FALSE(fs::exists(options.output));
}

TEST_CASE("what is held stays what it is in the model that a run begins with") {
    const NormStartScene scene;
    TrainOptions options = scene.options("run");
    options.network.two_layer.center = options.network.two_layer.scale = false;
    options.init = scene.model(options.network.two_layer);
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    CHECK(RunScene::run(options) == RunEnd::finished);
    const Parameters after = read_model(options.output / "model.safetensors").parameters;
    const Parameters before = read_model(options.init).parameters;
    for (const char* held : {"bn1.weight", "bn1.bias", "bn2.weight", "bn2.bias"}) {
        CHECK(after.at(held).values == std::vector<float>(after.at(held).values.size(), 0.75f));
    }
    CHECK(after.at("conv1.weight").values != before.at("conv1.weight").values);
}

TEST_CASE("a model with beta does not begin a run without, nor the other way round") {
    const NormStartScene scene;
    TrainOptions options = scene.options("run");
    NetworkOptions other = options.network.two_layer;
    other.center = false;
    options.init = scene.model(other);
    CHECK(contains(RunScene::refusal(options), "is a model with center false, and the run is to have true"));
    options.init = scene.model(options.network.two_layer);
    options.network.two_layer.center = false;
    CHECK(contains(RunScene::refusal(options), "is a model with center true, and the run is to have false"));
    options.network.two_layer.center = true;
    options.network.two_layer.scale = false;
    CHECK(contains(RunScene::refusal(options), "is a model with scale true, and the run is to have false"));
}

TEST_CASE("that no norm freezes is said of a flag only where one is given") {
    const NormStartScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 4;
    options.freeze_norm = NormFreeze::after_percent(50);
    Watcher first;
    first.stop_after = 1;
    CHECK(RunScene::run(options, first) == RunEnd::stopped);
    options.resume = true;
    options.epochs = 2;
    Watcher resumed;
    CHECK(RunScene::run(options, resumed) == RunEnd::finished);
    const auto says = [](const Watcher& watcher, const std::string& line) {
        return std::ranges::count(watcher.notes, line) == 1;
    };
    CHECK(says(resumed, "norms were to freeze from epoch 3, and there are 2 epochs: no norm freezes"));
    TrainOptions given = scene.options("given");
    given.epochs = 2;
    given.freeze_norm = 3;
    Watcher begun;
    CHECK(RunScene::run(given, begun) == RunEnd::finished);
    CHECK(says(begun, "--freeze-norm is 3, and there are 2 epochs: no norm freezes"));
}

TEST_CASE("a run is not resumed with other options of its norms") {
    const NormStartScene scene;
    TrainOptions options = scene.options("run");
    options.freeze_norm = 2;
    Watcher first;
    first.stop_after = 1;
    CHECK(RunScene::run(options, first) == RunEnd::stopped);
    options.resume = true;
    const auto refusal_after = [&](const auto& change) {
        TrainOptions changed = options;
        change(changed);
        return RunScene::refusal(changed);
    };
    using O = TrainOptions;
    CHECK(contains(refusal_after([](O& o) { o.freeze_norm = 0; }),
                   "begun with freeze-norm 2, and now it is 0"));
    CHECK(contains(refusal_after([](O& o) { o.debias = true; }), "begun with debias no, and now it is yes"));
    CHECK(contains(refusal_after([](O& o) { o.zero_init_residual = true; }),
                   "begun with zero-init-residual no, and now it is yes"));
    CHECK(contains(refusal_after([](O& o) { o.start.weights = {WeightRule::he}; }),
                   "begun with weights reference, and now it is he"));
    CHECK(contains(refusal_after([](O& o) { o.start.biases = 1; }), "begun with biases 0, and now it is 1"));
    CHECK(contains(refusal_after([](O& o) { o.optimizer.weight_decay = 0.5f; }),
                   "begun with weight-decay 0, and now it is 0.5"));
    CHECK(contains(refusal_after([](O& o) { o.network.two_layer.center = false; }),
                   "begun with center true, and now it is false"));
    CHECK(contains(refusal_after([](O& o) { o.network.two_layer.scale = false; }),
                   "begun with scale true, and now it is false"));
    CHECK(RunScene::run(options) == RunEnd::finished);
}

TEST_CASE("a checkpoint of a network without gamma is not one of a network with it") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const PicturePairs data = made_data(2, 9, 7);
    TrainOptions with = small_options(), without = with;
    with.plan = without.plan = PlanKind::stack;
    without.network.two_layer.scale = false;
    const fs::path path = folder / "checkpoint.safetensors";
    made_trainer(without, data).save_checkpoint(path);
    Trainer other = made_trainer(with, data);
    CHECK(contains(message_of<InputError>([&] { other.restore_checkpoint(path); }), "with scale false"));
    made_trainer(with, data).save_checkpoint(path);
    Trainer another = made_trainer(without, data);
    CHECK(contains(message_of<InputError>([&] { another.restore_checkpoint(path); }), "with scale true"));
}
