// shadenet train --data: a run on labelled pictures as its users start it, beside the same run in float64.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "data/batches.h"
#include "labelled_set.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "pictures.h"
#include "reference/network.h"
#include "train/logs/history.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t digit_rows = 4, digit_columns = 3, digit_classes = 3, digits_a_step = 4,
                        digit_epochs = 3;
constexpr std::uint64_t digit_seed = 7;

struct DigitPart {
    reference::Tensor x;
    reference::Labels labels;
};

DigitPart digits_of(const LabelledPictures& set, const std::vector<std::uint32_t>& numbers) {
    DigitPart part;
    std::vector<float> values;
    for (const std::uint32_t number : numbers) {
        for (const std::uint8_t level : set.picture(number)) {
            values.push_back(static_cast<float>(level) / 255.0f);
        }
        part.labels.push_back(set.labels[number]);
    }
    part.x = reference::tensor_from_floats(
        {static_cast<std::uint32_t>(numbers.size()), 1, digit_rows, digit_columns}, values);
    return part;
}

DigitPart all_digits(const LabelledPictures& set) {
    std::vector<std::uint32_t> all(set.size());
    std::iota(all.begin(), all.end(), 0u);
    return digits_of(set, all);
}

void check_loss(double actual, double expected) {
    CHECK(actual == Approx(expected).epsilon(1e-6));
}

}  // namespace

