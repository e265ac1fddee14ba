// Training by one plan beside training by another.
#include <optional>

#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Of a loss. Each plan keeps within tolerance::loss of float64 in a step, and Adam makes more of that from
/// one step to the next.
constexpr double between_plans = 1e-5;

std::vector<double> losses(TrainOptions options, PlanKind plan, const PicturePairs& data) {
    options.plan = plan;
    Trainer trainer = made_trainer(options, data);
    std::vector<double> result;
    for (std::uint32_t i = 0; i < options.epochs; ++i) {
        const auto record = trainer.run_epoch(never, {});
        REQUIRE(record);
        result.push_back(record->train_loss);
    }
    return result;
}

/// As 8-bit files hold them, or with all of a float's digits.
PicturePairs made_pairs(std::uint32_t count, std::uint32_t width, std::uint32_t height, bool levels) {
    PicturePairs data(std::vector<std::string>(count, "picture"), width, height);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Image input = made_picture(width, height, i), target = grey_of(input);
        data.set(i, levels ? levels_of(input) : input, levels ? levels_of(target) : target);
    }
    return data;
}

void check_same_losses(const TrainOptions& options, const PicturePairs& data) {
    const std::vector<double> fused = losses(options, PlanKind::fused, data);
    const std::vector<double> stack = losses(options, PlanKind::stack, data);
    CHECK(fused.back() < fused.front());
    CHECK(losses(options, PlanKind::automatic, data) == fused);
    for (std::size_t epoch = 0; epoch < fused.size(); ++epoch) {
        INFO("epoch " << epoch + 1);
        CHECK(fused[epoch] == Approx(stack[epoch]).epsilon(between_plans));
    }
}

}  // namespace

TEST_CASE("the plans train the same pairs to the same losses") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.epochs = 5;
    SECTION("shuffled batches, the last one smaller, of pictures of 8 bits") {
        options.batch = 2;
        check_same_losses(options, made_pairs(5, 19, 13, true));
    }
    SECTION("shuffled batches of other pictures, through an activation") {
        options.batch = 3;
        options.network.two_layer.activation = "leaky_relu";
        check_same_losses(options, made_pairs(7, 21, 10, false));
    }
    SECTION("all pictures in one batch") {
        check_same_losses(options, made_pairs(3, 13, 22, true));
    }
}

TEST_CASE("stopping within an epoch of many steps of the fused plan changes nothing") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    TrainOptions options = small_options();
    options.batch = 1;
    options.plan = PlanKind::fused;
    const PicturePairs data = made_pairs(97, 4, 3, true);
    Trainer straight = made_trainer(options, data);
    const std::optional<EpochRecord> record = straight.run_epoch(never, {});
    REQUIRE(record);

    Trainer begun = made_trainer(options, data);
    std::atomic<bool> stop = false;
    CHECK_FALSE(begun.run_epoch(stop, [&](std::uint32_t step) { stop = step == 94; }));
    begun.save_checkpoint(folder / "middle.safetensors");
    Trainer resumed = made_trainer(options, data);
    resumed.restore_checkpoint(folder / "middle.safetensors");
    for (Trainer* trainer : {&begun, &resumed}) {
        const std::optional<EpochRecord> again = trainer->run_epoch(never, {});
        REQUIRE(again);
        CHECK(again->train_loss == record->train_loss);
        CHECK(same_bits(trainer->parameters(), straight.parameters()));
    }
}

TEST_CASE("a trainer refuses a plan that does not take the network") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.network.two_layer.norm = NormPlacement::after;
    options.network.two_layer.activation = "relu";
    options.plan = PlanKind::fused;
    const PicturePairs data = made_data(1, 5, 4);
    CHECK(contains(message_of<InputError>([&] { made_trainer(options, data); }),
                   "takes a norm before the activation"));
}
