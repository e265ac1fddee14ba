#include "train/checkpoint.h"

#include <optional>

#include "model/model_file.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

TrainOptions batch_options(OptimizerKind kind = OptimizerKind::adam) {
    TrainOptions options = small_options();
    options.batch = 2;
    options.optimizer.kind = kind;
    options.plan = PlanKind::stack;  // the shaders of which are soon compiled
    return options;
}

/// Runs the current epoch until `steps` of it are done.
void run_steps(Trainer& trainer, std::uint32_t steps) {
    std::atomic<bool> stop = false;
    CHECK_FALSE(trainer.run_epoch(stop, [&](std::uint32_t step) { stop = step == steps; }));
}

void run_epochs(Trainer& trainer, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) REQUIRE(trainer.run_epoch(never, {}));
}

/// A checkpoint in the middle of the second epoch.
fs::path saved_checkpoint(const TemporaryFolder& folder, const TrainOptions& options,
                          const PicturePairs& data) {
    Trainer trainer = made_trainer(options, data);
    run_epochs(trainer, 1);
    run_steps(trainer, 2);
    trainer.save_checkpoint(folder / "checkpoint.safetensors");
    return folder / "checkpoint.safetensors";
}

void write_text(const fs::path& path, const std::string& text) {
    write_file_atomically(path, text);
}

}  // namespace

TEST_CASE("resumed training has the bits of uninterrupted training") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const PicturePairs data = made_data(5, 19, 13);
    struct Case {
        OptimizerKind kind;
        PlanKind plan;
    };
    const Case one =
        GENERATE(Case{OptimizerKind::adam, PlanKind::fused}, Case{OptimizerKind::adam, PlanKind::stack},
                 Case{OptimizerKind::amsgrad, PlanKind::stack},
                 Case{OptimizerKind::momentum, PlanKind::stack}, Case{OptimizerKind::sgd, PlanKind::fused});
    TrainOptions options = batch_options(one.kind);
    options.plan = one.plan;
    INFO(to_string(one.kind) << ", " << to_string(one.plan));
    Trainer straight = made_trainer(options, data);
    run_epochs(straight, 1);
    const std::optional<EpochRecord> second = straight.run_epoch(never, {});
    run_epochs(straight, 1);
    straight.save_checkpoint(folder / "straight.safetensors");

    Trainer begun = made_trainer(options, data);
    run_epochs(begun, 1);
    // At the end of an epoch, and within one.
    for (const std::uint32_t extra_steps : {0u, 1u, 2u}) {
        INFO("stopped " << extra_steps << " steps into epoch 2");
        if (extra_steps != 0) run_steps(begun, extra_steps);
        begun.save_checkpoint(folder / "middle.safetensors");

        Trainer resumed = made_trainer(options, data);
        resumed.restore_checkpoint(folder / "middle.safetensors");
        CHECK(resumed.epochs_done() == 1);
        CHECK(resumed.steps_done() == 3 + extra_steps);
        const std::optional<EpochRecord> again = resumed.run_epoch(never, {});
        REQUIRE(again);
        CHECK(again->train_loss == second->train_loss);
        CHECK(again->epoch == 2);
        run_epochs(resumed, 1);
        resumed.save_checkpoint(folder / "resumed.safetensors");
        CHECK(same_bits(resumed.parameters(), straight.parameters()));
        CHECK(file_text(folder / "resumed.safetensors") == file_text(folder / "straight.safetensors"));
    }
}

TEST_CASE("training all pictures at once goes on with the bits of uninterrupted training") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    TrainOptions options = small_options();
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    INFO(to_string(options.plan));
    const PicturePairs data = made_data(3, 19, 13);
    Trainer straight = made_trainer(options, data);
    run_epochs(straight, 2);
    straight.save_checkpoint(folder / "middle.safetensors");
    run_epochs(straight, 2);
    Trainer resumed = made_trainer(options, data);
    resumed.restore_checkpoint(folder / "middle.safetensors");
    run_epochs(resumed, 2);
    CHECK(same_bits(resumed.parameters(), straight.parameters()));
}

TEST_CASE("a checkpoint is a model file") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const TrainOptions options = batch_options();
    const PicturePairs data = made_data(5, 19, 13);
    Trainer trainer = made_trainer(options, data);
    run_epochs(trainer, 1);
    trainer.save_checkpoint(folder / "c.safetensors");
    const Model model = read_model(folder / "c.safetensors");
    CHECK(model.network == options.network.network());
    CHECK(same_bits(model.parameters, trainer.parameters()));
    const SafeTensors file = read_safetensors(folder / "c.safetensors");
    CHECK(file.metadata.at("step") == "3");
    CHECK(file.metadata.at("epoch") == "1");
    CHECK(file.metadata.at("optimizer") == "adam");
    CHECK(file.metadata.at("seed") == "11");
    REQUIRE(file.find("optimizer.state") != nullptr);
}

