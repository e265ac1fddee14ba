// Whole runs on labelled pictures.
#include <atomic>

#include "base/error.h"
#include "data/labelled_examples.h"
#include "engine/learning/loss.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "reference/loss.h"
#include "task/mistake_pictures.h"
#include "task/test_results.h"
#include "train/labelled_scene.h"
#include "train/logs/history.h"
#include "train/logs/validation_log.h"
#include "train/reference_tools.h"
#include "train/set_scorer.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// By inference in float64, of inputs from 0 to `white`.
reference::Loss tested(const Network& network, const Parameters& parameters, const LabelledPictures& pictures,
                       float white = 1, reference::Norms norms = reference::Norms::frozen) {
    std::vector<float> values;
    for (const std::uint8_t level : pictures.levels) {
        values.push_back(static_cast<float>(level) * white / 255.0f);
    }
    const reference::Tensor x = reference::tensor_from_floats({pictures.size(), 1, 4, 5}, values);
    return reference::cross_entropy(reference::NetworkRun(network, parameters).infer(x, norms),
                                    pictures.labels);
}

void check_score(const Score& score, const reference::Loss& expected) {
    require_near_loss(score.loss, expected.loss);
    CHECK(score.accuracy ==
          static_cast<double>(expected.correct) / static_cast<double>(expected.examples.size()));
}

}  // namespace

TEST_CASE("a run on labelled pictures tells how many answers are right, and tests in the end") {
    const LabelledScene scene;
    const TrainOptions options = scene.options("run");
    Watcher watcher;
    CHECK(LabelledScene::run(options, watcher) == RunEnd::finished);
    CHECK(watcher.images == std::vector<std::uint32_t>{27, 3, 7});
    CHECK(watcher.notes.empty());
    const Network network = options.network.network();
    const std::vector<EpochRecord> history = read_history(options.output / "history.csv", network);
    REQUIRE(history.size() == 3);
    CHECK(history.back().train_accuracy.value() > history.front().train_accuracy.value());
    const Model model = read_model(options.output / "model.safetensors");
    CHECK(model.classes.names == std::vector<std::string>{"0", "1", "2"});
    CHECK(model.classes.height == 4);
    CHECK(model.classes.width == 5);
    const std::vector<ValidationRecord> looks = read_validations(options.output / "validation.csv");
    CHECK(looks.size() == 6);
    CHECK(looks.back().accuracy == history.back().validation_accuracy);

    const TestResults results = read_test_results(options.output / "test.json");
    check_score({results.loss, results.accuracy()},
                tested(network, model.parameters, labelled_set(7, 4, 5, 3, 2)));
    CHECK(results.pictures() == 7);
    CHECK(results.counts[0] + results.counts[1] + results.counts[2] == 3);
    CHECK(results.worst.size() == 7 - results.correct());
    CHECK(mistake_pictures_in(options.output / "images").size() == results.worst.size());
    CHECK(results.step == 12);
    CHECK_FALSE(results.best);
}

TEST_CASE("a run on labelled pictures that was stopped anywhere is the undisturbed one when it goes on") {
    const LabelledScene scene;
    TrainOptions options = scene.options("whole");
    options.evaluate_both = true;
    if (GENERATE(false, true)) {
        options.flip = options.drop_last = options.in_order = true;
        options.crop_pad = 2;
        options.epoch_steps = 4;  // a pass has 3
    }
    INFO("crop_pad " << options.crop_pad);
    CHECK(LabelledScene::run(options) == RunEnd::finished);
    for (const std::uint32_t steps : {1u, 4u, 7u}) {
        INFO(steps);
        options.output = scene.folder / fmt::format("parted{}", steps);
        options.resume = false;
        Watcher watcher;
        watcher.stop_after = steps;
        CHECK(LabelledScene::run(options, watcher) == RunEnd::stopped);
        options.resume = true;
        CHECK(LabelledScene::run(options) == RunEnd::finished);
        check_same_runs(scene.folder / "whole", options.output);
    }
}

