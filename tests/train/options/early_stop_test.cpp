#include "train/options/early_stop.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "model/model_file.h"
#include "reference/network.h"
#include "train/logs/begin_log.h"
#include "train/logs/validation_log.h"
#include "train/reference_tools.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

constexpr const char* header = "epoch,step,validation_loss\n";

/// Validates after every step of its three epochs of three, and with steps this large often for the worse.
TrainOptions restless(const RunScene& scene, const char* output, std::uint32_t patience) {
    TrainOptions options = scene.options(output);
    options.test.clear();
    options.optimizer.learning_rate = 0.2f;
    options.validate_every = 1;
    options.early_stop = patience;
    options.plan = PlanKind::stack;  // the kernels of which validation has in any case
    return options;
}

/// Where a run with these validations ends: after how many, and which of them was the best.
struct Expected {
    std::size_t validations, best;
};

Expected expected_end(const std::vector<ValidationRecord>& all, std::uint32_t patience) {
    std::size_t best = 0, i = 1;
    for (; i < all.size() && i - best <= patience; ++i) {
        if (all[i].loss < all[best].loss) best = i;
    }
    return {i, best};
}

/// Of a checkpoint within an epoch: the time that its steps took is no two runs'.
SafeTensors timeless_checkpoint(const fs::path& run) {
    SafeTensors file = read_safetensors(run / "checkpoint.safetensors");
    CHECK(file.metadata.erase("epoch_seconds") == 1);
    return file;
}

void check_same_checkpoints(const fs::path& one, const fs::path& other) {
    const SafeTensors a = timeless_checkpoint(one), b = timeless_checkpoint(other);
    CHECK(a.metadata == b.metadata);
    REQUIRE(a.tensors.size() == b.tensors.size());
    for (std::size_t i = 0; i < a.tensors.size(); ++i) {
        INFO(a.tensors[i].name);
        CHECK(a.tensors[i].name == b.tensors[i].name);
        CHECK(a.tensors[i].bytes == b.tensors[i].bytes);
    }
}

void check_same_files(const fs::path& one, const fs::path& other) {
    CHECK(files_of(one) == files_of(other));
    check_same_checkpoints(one, other);
    for (const std::string& name : files_of(other)) {
        if (name == "config.json" || name == "history.csv" || name == "checkpoint.safetensors") continue;
        INFO(name);
        CHECK(file_text(one / name) == file_text(other / name));
    }
    CHECK(timeless(one / "history.csv") == timeless(other / "history.csv"));
}

/// Those of a restless run that is stopped after so many steps.
Parameters parameters_after(const RunScene& scene, std::uint64_t steps) {
    const TrainOptions options = restless(scene, "stopped", 0);
    Watcher until;
    until.stop_after = static_cast<std::uint32_t>(steps);
    scene.run(options, until);
    const Parameters parameters = read_model(options.output / "checkpoint.safetensors").parameters;
    fs::remove_all(options.output);
    return parameters;
}

bool noted_at_stop(const Watcher& watcher, const std::string& part) {
    return std::any_of(watcher.notes.begin(), watcher.notes.end(),
                       [&](const std::string& note) { return contains(note, part); });
}

}  // namespace

TEST_CASE("only a lower loss is a better one, and patience counts those after it") {
    EarlyStop stop;
    CHECK_FALSE(stop.reached(1));
    CHECK(stop.add({0.5, 3, 1}));
    CHECK_FALSE(stop.reached(1));
    CHECK_FALSE(stop.add({0.5, 6, 2}));
    CHECK(stop.reached(1));
    CHECK_FALSE(stop.reached(2));
    CHECK(stop.add({0.25, 9, 3}));
    CHECK(stop == EarlyStop{BestValidation{0.25, 9, 3}, 0});
    for (int i = 0; i < 3; ++i) CHECK_FALSE(stop.add({1.0, 12, 4}));
    CHECK(stop.reached(3));
    CHECK_FALSE(stop.reached(4));
    CHECK_FALSE(stop.reached(0));
}