TEST_CASE("a checkpoint of another run is refused, naming what differs") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const TrainOptions options = batch_options();
    const PicturePairs data = made_data(5, 19, 13);
    const fs::path path = saved_checkpoint(folder, options, data);
    const auto refusal = [&](const TrainOptions& others, const PicturePairs& other_data) {
        Trainer trainer = made_trainer(others, other_data);
        const Parameters before = trainer.parameters();
        const std::string message = message_of<InputError>([&] { trainer.restore_checkpoint(path); });
        CHECK(same_bits(trainer.parameters(), before));
        CHECK(contains(message, path.string()));
        return message;
    };
    TrainOptions others = options;
    others.network.two_layer.hidden = 7;
    CHECK(contains(refusal(others, data), "hidden 5"));
    others = options;
    others.optimizer.kind = OptimizerKind::sgd;
    CHECK(contains(refusal(others, data), "optimizer adam"));
    others = options;
    others.optimizer.learning_rate = 0.02f;
    CHECK(contains(refusal(others, data), "learning_rate 0.01"));
    others = options;
    others.optimizer.weight_decay = 0.5f;
    CHECK(contains(refusal(others, data), "optimizer_weight_decay 0, and this run has 0.5"));
    SafeTensors earlier = read_safetensors(path);
    REQUIRE(earlier.metadata.erase("optimizer_weight_decay") == 1);  // a version that had none of it
    write_safetensors(path, earlier);
    CHECK(contains(refusal(others, data), "optimizer_weight_decay 0, and this run has 0.5"));
    CHECK_NOTHROW(made_trainer(options, data).restore_checkpoint(path));
    others = options;
    others.seed = 3;
    CHECK(contains(refusal(others, data), "seed 11"));
    others = options;
    others.batch = 3;
    CHECK(contains(refusal(others, data), "batch 2"));
    CHECK(contains(refusal(options, made_data(4, 19, 13)), "images 5"));
    CHECK(contains(refusal(options, made_data(5, 13, 19)), "height 13"));
}

TEST_CASE("a damaged checkpoint is refused") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const TrainOptions options = batch_options();
    const PicturePairs data = made_data(5, 19, 13);
    const fs::path path = saved_checkpoint(folder, options, data);
    Trainer trainer = made_trainer(options, data);
    const auto refusal = [&] { return message_of<InputError>([&] { trainer.restore_checkpoint(path); }); };
    REQUIRE(refusal().empty());
    const SafeTensors whole = read_safetensors(path);
    const std::string text = file_text(path);

    SECTION("truncated") {
        write_text(path, text.substr(0, text.size() - 5));
        CHECK(contains(refusal(), path.string()));
    }
    SECTION("missing") {
        fs::remove(path);
        CHECK(contains(refusal(), "is not there, and the run cannot go on without it"));
    }
    SECTION("a model, and no checkpoint") {
        write_model(path, {options.network.network(), trainer.parameters()});
        CHECK(contains(refusal(), "is no checkpoint"));
    }
    SECTION("counts that do not agree") {
        for (const char* key : {"step", "epoch", "epoch_step"}) {
            SafeTensors file = whole;
            file.metadata[key] = "9";
            write_safetensors(path, file);
            INFO(key);
            CHECK(contains(refusal(), "do not agree"));
        }
    }
    SECTION("numbers that are none") {
        for (const char* value : {"", "nan", "-1", "2x", "99999999999999999999"}) {
            SafeTensors file = whole;
            file.metadata["epoch_step"] = value;
            write_safetensors(path, file);
            INFO(value);
            CHECK(contains(refusal(), "epoch_step"));
        }
    }
    SECTION("optimizer state of another size, not finite, or missing") {
        SafeTensors file = whole;
        file.tensors.back() = SafeTensor::floats("optimizer.state", {3}, std::vector<float>{1, 2, 3});
        write_safetensors(path, file);
        CHECK(contains(refusal(), "do not agree"));
        file.tensors.back() = SafeTensor::floats("optimizer.state", {1}, std::vector<float>{NAN});
        write_safetensors(path, file);
        CHECK(contains(refusal(), "not finite"));
        file.tensors.pop_back();
        write_safetensors(path, file);
        CHECK(contains(refusal(), "no optimizer state"));
    }
}

TEST_CASE("the sums of an unfinished epoch count by the share of the pictures that are there now") {
    const TemporaryFolder folder;
    TrainOptions options = small_options();
    options.labelled = "data";
    options.batch = 5;
    Checkpoint checkpoint{.progress = {.step = 1, .epoch_step = 1, .epoch_loss = 6.25, .epoch_correct = 4},
                          .parameters = initial_parameters(options.network.network(), 1)};
    checkpoint.early_stop.best = BestValidation{0.5, 1, 1, 0.75};
    const ModelClasses classes{{"a", "b"}, 3, 4, 4, "centre", "luma"};
    const fs::path path = folder / "c.safetensors";
    write_checkpoint(path, options, {10, 4, 4, {10}, {}, classes}, checkpoint);
    CHECK(read_checkpoint(path, options, {10, 4, 4, {10}, {}, classes}).progress.epoch_correct == 4);
    const Checkpoint changed =
        read_checkpoint(path, options, {8, 4, 4, {8}, {}, classes}, {.training = true});
    CHECK(changed.progress.epoch_loss == 5);
    CHECK(changed.progress.epoch_correct == 3);  // 3.2
    CHECK(changed.early_stop == checkpoint.early_stop);
    options.epoch_steps = 2;
    write_checkpoint(path, options, {10, 4, 4, {10}, {}, classes}, checkpoint);
    CHECK(read_checkpoint(path, options, {8, 4, 4, {8}, {}, classes}, {.training = true})
              .progress.epoch_correct == 4);
}
