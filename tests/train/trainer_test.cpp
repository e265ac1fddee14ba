#include "train/trainer.h"

#include <algorithm>
#include <optional>

#include "engine/plan_choice.h"
#include "model/random.h"
#include "reference/network.h"
#include "train/reference_tools.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Parameters fresh(const TrainOptions& options) {
    return initial_parameters(options.network.network(), options.seed);
}

struct Trained {
    Parameters parameters;
    std::vector<EpochRecord> records;
};

Trained train(const TrainOptions& options, const PicturePairs& data,
              const PicturePairs* validation = nullptr) {
    Trainer trainer(test_device(), options, data, validation, fresh(options),
                    tiles_of(options.network.two_layer));
    Trained result;
    for (std::uint32_t i = 0; i < options.epochs; ++i) {
        const auto record = trainer.run_epoch(never, {});
        REQUIRE(record);
        result.records.push_back(*record);
    }
    result.parameters = trainer.parameters();
    return result;
}

}  // namespace

TEST_CASE("one pair is overfitted") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.epochs = 300;
    const PicturePairs data = made_data(1, 23, 14);
    const Trained trained = train(options, data);
    // A deviation of 80 levels before, and of 11 after.
    CHECK(trained.records.front().train_loss > 0.1);
    CHECK(trained.records.back().train_loss < 2e-3);
}

TEST_CASE("the same seed gives the same bits, and another seed others") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.batch = 2;
    const PicturePairs data = made_data(5, 19, 13);
    const Trained one = train(options, data), again = train(options, data);
    CHECK(same_bits(one.parameters, again.parameters));
    for (std::size_t i = 0; i < one.records.size(); ++i) {
        CHECK(one.records[i].train_loss == again.records[i].train_loss);
    }
    options.seed = 12;
    CHECK_FALSE(same_bits(train(options, data).parameters, one.parameters));
}

TEST_CASE("a network of another range learns in it, and its losses are those of 0..1") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    // The same pictures, once brought into the range by hand.
    const auto data_of = [&](bool by_hand) {
        const PixelRange range{-1, 1};
        PicturePairs data({"a", "b"}, 15, 12, {}, by_hand ? PixelRange{} : range);
        for (std::uint32_t i = 0; i < 2; ++i) {
            Image input = made_picture(15, 12, i), target = grey_of(input);
            if (by_hand) {
                range.bring_into(input.values);
                range.bring_into(target.values);
            }
            data.set(i, input, target);
        }
        return data;
    };
    const PicturePairs by_hand = data_of(true), ranged = data_of(false);
    const Trained expected = train(options, by_hand, &by_hand);
    options.network.two_layer.range = {-1, 1};
    const Trained found = train(options, ranged, &ranged);
    CHECK(same_bits(found.parameters, expected.parameters));
    for (std::size_t i = 0; i < found.records.size(); ++i) {
        CHECK(found.records[i].train_loss == expected.records[i].train_loss / 4);
        CHECK(found.records[i].validation_loss == *expected.records[i].validation_loss / 4);
    }
}

TEST_CASE("mini-batches take the pictures in the order of the epoch, and follow the float64 reference") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.batch = 2;
    options.epochs = 2;
    options.network.two_layer.activation = "leaky_relu";
    options.optimizer.kind =
        OptimizerKind::momentum;  // which does not amplify the rounding of small gradients
    const PicturePairs data = made_data(5, 19, 13);
    const Trained trained = train(options, data);

    reference::NetworkRun network(options.network.network(), fresh(options));
    reference::Optimizer optimizer(options.optimizer);
    for (std::uint32_t epoch = 0; epoch < 2; ++epoch) {
        std::mt19937_64 random = random_stream(options.seed, epoch);
        const std::vector<std::uint32_t> order = permutation(5, random);
        double sum = 0;
        for (std::uint32_t first = 0; first < 5; first += 2) {
            const std::uint32_t last = std::min(first + 2, 5u);
            const std::vector<std::uint32_t> indices(order.begin() + first, order.begin() + last);
            sum += (last - first) * network.train_step(gathered_inputs(data, indices),
                                                       gathered_targets(data, indices), optimizer);
        }
        const EpochRecord& record = trained.records[epoch];
        require_near_loss(record.train_loss, sum / 5);
        CHECK(record.epoch == epoch + 1);
        CHECK(record.step == 3 * (epoch + 1));
    }
    for (const NamedTensor& tensor : trained.parameters.tensors()) {
        require_near(tensor.name, tensor.values, network.values().at(tensor.name),
                     check::tolerance::golden_parameters);
    }
}

TEST_CASE("moving statistics after one epoch are decay · start + (1 − decay) · batch") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.epochs = 1;
    options.network.two_layer.decay = 0.7f;
    const PicturePairs data = made_data(3, 17, 11);
    const Trained trained = train(options, data);
    const reference::NetworkRun network(options.network.network(), fresh(options));
    const reference::Evaluation evaluation =
        network.evaluate(gathered_inputs(data, {0, 1, 2}), gathered_targets(data, {0, 1, 2}));
    const EpochRecord& record = trained.records.front();
    REQUIRE(record.norms.size() == 2);
    for (const NormStatistics& norm : record.norms) {
        std::vector<double> mean(norm.moving_mean.size(), 0.0), variance(norm.moving_variance.size(), 1.0);
        const reference::BatchStatistics& batch = evaluation.statistics.at(norm.name);
        reference::moving_update(mean, batch.mean, 0.7);
        reference::moving_update(variance, batch.variance, 0.7);
        require_near(norm.name + " mean", norm.moving_mean, mean, check::tolerance::forward);
        require_near(norm.name + " variance", norm.moving_variance, variance, check::tolerance::forward);
        CHECK(norm.moving_mean == trained.parameters.at(norm.name + ".running_mean").values);
        CHECK(norm.moving_variance == trained.parameters.at(norm.name + ".running_var").values);
    }
}