TEST_CASE("training moves labelled pictures by the run's seed, and says so") {
    const LabelledScene scene;
    std::string said;
    const auto trained = [&](const char* output, bool flip, std::uint32_t pad) {
        TrainOptions options = scene.options(output);
        options.flip = flip;
        options.crop_pad = pad;
        Watcher watcher;
        CHECK(LabelledScene::run(options, watcher) == RunEnd::finished);
        said = watcher.pictures;
        return read_model(options.output / "model.safetensors").parameters;
    };
    const Parameters plain = trained("plain", false, 0), flipped = trained("flipped", true, 0);
    CHECK(same_bits(trained("again", true, 0), flipped));
    CHECK_FALSE(same_bits(flipped, plain));
    CHECK(said == "27 pictures of 5 x 4 in 3 classes, half of them mirrored, 3 for validation, 7 to test on");
    CHECK_FALSE(same_bits(trained("moved", false, 1), plain));
    CHECK(said ==
          "27 pictures of 5 x 4 in 3 classes, moved by up to 1 pixel, 3 for validation, 7 to test on");
    TrainOptions far = scene.options("far");
    far.crop_pad = 4;
    CHECK(LabelledScene::refusal(far) ==
          "--crop-pad is \"4\"; use 0 to 3, as the pictures have 5 x 4 pixels");
    CHECK_FALSE(fs::exists(far.output));
}

TEST_CASE("a set's own statistics in place of the moving ones score as a batch of the whole set does") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.evaluate_both = true;
    options.split = "30:0";
    options.validate_every = 0;
    options.epochs = 1;
    Watcher watcher;
    LabelledScene::run(options, watcher);
    REQUIRE(watcher.records.size() == 1);
    const std::vector<SetScores>& sets = watcher.records[0].sets;
    REQUIRE(sets.size() == 2);
    CHECK(sets[0].set == "train");
    CHECK(sets[1].set == "test");
    const Network network = options.network.network();
    for (const auto& [scores, pictures] :
         {std::pair(sets[0], labelled_set(30, 4, 5, 3)), std::pair(sets[1], labelled_set(7, 4, 5, 3, 2))}) {
        check_score(scores.batch, tested(network, watcher.latest, pictures, 1, reference::Norms::batch));
        check_score(scores.moving, tested(network, watcher.latest, pictures));
    }
    const auto history = read_history(options.output / "history.csv", options.network.network());
    REQUIRE(history.at(0).sets.size() == 2);
    CHECK(history[0].sets[1].batch.accuracy.value() == Approx(sets[1].batch.accuracy.value()));
}

TEST_CASE("scoring of a set can be stopped") {
    const Network network = parse_network("input 1x4x5, dense 4, norm, relu, dense 3", "network");
    const Parameters parameters = initial_parameters(network, 1);
    const LabelledExamples examples(labelled_set(30, 4, 5, 3), network.range);
    SetScorer scorer(test_device(), network, parameters, {"train", examples}, cross_entropy);
    std::atomic<bool> stop = false;
    const SetScores scores = scorer.scores(parameters, stop);
    stop = true;
    CHECK_THROWS_AS(scorer.scores(parameters, stop), Stopped);
    stop = false;
    CHECK(scorer.scores(parameters, stop).batch.loss == scores.batch.loss);
}

TEST_CASE("a network with a range of its own sees the bytes in it") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.network.take(parse_network("input 1x4x5 scale 255, conv 3 3x3, relu, dense 3", "network"));
    options.optimizer.learning_rate = 1e-4f;
    LabelledScene::run(options);
    const TestResults results = read_test_results(options.output / "test.json");
    const Model model = read_model(options.output / "model.safetensors");
    check_score({results.loss, results.accuracy()},
                tested(model.network, model.parameters, labelled_set(7, 4, 5, 3, 2), 255));
}

TEST_CASE("the test of a run that may end early is of the best validation's model") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.early_stop = 2;
    options.optimizer.learning_rate = 0.3f;
    options.epochs = 40;
    Watcher watcher;
    LabelledScene::run(options, watcher);
    const TestResults results = read_test_results(options.output / "test.json");
    CHECK(results.best);
    double best = 1e9, accuracy = 0;
    std::uint64_t step = 0;
    for (const ValidationRecord& look : read_validations(options.output / "validation.csv")) {
        if (look.loss >= best) continue;
        best = look.loss;
        step = look.step;
        accuracy = look.accuracy.value();
    }
    CHECK(results.step == step);
    CHECK_THAT(
        watcher.notes.back(),
        ContainsSubstring(fmt::format("the run ends early: the best validation, {:.6g} ({:.2f} % right) at "
                                      "step {} in epoch",
                                      best, 100 * accuracy, step)));
}

TEST_CASE("a preset takes the form of labelled pictures, and keeps it when the run goes on") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.network.asked = "mlp";
    options.network.look_up();
    options.epochs = 1;
    LabelledScene::run(options);
    const Model model = read_model(options.output / "model.safetensors");
    CHECK(model.network.input == Shape{0, 1, 4, 5});
    CHECK(point_shapes(model.network, {1, 1, 4, 5}).back() == Shape{1, 3, 1, 1});
    options.resume = true;
    options.epochs = 2;
    CHECK(LabelledScene::run(options) == RunEnd::finished);
}