TEST_CASE("validation.csv is read as it was written, and kept up to a step") {
    const TemporaryFolder folder;
    const fs::path path = folder / "validation.csv";
    ValidationLog log(path, true);
    begin_log(log);
    log.on_validation({.epoch = 1, .step = 2, .loss = 1.0 / 3.0});
    log.on_validation({.epoch = 1, .step = 3, .loss = 1e-20});
    log.on_validation({.epoch = 2, .step = 4, .loss = 7});
    CHECK(file_text(path) == std::string(header) + "1,2,0.333333333\n1,3,1e-20\n2,4,7\n");
    const std::vector<ValidationRecord> read = read_validations(path);
    REQUIRE(read.size() == 3);
    CHECK(read[2].epoch == 2);
    CHECK(read[2].step == 4);
    CHECK(read[1].loss == 1e-20);

    append_to_file(path, std::as_bytes(std::span("2,6", 3)));  // half a row
    CHECK(read_validations(path).size() == 3);
    begin_log(log, 3);
    log.on_validation({.epoch = 2, .step = 5, .loss = 0.5});
    CHECK(file_text(path) == std::string(header) + "1,2,0.333333333\n1,3,1e-20\n2,5,0.5\n");
    fs::remove(path);
    begin_log(log, 3);
    CHECK(file_text(path) == header);
}

TEST_CASE("a validation.csv that is damaged or another file is refused") {
    const TemporaryFolder folder;
    const fs::path path = folder / "validation.csv";
    ValidationLog log(path, false);  // a run goes on with what is there
    begin_log(log, 9);
    const auto refusal = [&] { return message_of<InputError>([&] { read_validations(path); }); };
    CHECK(contains(refusal(), "no such file"));
    write_file_atomically(path, "step,loss\n");
    CHECK(contains(refusal(), "is no list of validations"));
    CHECK(contains(message_of<InputError>([&] { begin_log(log, 9); }), "is no list of validations"));
    for (const char* line : {"", "1,2", "1,2,", "1,2,x", "1,2,0.5,1", "-1,2,0.5", "1,1,0.5"}) {
        INFO(line);
        write_file_atomically(path, std::string(header) + "1,1,0.25\n" + line + "\n");
        CHECK(contains(refusal(), "line 3 is damaged"));
        begin_log(log, 9);
        CHECK(file_text(path) == std::string(header) + "1,1,0.25\n");
    }
}

TEST_CASE("validation within epochs is inference with the network of that step, and changes nothing") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.batch = 2;
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    const PicturePairs data = made_data(5, 19, 13), validation = made_data(2, 12, 21, 40);
    Trainer plain = made_trainer(options, data);
    options.validate_every = 2;
    Trainer trainer(*device, options, data, &validation,
                    initial_parameters(options.network.network(), options.seed),
                    tiles_of(options.network.two_layer));
    std::vector<ValidationRecord> seen;
    std::map<std::uint64_t, Parameters> parameters;
    trainer.on_validation([&](const ValidationRecord& record) {
        seen.push_back(record);
        parameters[record.step] = trainer.parameters();
    });
    for (std::uint32_t epoch = 0; epoch < 2; ++epoch) {
        const auto record = trainer.run_epoch(never, {}), other = plain.run_epoch(never, {});
        REQUIRE(record);
        CHECK(record->train_loss == other->train_loss);
        CHECK(record->validation_loss == seen.back().loss);
    }
    CHECK(same_bits(trainer.parameters(), plain.parameters()));
    // Two epochs of three steps: every second of all steps, and the last of each epoch once.
    REQUIRE(seen.size() == 4);
    const std::pair<std::uint32_t, std::uint64_t> places[] = {{1, 2}, {1, 3}, {2, 4}, {2, 6}};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(std::pair(seen[i].epoch, seen[i].step) == places[i]);
        CHECK_FALSE(seen[i].best);
        const reference::NetworkRun network(options.network.network(), parameters.at(seen[i].step));
        require_near_loss(seen[i].loss, inference_loss(network, validation));
    }
}

TEST_CASE("a run ends after so many validations without a better one, and keeps the best model") {
    const RunScene scene;
    Watcher whole;
    scene.run(restless(scene, "whole", 0), whole);
    REQUIRE(whole.validations.size() == 9);
    CHECK(read_validations(scene.folder / "whole/validation.csv").size() == 9);
    CHECK_FALSE(fs::exists(scene.folder / "whole/best.safetensors"));

    for (const std::uint32_t patience : {1u, 2u}) {
        INFO("patience " << patience);
        const Expected expected = expected_end(whole.validations, patience);
        REQUIRE(expected.validations < 9);  // or there is nothing to see here
        const TrainOptions options = restless(scene, "early", patience);
        Watcher early;
        CHECK(scene.run(options, early) == RunEnd::finished);
        CHECK(early.steps == expected.validations);
        REQUIRE(early.validations.size() == expected.validations);
        for (std::size_t i = 0; i < early.validations.size(); ++i) {
            CHECK(early.validations[i].loss == whole.validations[i].loss);
        }
        const ValidationRecord& best = early.validations[expected.best];
        CHECK(best.best);
        CHECK(noted_at_stop(
            early,
            fmt::format("the run ends early: the best validation, {:.6g} ({:.1f} dB) at step {} in epoch "
                        "{}, was not bettered by the next {}",
                        best.loss, -10 * std::log10(best.loss), best.step, best.epoch, patience)));
        CHECK(fs::exists(options.output / "images/after_p4.png"));
        const Parameters kept = read_model(options.output / "best.safetensors").parameters;
        CHECK(same_bits(kept, parameters_after(scene, best.step)));
        CHECK_FALSE(same_bits(kept, read_model(options.output / "model.safetensors").parameters));
        fs::remove_all(options.output);
    }
}