TEST_CASE("a batch as large as the data set, or larger, is the full batch") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    const PicturePairs data = made_data(3, 15, 9);
    const Trained all = train(options, data);
    CHECK(all.records.back().step == 3);
    for (const std::uint32_t batch : {3u, 100u}) {
        options.batch = batch;
        CHECK(same_bits(train(options, data).parameters, all.parameters));
    }
}

TEST_CASE("validation is inference after the epoch, and changes nothing") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.batch = 2;
    const PicturePairs data = made_data(5, 19, 13);
    const Trained alone = train(options, data);
    CHECK_FALSE(alone.records.back().validation_loss);
    // One more picture than the batch, of the training pictures' size and of another.
    for (const auto& [width, height] : {std::pair{19u, 13u}, {12u, 21u}}) {
        const PicturePairs validation = made_data(3, width, height, 40);
        const Trained watched = train(options, data, &validation);
        CHECK(same_bits(watched.parameters, alone.parameters));
        CHECK(watched.records.back().train_loss == alone.records.back().train_loss);

        const reference::NetworkRun network(options.network.network(), watched.parameters);
        REQUIRE(watched.records.back().validation_loss);
        require_near_loss(*watched.records.back().validation_loss, inference_loss(network, validation));
    }
}

TEST_CASE("a stop takes effect between two steps, and the epoch can go on") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.batch = 1;
    options.epochs = 1;
    const PicturePairs data = made_data(5, 19, 13);
    const Trained straight = train(options, data);

    Trainer trainer(*device, options, data, nullptr, fresh(options), tiles_of(options.network.two_layer));
    std::atomic<bool> stop = false;
    std::vector<std::uint32_t> told;
    const auto stop_after_two = [&](std::uint32_t step) {
        told.push_back(step);
        stop = step == 2;
    };
    CHECK_FALSE(trainer.run_epoch(stop, stop_after_two));
    CHECK(told == std::vector<std::uint32_t>{1, 2});
    CHECK(trainer.steps_done() == 2);
    CHECK(trainer.epochs_done() == 0);
    CHECK(trainer.steps_per_epoch() == 5);
    CHECK_FALSE(trainer.run_epoch(stop, {}));
    CHECK(trainer.steps_done() == 2);
    stop = false;
    const auto record = trainer.run_epoch(stop, {});
    REQUIRE(record);
    CHECK(record->train_loss == straight.records.front().train_loss);
    CHECK(same_bits(trainer.parameters(), straight.parameters));
}

TEST_CASE("a loss that is no number ends the run and says at which step") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.batch = 2;
    options.optimizer.learning_rate = 1e38f;
    const PicturePairs data = made_data(5, 19, 13);
    Trainer trainer(*device, options, data, nullptr, fresh(options), tiles_of(options.network.two_layer));
    const std::string message = message_of<WorkError>([&] { trainer.run_epoch(never, {}); });
    INFO(message);
    CHECK(contains(message, "the loss is no longer a number at step 2 (epoch 1)"));
    CHECK(contains(message, "--lr"));
    const TemporaryFolder folder;
    CHECK(
        contains(message_of<WorkError>([&] { trainer.save_checkpoint(folder / "c.safetensors"); }), "--lr"));
    CHECK_FALSE(std::filesystem::exists(folder / "c.safetensors"));
}

TEST_CASE("a validation loss that is no number ends the run") {
    const ValidatedDevice device;
    const TrainOptions options = small_options();
    const PicturePairs data = made_data(3, 19, 13);
    PicturePairs validation = made_data(2, 19, 13, 40);
    const Image input = made_picture(19, 13, 41);
    Image target = input;
    target.values[100] = 1e30f;  // whose square is infinite
    validation.set(1, input, target);
    Trainer trainer(*device, options, data, &validation, fresh(options), tiles_of(options.network.two_layer));
    const std::string message = message_of<WorkError>([&] { trainer.run_epoch(never, {}); });
    INFO(message);
    CHECK(contains(message, "the validation loss is no longer a number at step 1 (epoch 1)"));
}

TEST_CASE("feature maps that the device cannot bind are refused before memory is taken for them") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.network.two_layer.hidden = 1024;
    const std::uint64_t bindable = (*device).info().max_storage_range / sizeof(float);
    const auto height = static_cast<std::uint32_t>(bindable / options.network.two_layer.hidden / 7 + 1);
    // All of them together are more than any one allocation can be: taking it would be a WorkError.
    const PicturePairs large(std::vector<std::string>(40, "large"), 7, height);
    const PicturePairs small({"small"}, 7, 5);
    REQUIRE(choose_plan(options.network.network(), options.plan).kind == PlanKind::stack);
    const auto refusal = [&](const PicturePairs& training, const PicturePairs& validation) {
        return message_of<InputError>([&] {
            Trainer(*device, options, training, &validation, fresh(options),
                    tiles_of(options.network.two_layer));
        });
    };
    CHECK(contains(refusal(large, small), "conv1's 1024 channels of 7x"));
    CHECK(contains(refusal(small, large), "in one binding, and the device binds "));
}

TEST_CASE("networks without norm, and pictures of one pixel, train") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.network.two_layer.norm = NormPlacement::none;
    options.optimizer.learning_rate = 0.003f;
    const PicturePairs data = made_data(2, 1, 1);
    const Trained trained = train(options, data);
    CHECK(trained.records.back().norms.empty());
    CHECK(trained.records.back().train_loss < trained.records.front().train_loss);
}
