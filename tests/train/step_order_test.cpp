// Runs whose epochs are numbers of steps, and runs that take their examples otherwise than in whole random
// passes: the steps are the same wherever epochs end, and after a resumption.
#include <atomic>
#include <cmath>
#include <memory>
#include <vector>

#include "data/batches.h"
#include "data/picture_crops.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

using StepSizes = std::vector<std::uint32_t>;

/// Two kinds of pictures, three and two of them: with two to a step 3 steps a pass, of 2, 1 and 2 examples.
PicturePairs two_kinds() {
    PicturePairs data({"a0", "a1", "a2", "b0", "b1"}, 19, 13, StepSizes{3, 2});
    for (std::uint32_t i = 0; i < 5; ++i) {
        const Image input = made_picture(19, 13, i);
        data.set(i, input, grey_of(input));
    }
    return data;
}

TrainOptions order_options(bool domains) {
    TrainOptions options = small_options();
    options.batch = 2;
    options.debias = true;
    if (domains) options.domains = {{"a", "a/in", "a/out"}, {"b", "b/in", "b/out"}};
    return options;
}

std::unique_ptr<Trainer> order_trainer(const TrainOptions& options, const Examples& data) {
    return std::make_unique<Trainer>(test_device(), options, data, nullptr,
                                     initial_parameters(options.network.network(), 1),
                                     tiles_of(options.network.two_layer));
}

std::vector<EpochRecord> epochs_run(Trainer& trainer, std::uint32_t count) {
    std::vector<EpochRecord> records;
    for (std::uint32_t i = 0; i < count; ++i) records.push_back(trainer.run_epoch(never, {}).value());
    return records;
}

}  // namespace

TEST_CASE("epochs of a number of steps have the steps of whole passes") {
    const ValidatedDevice device;
    const bool domains = GENERATE(false, true);
    INFO("domains: " << domains);
    const PicturePairs data = domains ? two_kinds() : made_data(5, 19, 13);
    const TrainOptions options = order_options(domains);
    TrainOptions rounds = options;
    rounds.epoch_steps = 4;
    const auto passes = order_trainer(options, data), trainer = order_trainer(rounds, data);
    CHECK(passes->steps_per_epoch() == 3);
    CHECK(trainer->steps_per_epoch() == 4);
    const std::vector<EpochRecord> of_passes = epochs_run(*passes, 4), records = epochs_run(*trainer, 3);
    CHECK(trainer->steps_done() == 12);
    CHECK(records.back().step == 12);
    CHECK(same_bits(trainer->parameters(), passes->parameters()));
    CHECK(trainer->norm_updates() == passes->norm_updates());

    // Each epoch's loss is the mean over the examples that it took.
    double sum = 0, sum_of_passes = 0;
    for (std::uint32_t i = 0; i < 3; ++i) {
        const std::uint64_t examples =
            examples_of_steps(data.domain_sizes(), rounds.step_rule(), rounds.seed, 4 * i, 4 * i + 4);
        CHECK((examples >= 6 && examples <= 8));
        sum += records[i].train_loss * static_cast<double>(examples);
    }
    for (const EpochRecord& record : of_passes) sum_of_passes += record.train_loss * 5;
    CHECK(sum == Approx(sum_of_passes).epsilon(1e-12));
}

TEST_CASE("a run in rounds that is resumed at any step has the bits of one that is not") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const PicturePairs data = two_kinds();
    TrainOptions options = order_options(true);
    options.epoch_steps = 4;
    options.freeze_norm = 3;
    options.drop_last = GENERATE(false, true);
    const auto straight = order_trainer(options, data);
    const std::vector<EpochRecord> records = epochs_run(*straight, 3);
    // The norms move in the first two epochs alone.
    CHECK(straight->norm_updates()[0] + straight->norm_updates()[1] == 8);
    for (std::uint32_t stop_at = 1; stop_at < 12; ++stop_at) {
        INFO("after step " << stop_at);
        auto trainer = order_trainer(options, data);
        std::atomic<bool> stop = false;
        std::vector<double> losses;
        while (trainer->epochs_done() < 3) {
            const auto record =
                trainer->run_epoch(stop, [&](std::uint32_t) { stop = trainer->steps_done() == stop_at; });
            if (record) losses.push_back(record->train_loss);
            if (!stop) continue;
            stop = false;
            trainer->save_checkpoint(folder / "middle.safetensors");
            trainer = order_trainer(options, data);
            trainer->restore_checkpoint(folder / "middle.safetensors");
        }
        CHECK(same_bits(trainer->parameters(), straight->parameters()));
        CHECK(trainer->norm_updates() == straight->norm_updates());
        REQUIRE(losses.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) CHECK(losses[i] == records[i].train_loss);
    }
}