TEST_CASE("a run whose loss is no number any more keeps the best model from before") {
    const RunScene scene;
    TrainOptions options = restless(scene, "run", 9);
    options.changes = {{4, {1e38f, 0.9f}}};
    Watcher watcher;
    CHECK(contains(message_of<WorkError>([&] { scene.run(options, watcher); }), "no longer a number"));
    REQUIRE(watcher.validations.size() == 4);
    const Expected expected = expected_end(watcher.validations, 9);
    CHECK(same_bits(read_model(options.output / "best.safetensors").parameters,
                    parameters_after(scene, watcher.validations[expected.best].step)));
}

TEST_CASE("a run that may end early, stopped and resumed, equals one that was not") {
    const RunScene scene;
    const std::uint32_t patience = 2;
    Watcher straight;
    scene.run(restless(scene, "straight", patience), straight);
    REQUIRE(straight.steps > 2);
    for (const std::uint32_t stop_after : {1u, straight.steps - 1}) {
        INFO("stopped after step " << stop_after);
        TrainOptions options = restless(scene, "stopped", patience);
        Watcher first;
        first.stop_after = stop_after;
        CHECK(scene.run(options, first) == RunEnd::stopped);
        // What a killed process may have written after its checkpoint.
        append_to_file(options.output / "validation.csv", std::as_bytes(std::span("9,99,0.5\n", 9)));
        options.resume = true;
        CHECK(scene.run(options) == RunEnd::finished);
        check_same_files(options.output, scene.folder / "straight");
        fs::remove_all(options.output);
    }
}

TEST_CASE("a run that ended early goes on only with more patience") {
    const RunScene scene;
    TrainOptions options = restless(scene, "run", 1);
    scene.run(options);
    const std::string checkpoint = file_text(options.output / "checkpoint.safetensors");
    options.resume = true;
    options.epochs = 5;
    Watcher again;
    CHECK(scene.run(options, again) == RunEnd::finished);
    CHECK(again.steps == 0);
    CHECK(noted_at_stop(again, "this run ended early: the best validation, "));
    CHECK(noted_at_stop(again, "give a larger --early-stop to go on"));
    CHECK(file_text(options.output / "checkpoint.safetensors") == checkpoint);
    options.epochs = 3;
    options.early_stop = 3;
    Watcher further;
    CHECK(scene.run(options, further) == RunEnd::finished);
    CHECK(further.steps > 0);
    scene.run(restless(scene, "straight", 3));
    check_same_files(options.output, scene.folder / "straight");
}

TEST_CASE("a checkpoint keeps the best validation, and one of an earlier version has none") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const fs::path path = folder / "c.safetensors";
    const PicturePairs data = made_data(3, 19, 13);
    TrainOptions options = small_options();
    options.early_stop = 2;
    const auto made = [&] {
        return std::make_unique<Trainer>(*device, options, data, &data,
                                         initial_parameters(options.network.network(), options.seed),
                                         tiles_of(options.network.two_layer));
    };
    const auto trainer = made();
    REQUIRE(trainer->run_epoch(never, {}));
    trainer->save_checkpoint(path);
    const auto other = made();
    const auto restored = [&] {
        other->restore_checkpoint(path);
        return other->early_stop();
    };
    REQUIRE(trainer->early_stop().best);
    CHECK(trainer->early_stop().best->step == 1);
    CHECK(restored() == trainer->early_stop());
    const SafeTensors whole = read_safetensors(path);
    for (const char* key : {"best_loss", "best_step", "best_epoch", "validations_since_best"}) {
        SafeTensors damaged = whole;
        damaged.metadata.at(key) = "-1";
        write_safetensors(path, damaged);
        CHECK(contains(message_of<InputError>(restored), key));
    }
    SafeTensors earlier = whole;
    for (const char* key : {"best_loss", "best_step", "best_epoch", "validations_since_best"}) {
        CHECK(earlier.metadata.erase(key) == 1);
    }
    write_safetensors(path, earlier);
    CHECK(restored() == EarlyStop{});
}