TEST_CASE("labelled pictures that do not fit what is asked for are refused before the run is begun") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    const auto refusal_of_network = [&](const char* text) {
        TrainOptions other = options;
        other.network.take(parse_network(text, "network"));
        return LabelledScene::refusal(other);
    };
    CHECK_THAT(refusal_of_network("input 1x4x4, dense 3"),
               ContainsSubstring("takes 1x4x4, and the pictures"));
    CHECK_THAT(refusal_of_network("input 1x4x5, dense 4"), ContainsSubstring("has 3 classes; end it with"));
    CHECK_THAT(refusal_of_network("input 3, conv 3 3x3"), ContainsSubstring("takes 3 channels"));
    options.split = "30:0";
    CHECK_THAT(LabelledScene::refusal(options), ContainsSubstring("--validate-every needs pictures"));
    CHECK_FALSE(fs::exists(options.output));

    options = scene.options("run");
    options.epochs = 1;
    LabelledScene::run(options);
    write_part(scene.folder / "data", "t10k", labelled_set(7, 4, 5, 3, 5));
    options.resume = true;
    options.epochs = 2;
    CHECK_THAT(LabelledScene::refusal(options), ContainsSubstring("begun with other pictures"));
    options.changed_data = true;
    struct : Watcher {
        void on_warning(const std::string& warning) override { warnings.push_back(warning); }
        std::vector<std::string> warnings;
    } watcher;
    CHECK(LabelledScene::run(options, watcher) == RunEnd::finished);
    REQUIRE(watcher.warnings.size() == 1);
    CHECK_THAT(
        watcher.warnings.front(),
        ContainsSubstring("has changed and is divided anew, so that pictures of validation may be some"));
}

TEST_CASE("a checkpoint of a run on labelled pictures is a model that knows its classes") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 1;
    LabelledScene::run(options);
    const ModelClasses classes = read_model(options.output / "checkpoint.safetensors").classes;
    CHECK(classes == ModelClasses{{"0", "1", "2"}, 1, 4, 5, "centre", "luma"});
    CHECK(classes == read_model(options.output / "model.safetensors").classes);
}

TEST_CASE("a run goes on, or begins from a model, only with the classes that its answers mean") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.network.asked = "mlp";
    options.network.look_up();
    options.epochs = 1;
    LabelledScene::run(options);
    const std::string checkpoint = (options.output / "checkpoint.safetensors").string();
    write_part(scene.folder / "data", "train", labelled_set(40, 4, 5, 4));
    TrainOptions on = options;
    on.resume = on.changed_data = true;
    on.epochs = 2;
    CHECK(LabelledScene::refusal(on) ==
          checkpoint +
              ": it has no class 3, and the data has \"3\" there; put the pictures back into the "
              "classes that the run was begun with, or train anew with another --output");
    TrainOptions anew = options;
    anew.output = scene.folder / "anew";
    anew.init = checkpoint;
    CHECK(LabelledScene::refusal(anew) ==
          checkpoint +
              ": it has no class 3, and the data has \"3\" there; only a model of the same classes in "
              "the same order can be gone on with: leave out --init to train anew");
    CHECK_FALSE(fs::exists(anew.output));

    // What names no classes: a checkpoint of an earlier version, and a model of another program.
    write_part(scene.folder / "data", "train", labelled_set(30, 4, 5, 3, 4));
    SafeTensors file = read_safetensors(checkpoint);
    file.metadata.erase("classes");
    write_safetensors(checkpoint, file);
    CHECK(LabelledScene::refusal(on) ==
          checkpoint +
              ": does not name its classes, as an earlier version has written it, so that nothing "
              "tells whether the changed data has the same; train anew with another --output");
    Watcher watcher;
    CHECK(LabelledScene::run(anew, watcher) == RunEnd::finished);
    CHECK(watcher.notes ==
          std::vector<std::string>{
              checkpoint + ": names no classes; its results are taken for those of the data, in their "
                           "order"});
    write_part(scene.folder / "data", "train", labelled_set(30, 4, 5, 3));
    on.changed_data = false;
    CHECK(LabelledScene::run(on) == RunEnd::finished);
    CHECK(read_model(checkpoint).classes.names == std::vector<std::string>{"0", "1", "2"});
}
