// Labelled pictures that are moved and mirrored in training: the same bits again and when resumed, and never
// in an evaluation.
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "data/augmentation.h"
#include "engine/learning/loss.h"
#include "engine/plan_choice.h"
#include "engine/stack/evaluator.h"
#include "engine/stack/tensor_batches.h"
#include "model/network_text.h"
#include "model/random.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t classes_made = 3;
constexpr Shape digit_shape{1, 2, 7, 5};

/// Noise of whole levels, with labels.
class MadeDigits : public Examples {
  public:
    MadeDigits(std::uint32_t size, std::optional<Augmentation> augmentation)
        : Examples(size, digit_shape, {1, 1, 1, 1}), augmentation_(augmentation) {}
    bool whole_levels() const override { return true; }
    std::vector<float> input(std::uint32_t index) const override {
        std::mt19937_64 random = random_stream(3, index);
        std::vector<float> values(digit_shape.values());
        for (float& value : values) value = static_cast<float>(1 + random() % 255) / 255.0f;
        return values;
    }
    std::vector<float> target(std::uint32_t index) const override {
        return {static_cast<float>(index % classes_made)};
    }
    const Augmentation* augmentation() const override { return augmentation_ ? &*augmentation_ : nullptr; }

  private:
    std::optional<Augmentation> augmentation_;
};

/// The picture, moved by a plain loop.
std::vector<float> moved_picture(const std::vector<float>& picture, const PictureMove& move) {
    std::vector<float> result;
    const auto h = static_cast<std::int32_t>(digit_shape.h), w = static_cast<std::int32_t>(digit_shape.w);
    for (std::int32_t c = 0; c < static_cast<std::int32_t>(digit_shape.c); ++c) {
        for (std::int32_t y = 0; y < h; ++y) {
            for (std::int32_t x = 0; x < w; ++x) {
                const std::int32_t row = y + move.down, column = (move.mirrored ? w - 1 - x : x) + move.right;
                const bool inside = row >= 0 && row < h && column >= 0 && column < w;
                result.push_back(inside ? picture[static_cast<std::size_t>((c * h + row) * w + column)] : 0);
            }
        }
    }
    return result;
}

const char* const digit_networks[] = {
    "input 2x7x5, dense 9, norm, relu, dropout 0.7, dense 3",
    "input 2x7x5, conv 5 3x3, norm, relu, dense 3",
};

TrainOptions digit_options(const char* network) {
    TrainOptions options = small_options();
    options.plan = PlanKind::stack;
    options.network.given = parse_network(network, "the test");
    options.batch = 4;
    options.epoch_steps = 5;
    return options;
}

std::unique_ptr<Trainer> digit_trainer(const TrainOptions& options, const Examples& training,
                                       const Examples* validation = nullptr) {
    const Network network = options.network.network();
    return std::make_unique<Trainer>(
        test_device(), options, training, validation, initial_parameters(network, 1),
        default_plan_tiles(test_device(), network, options.plan, with_images(digit_shape, options.batch)),
        cross_entropy);
}

const Augmentation flips_and_moves{.flip = true, .pad = 2, .seed = 5};

}  // namespace

TEST_CASE("a step reads each example as its pass moves it") {
    const ValidatedDevice device;
    for (const char* text : digit_networks) {
        INFO(text);
        const Network network = parse_network(text, "the test");
        ParameterBuffers buffers(*device, initial_parameters(network, 1), WeightLayout::blocks);
        const StackPlan plan(*device, network, buffers, with_images(digit_shape, 4), Purpose::training,
                             {.loss = &cross_entropy});
        const MadeDigits digits(10, flips_and_moves);
        TensorBatches source(*device, digits, plan, digits.augmentation());
        Recorder recorder(*device);
        const Packing packing(*device);
        for (const std::uint32_t pass : {0u, 7u}) {
            const std::vector<std::uint32_t> chosen = {9, 0, 4};
            source.set_batches({{1, 2, 3, 4}, chosen}, pass);
            const Batch batch = source.batch(recorder, 1);
            const PackedTensor packed(*device, batch.input.shape, "batch");
            packing.pack(recorder, batch.input, packed.view());
            recorder.finish();
            std::vector<float> expected;
            for (const std::uint32_t example : chosen) {
                const auto moved = moved_picture(digits.input(example), flips_and_moves.of(pass, example));
                expected.insert(expected.end(), moved.begin(), moved.end());
            }
            CHECK(packed.view().download() == expected);
        }
    }
}

TEST_CASE("a run with moved pictures has the same bits again, and when it is resumed at any step") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const TrainOptions options = digit_options(digit_networks[GENERATE(0, 1)]);
    INFO(to_text(options.network.network()));
    const MadeDigits digits(10, flips_and_moves), plain(10, std::nullopt);
    const auto train = [&](const Examples& examples, std::uint64_t stop_at) {
        auto trainer = digit_trainer(options, examples);
        std::atomic<bool> stop = false;
        while (trainer->steps_done() < 15) {
            trainer->run_epoch(stop, [&](std::uint32_t) { stop = trainer->steps_done() == stop_at; });
            if (!stop) continue;
            stop = false;
            trainer->save_checkpoint(folder / "c.safetensors");
            trainer = digit_trainer(options, examples);
            trainer->restore_checkpoint(folder / "c.safetensors");
        }
        return trainer->parameters();
    };
    const Parameters straight = train(digits, 0);
    CHECK(same_bits(train(digits, 0), straight));
    CHECK_FALSE(same_bits(train(plain, 0), straight));
    for (const std::uint64_t stop_at : {1, 4, 5, 8, 14}) {
        INFO("after step " << stop_at);
        CHECK(same_bits(train(digits, stop_at), straight));
    }
}

TEST_CASE("an evaluation takes pictures as they are, also those that training moves") {
    const ValidatedDevice device;
    const TrainOptions options = digit_options(digit_networks[1]);
    const MadeDigits digits(10, flips_and_moves), plain(10, std::nullopt);
    const auto moved = digit_trainer(options, plain, &digits), still = digit_trainer(options, plain, &plain);
    CHECK(moved->run_epoch(never, {})->validation_loss.value() ==
          still->run_epoch(never, {})->validation_loss.value());
}

TEST_CASE("no moves at all have the bits of a run without them, and too far ones are refused") {
    const ValidatedDevice device;
    const TrainOptions options = digit_options(digit_networks[0]);
    const MadeDigits still(10, Augmentation{.seed = 5}), plain(10, std::nullopt);
    const auto one = digit_trainer(options, still), other = digit_trainer(options, plain);
    CHECK(one->run_epoch(never, {})->train_loss == other->run_epoch(never, {})->train_loss);
    CHECK(same_bits(one->parameters(), other->parameters()));
    const MadeDigits far(10, Augmentation{.pad = 5, .seed = 5});
    CHECK(message_of<InputError>([&] { digit_trainer(options, far); }) ==
          "--crop-pad is \"5\"; use 0 to 4, as the pictures have 5 x 7 pixels");
}
