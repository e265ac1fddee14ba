// Runs on crops: the same bits again and when resumed, and validation on whole pictures.
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "data/picture_crops.h"
#include "model/model_file.h"
#include "reference/network.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Pictures of unequal sizes, with the grey ones as targets.
PictureSet grey_set(bool levels, std::uint32_t first = 0) {
    const std::vector<PictureSize> sizes = {{29, 17}, {15, 40}, {22, 22}};
    PictureSet set({"a", "b", "c"}, sizes);
    for (std::uint32_t i = 0; i < set.size(); ++i) {
        const Image input = made_picture(sizes[i].width, sizes[i].height, first + i);
        const Image target = grey_of(input);
        set.set(i, levels ? levels_of(input) : input, levels ? levels_of(target) : target);
    }
    return set;
}

TrainOptions crop_options(PlanKind plan, PicturePadding padding) {
    TrainOptions options = small_options();
    options.batch = 4;
    options.plan = plan;
    options.network.two_layer.padding = padding;
    return options;
}

std::unique_ptr<Trainer> crop_trainer(const TrainOptions& options, const PictureCrops& crops,
                                      const Validation& validation = {}) {
    return std::make_unique<Trainer>(test_device(), options, crops, validation,
                                     initial_parameters(options.network.network(), options.seed),
                                     tiles_of(options.network.two_layer));
}

std::vector<double> losses_of_epochs(Trainer& trainer, std::uint32_t count) {
    std::vector<double> losses;
    for (std::uint32_t i = 0; i < count; ++i) losses.push_back(trainer.run_epoch(never, {})->train_loss);
    return losses;
}

}  // namespace

TEST_CASE("a run on crops has the same bits again, and when it is resumed") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const auto plan = GENERATE(PlanKind::fused, PlanKind::stack);
    const bool levels = GENERATE(true, false);
    INFO(to_string(plan) << ", levels " << levels);
    const TrainOptions options = crop_options(plan, PicturePadding::edge);
    const PictureCrops crops(grey_set(levels), 13, 5, true, options.seed);
    const auto straight = crop_trainer(options, crops), again = crop_trainer(options, crops);
    const std::vector<double> losses = losses_of_epochs(*straight, 3);
    CHECK(losses == losses_of_epochs(*again, 3));
    CHECK(same_bits(straight->parameters(), again->parameters()));

    const auto stopped = crop_trainer(options, crops), resumed = crop_trainer(options, crops);
    losses_of_epochs(*stopped, 1);
    std::atomic<bool> stop = false;
    CHECK_FALSE(stopped->run_epoch(stop, [&](std::uint32_t step) { stop = step == 2; }));
    stopped->save_checkpoint(folder / "checkpoint.safetensors");
    resumed->restore_checkpoint(folder / "checkpoint.safetensors");
    const std::vector<double> rest = losses_of_epochs(*resumed, 2);
    CHECK(rest == std::vector<double>(losses.begin() + 1, losses.end()));
    CHECK(same_bits(straight->parameters(), resumed->parameters()));
}

TEST_CASE("a run on crops learns, and is validated on whole pictures of any sizes") {
    const ValidatedDevice device;
    const auto plan = GENERATE(PlanKind::fused, PlanKind::stack);
    const auto padding = GENERATE(PicturePadding::edge, PicturePadding::zero);
    INFO(to_string(plan) << ", " << to_string(padding));
    TrainOptions options = crop_options(plan, padding);
    options.epochs = 30;
    const PictureCrops crops(grey_set(true), 13, 8, true, options.seed);
    const PictureSet validation = grey_set(false, 7);
    const auto trainer = crop_trainer(options, crops, Validation(validation));
    EpochRecord first, last;
    for (std::uint32_t i = 0; i < options.epochs; ++i) {
        last = *trainer->run_epoch(never, {});
        if (i == 0) first = last;
    }
    REQUIRE(first.validation_loss);
    REQUIRE(last.validation_loss);
    CHECK(last.train_loss < first.train_loss / 4);
    CHECK(*last.validation_loss < *first.validation_loss / 4);
    const reference::NetworkRun network(options.network.network(), trainer->parameters());
    double sum = 0;
    for (std::uint32_t i = 0; i < validation.size(); ++i) {
        const Image input = validation.input_picture(i), target = validation.target_picture(i);
        const reference::Tensor result =
            network.infer(reference::tensor_from_floats({1, 3, input.height, input.width}, input.values));
        double squares = 0;
        for (std::size_t k = 0; k < target.values.size(); ++k)
            squares += std::pow(result.values[k] - static_cast<double>(target.values[k]), 2);
        sum += squares / static_cast<double>(target.values.size());
    }
    CHECK(std::abs(*last.validation_loss / (sum / validation.size()) - 1) <= 1e-4);
}
