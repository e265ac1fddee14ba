// Examples and a loss of another kind than pictures and their mean squared error, through the same trainer.
#include <cmath>

#include "engine/learning/loss.h"
#include "reference/network.h"
#include "train/reference_tools.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t map_width = 5, map_height = 4;

/// Targets are maps of one value a pixel.
class Maps : public Examples {
  public:
    explicit Maps(std::uint32_t size)
        : Examples(size, {1, 3, map_height, map_width}, {1, 1, map_height, map_width}) {}
    bool whole_levels() const override { return false; }
    std::vector<float> input(std::uint32_t index) const override {
        return made_picture(map_width, map_height, index).values;
    }
    std::vector<float> target(std::uint32_t index) const override {
        std::vector<float> values = input(index);
        values.resize(std::size_t{map_width} * map_height);
        for (float& value : values) value = 1 - value;
        return values;
    }
};

/// The mean squared error of the results' first channel alone.
class FirstChannelError : public Loss {
  public:
    FirstChannelError(const Device& device, const Shape& largest)
        : error_(mean_squared_error.make(device, {largest.n, 1, largest.h, largest.w})) {}
    void step(Recorder& recorder, const PackedView& result, const LossTarget& target,
              const PackedView& dresult, const LossRows& to) override {
        error_->step(recorder, first_channel(result), target, first_channel(dresult), to);
    }
    void each(Recorder& recorder, const PackedView& result, const LossTarget& target,
              const LossRows& to) override {
        error_->each(recorder, first_channel(result), target, to);
    }

  private:
    /// Three channels and one are one block.
    static PackedView first_channel(PackedView view) {
        view.shape.c = 1;
        return view;
    }
    std::unique_ptr<Loss> error_;
};

const LossKind first_channel_error{[](const Device& device, const Shape& largest) -> std::unique_ptr<Loss> {
                                       return std::make_unique<FirstChannelError>(device, largest);
                                   },
                                   [](const PixelRange&) { return 2.0; }, false,
                                   [](const Shape& y) {
                                       return Shape{y.n, 1, y.h, y.w};
                                   }};

/// Of results [n,3,h,w].
double first_channel_loss(const reference::Tensor& result, const Maps& maps) {
    double sum = 0;
    for (std::uint32_t n = 0; n < maps.size(); ++n) {
        const std::vector<float> target = maps.target(n);
        for (std::size_t i = 0; i < target.size(); ++i) {
            sum += std::pow(result.values[n * 3 * target.size() + i] - target[i], 2);
        }
    }
    return sum / static_cast<double>(maps.size() * map_width * map_height);
}

}  // namespace

TEST_CASE("a third kind of examples trains and validates by its own loss") {
    const ValidatedDevice device;
    TrainOptions options = small_options();
    options.plan = PlanKind::stack;
    options.optimizer = {.kind = OptimizerKind::sgd, .learning_rate = 0.05f};
    const Network network = options.network.network();
    const Parameters initial = initial_parameters(network, 1);
    const Maps training(4), validation(3);
    Trainer trainer(*device, options, training, &validation, initial, tiles_of(options.network.two_layer),
                    first_channel_error);
    const std::optional<EpochRecord> record = trainer.run_epoch(never, {});
    REQUIRE(record);

    // The loss of the test is twice what its kernels compute.
    const reference::Tensor x = gathered_inputs(training, {0, 1, 2, 3});
    const reference::Evaluation before = reference::NetworkRun(network, initial).evaluate(x, x);
    require_near_loss(record->train_loss, 2 * first_channel_loss(before.points.back(), training));
    const reference::NetworkRun after(network, trainer.parameters());
    require_near_loss(
        record->validation_loss.value(),
        2 * first_channel_loss(after.infer(gathered_inputs(validation, {0, 1, 2})), validation));

    // What makes the other channels has no gradient.
    const std::vector<float> gamma = trainer.parameters().at("bn2.weight").values;
    CHECK(gamma[0] != initial.at("bn2.weight").values[0]);
    CHECK(gamma[1] == initial.at("bn2.weight").values[1]);
    CHECK(gamma[2] == initial.at("bn2.weight").values[2]);
    for (int epoch = 0; epoch < 2; ++epoch) {
        CHECK(trainer.run_epoch(never, {})->train_loss < record->train_loss);
    }

    options.plan = PlanKind::fused;  // which has a loss of its own
    CHECK_THROWS_AS(Trainer(*device, options, training, &validation, initial,
                            tiles_of(options.network.two_layer), first_channel_error),
                    std::invalid_argument);
}