TEST_CASE("crops are drawn anew in every pass, wherever epochs end") {
    const ValidatedDevice device;
    TrainOptions options = order_options(false);
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    INFO(to_string(options.plan));
    PictureSet set({"a", "b"}, std::vector<PictureSize>{{29, 17}, {22, 22}});
    for (std::uint32_t i = 0; i < set.size(); ++i) {
        const Image input = made_picture(set.width(i), set.height(i), i);
        set.set(i, input, grey_of(input));
    }
    const PictureCrops crops(std::move(set), 13, 3, true, options.seed);  // 6, in 3 steps
    const auto passes = order_trainer(options, crops);
    epochs_run(*passes, 5);
    options.epoch_steps = 5;
    const auto rounds = order_trainer(options, crops);
    epochs_run(*rounds, 3);
    CHECK(same_bits(rounds->parameters(), passes->parameters()));
}

TEST_CASE("without the smaller last batch an epoch has fewer steps, and its loss is of fewer examples") {
    const ValidatedDevice device;
    const PicturePairs data = made_data(5, 19, 13), first_four = made_data(4, 19, 13);
    TrainOptions options = order_options(false);
    options.optimizer = {.kind = OptimizerKind::sgd, .learning_rate = 1e-30f};
    options.drop_last = options.in_order = true;
    const auto trainer = order_trainer(options, data);
    CHECK(trainer->steps_per_epoch() == 2);
    const double loss = epochs_run(*trainer, 1).front().train_loss;
    CHECK(trainer->steps_done() == 2);
    // Nothing is learned, so that these are the losses of the first four pictures alone.
    const auto four = order_trainer(options, first_four);
    CHECK(epochs_run(*four, 1).front().train_loss == loss);
    options.drop_last = false;
    const auto all = order_trainer(options, data);
    CHECK(epochs_run(*all, 1).front().train_loss != loss);
}

TEST_CASE("examples in their order do not depend on the seed, and others do") {
    const ValidatedDevice device;
    const PicturePairs data = made_data(5, 19, 13);
    const auto trained = [&](bool in_order, std::uint64_t seed) {
        TrainOptions options = order_options(false);
        options.in_order = in_order;
        options.seed = seed;
        const auto trainer = order_trainer(options, data);
        epochs_run(*trainer, 2);
        return trainer->parameters();
    };
    CHECK(same_bits(trained(true, 1), trained(true, 2)));
    CHECK_FALSE(same_bits(trained(false, 1), trained(false, 2)));
}

TEST_CASE("a checkpoint is of its order of steps alone") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const PicturePairs data = made_data(6, 19, 13);
    const TrainOptions options = order_options(false);
    const auto trainer = order_trainer(options, data);
    epochs_run(*trainer, 1);
    trainer->save_checkpoint(folder / "c.safetensors");
    const auto refusal = [&](const auto& change) {
        TrainOptions other = options;
        change(other);
        return message_of<InputError>(
            [&] { order_trainer(other, data)->restore_checkpoint(folder / "c.safetensors"); });
    };
    CHECK(refusal([](TrainOptions&) {}).empty());
    CHECK(contains(refusal([](TrainOptions& o) { o.epoch_steps = 3; }), "was written with epoch_steps 0"));
    CHECK(contains(refusal([](TrainOptions& o) { o.drop_last = true; }), "was written with drop_last false"));
    CHECK(contains(refusal([](TrainOptions& o) { o.in_order = true; }), "was written with in_order false"));
}

TEST_CASE("a schedule without steps of its own is as long as the run's rounds") {
    const ValidatedDevice device;
    TrainOptions options = order_options(false);
    options.schedule = {.kind = ScheduleKind::cosine};
    options.epoch_steps = 7;
    const PicturePairs data = made_data(5, 19, 13);
    const auto trainer = order_trainer(options, data);
    CHECK(trainer->options().schedule.steps == 3 * 7);
}