TEST_CASE("a classifier on the command line learns what float64 learns, epoch by epoch") {
    const TemporaryFolder folder;
    const LabelledPictures training = labelled_set(12, digit_rows, digit_columns, digit_classes),
                           test = labelled_set(5, digit_rows, digit_columns, digit_classes, 2);
    write_part(folder / "data", "train", training);
    write_part(folder / "data", "t10k", test);
    const Network network =
        parse_network("input 1x4x3, dense 6, norm decay 0.7, relu, dropout 0.8, dense 3", "");
    const Parameters start = initial_parameters(network, 3);
    write_model(folder / "start.safetensors", {network, start});

    const Outcome outcome = run_shadenet({"train",
                                          "--data",
                                          (folder / "data").string(),
                                          "--init",
                                          (folder / "start.safetensors").string(),
                                          "--output",
                                          (folder / "run").string(),
                                          "--split",
                                          "12:0",
                                          "--batch",
                                          "4",
                                          "--epochs",
                                          "3",
                                          "--seed",
                                          "7",
                                          "--optimizer",
                                          "momentum",
                                          "--lr",
                                          "0.1",
                                          "--schedule",
                                          "constant",
                                          "--evaluate-both"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const std::vector<EpochRecord> history = read_history(folder / "run/history.csv", network);
    REQUIRE(history.size() == digit_epochs);

    reference::NetworkRun run(network, start);
    reference::Optimizer optimizer({.kind = OptimizerKind::momentum, .learning_rate = 0.1f});
    const std::vector<std::uint32_t> sizes = {training.size()};
    const DigitPart all = all_digits(training), tested = all_digits(test);
    for (std::uint32_t epoch = 0; epoch < digit_epochs; ++epoch) {
        double loss = 0;
        std::uint32_t correct = 0;
        for (const auto& numbers :
             pass_batches(sizes, {.batch = digits_a_step}, digit_seed, epoch).examples) {
            const DigitPart part = digits_of(training, numbers);
            loss += run.train_step(part.x, part.labels, optimizer, digit_seed) *
                    static_cast<double>(numbers.size());
            correct += run.correct();
        }
        const EpochRecord& record = history[epoch];
        INFO("epoch " << record.epoch);
        check_loss(record.train_loss, loss / training.size());
        CHECK(record.train_accuracy.value() == Approx(static_cast<double>(correct) / training.size()));
        REQUIRE(record.sets.size() == 2);
        for (const auto& [set, part] : {std::pair(record.sets[0], all), std::pair(record.sets[1], tested)}) {
            const auto own =
                           reference::cross_entropy(run.infer(part.x, reference::Norms::batch), part.labels),
                       moving = reference::cross_entropy(run.infer(part.x), part.labels);
            INFO(set.set);
            check_loss(set.batch.loss, own.loss);
            check_loss(set.moving.loss, moving.loss);
            const auto share = [&](std::uint32_t right) {
                return Approx(static_cast<double>(right) / static_cast<double>(part.labels.size()));
            };
            CHECK(set.batch.accuracy.value() == share(own.correct));
            CHECK(set.moving.accuracy.value() == share(moving.correct));
        }
        const std::vector<double>& means = run.values().at("bn1.running_mean");
        for (std::size_t c = 0; c < means.size(); ++c) {
            CHECK(record.norms[0].moving_mean[c] == Approx(means[c]).margin(1e-5));
        }
    }
    const auto moving = reference::cross_entropy(run.infer(tested.x), tested.labels);
    const auto results = nlohmann::json::parse(read_text(folder / "run/test.json"));
    CHECK(results.at("correct").get<std::uint32_t>() == moving.correct);
    check_loss(results.at("loss").get<double>(), moving.loss);
    CHECK_THAT(outcome.out, ContainsSubstring("12 pictures of 3 x 4 in 3 classes, 5 to test on"));
    CHECK_THAT(outcome.out, ContainsSubstring("% right"));
    CHECK_THAT(outcome.out, ContainsSubstring("95 % interval"));
    CHECK_THAT(outcome.out, !ContainsSubstring("before_*.png"));
    CHECK_THAT(read_text(folder / "run/report.html"), ContainsSubstring("cross-entropy"));

    const Outcome more = run_shadenet(
        {"train", "--resume", "--output", (folder / "run").string(), "--epochs", "4", "--quiet"});
    INFO(more.err);
    CHECK(more.exit_code == 0);
    CHECK_THAT(more.out, ContainsSubstring("finished   epoch 4 of 4"));
    CHECK(read_history(folder / "run/history.csv", network).size() == 4);
}

TEST_CASE("messages about labelled pictures, and their remedies") {
    check_messages(
        std::vector<Message>{
            {"pairs beside labelled pictures", "shadenet train --data set --input before --output run", 2,
             "--input is about pairs of pictures, and --data brings labelled ones", ""},
            {"crops of labelled pictures", "shadenet train --data set --output run --crops 3", 2,
             "--crops is about pairs of pictures",
             "shadenet train --data set --output run --epochs 1 --split 80%:20% --flip --crop-pad 2"},
            {"zeros around pictures that are smaller",
             "shadenet train --data set --output run --crop-pad 16000", 2,
             "--crop-pad is \"16000\"; use 0 to ",
             "shadenet train --data set --output run --crop-pad 1 --epochs 1"},
            {"other moves than before",
             "shadenet train --data set --output run --epochs 1 --quiet --crop-pad 1 && shadenet train "
             "--resume "
             "--output run --epochs 2 --crop-pad 2",
             2, "the run was begun with crop-pad 1, and now it is 2; give the same options",
             "shadenet train --resume --output run --epochs 2"},
            {"a split of pairs", "train --split auto", 2, "--split is about labelled pictures; give --data",
             "train"},
            {"the reference on labelled pictures", "shadenet train --data set --output run --reference", 2,
             "--reference is about filters, and --data brings labelled pictures", ""},
            {"a filter for classes", "shadenet train --data set --output run --network two-layer", 2,
             "--network two-layer makes pictures, and --data asks for a class",
             "shadenet train --data set --output run --network mlp --epochs 1"},
            {"a network for other pictures",
             "shadenet train --data set --output run --network 'input 1x2x2, dense 2'", 2,
             "--network takes 1x2x2, and the pictures of set are 3x", ""},
            {"a network with other classes",
             "shadenet train --data set --output run --network 'input 3, conv 5 3x3, average'", 2,
             "--network makes 5x1x1 of a picture, and set has 2 classes; end it with a value a class, as by "
             "dense 2",
             "shadenet train --data set --output run --epochs 1 --network 'input 3, conv 5 3x3, average, "
             "dense 2'"},
            {"a network that continues pictures",
             "shadenet train --data set --output run --network 'input 3 edge, conv 2 3x3, average'", 2,
             "edge", ""},
            {"a split that is none", "shadenet train --data set --output run --split half", 2,
             "--split half: accepted are", ""},
            {"validation without pictures",
             "shadenet train --data set --output run --split 100%:0% --early-stop 2", 2,
             "--early-stop needs pictures for validation, and --split 100%:0% leaves none",
             "shadenet train --data set --output run --early-stop 2 --epochs 1"},
            {"data that is gone",
             "shadenet train --data set --output run --epochs 1 --quiet && mv set moved && shadenet train "
             "--resume --output "
             "run --epochs 2",
             2, "set: no such folder; if the run's pictures were moved, give --data again",
             "shadenet train --resume --output run --epochs 2 --data moved"},
            {"data that is another",
             "shadenet train --data set --output run --epochs 1 --quiet && rm set/a/1.png && shadenet train "
             "--resume "
             "--output run --epochs 2",
             2, "set holds others; put back what was there",
             "shadenet train --resume --output run --epochs 2 --changed-data"},
        },
        {R"(mkdir -p set/a set/b
for i in 1 2 3 4 5 6 7 8; do cp before/*0.png set/a/$i.png; cp after/*0.png set/b/$i.png; done)"});
}

TEST_CASE("pictures that are not learned from are warned of, also where notes are not wanted") {
    const TemporaryFolder folder;
    for (int i = 0; i < 6; ++i) {
        for (const char* name : {"a", "b"}) {
            fs::create_directories(folder / "set" / name);
            write_picture(folder / "set" / name / (std::to_string(i) + ".png"), 6, 6, i + *name);
        }
    }
    std::ofstream(folder / "set/a/0.png").put('x');
    write_picture(folder / "set/loose.png", 6, 6, 1);
    fs::create_directory(folder / "set/b/more");
    const Outcome outcome = run_shadenet({"train", "--data", (folder / "set").string(), "--output",
                                          (folder / "run").string(), "--network", "mlp", "--epochs", "1",
                                          "--batch", "4", "--split", "80%:20%:0%", "--quiet"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, ContainsSubstring("warning: left out: " + (folder / "set/a/0.png").string()));
    CHECK_THAT(outcome.err,
               ContainsSubstring("1 picture of no class not taken, as loose.png; put each into"));
    CHECK_THAT(outcome.err, ContainsSubstring("1 folder within classes not looked into, as b/more; put"));
}
