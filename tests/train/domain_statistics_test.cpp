#include "train/domain_statistics.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "data/batches.h"
#include "model/random.h"
#include "model/safetensors.h"
#include "reference/network.h"
#include "train/reference_tools.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

using Sizes = std::vector<std::uint32_t>;

/// Three pairs of day and two of night, two to a step: 3 steps an epoch, one of them with one pair.
TrainOptions day_and_night() {
    TrainOptions options = small_options();
    options.batch = 2;
    options.domains = {{"day", "day/in", "day/out"}, {"night", "night/in", "night/out"}};
    return options;
}

/// The pictures of night are darker.
PicturePairs data_of_domains() {
    PicturePairs data({"day_0", "day_1", "day_2", "night_0", "night_1"}, 19, 13, {3, 2});
    for (std::uint32_t i = 0; i < 5; ++i) {
        Image input = made_picture(19, 13, i);
        for (float& value : input.values) value *= i < 3 ? 1.0f : 0.25f;
        data.set(i, input, grey_of(input));
    }
    return data;
}

}  // namespace

TEST_CASE("domains share the weights and keep their own statistics, as in float64") {
    const ValidatedDevice device;
    TrainOptions options = day_and_night();
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    INFO(to_string(options.plan));
    // Which does not amplify the rounding of small gradients.
    options.optimizer.kind = OptimizerKind::momentum;
    options.validate_every = 1;
    const PicturePairs data = data_of_domains(), validation = made_data(2, 12, 21, 40);
    Trainer trainer(*device, options, data, &validation,
                    initial_parameters(options.network.network(), options.seed),
                    tiles_of(options.network.two_layer));
    CHECK(trainer.steps_per_epoch() == 3);
    std::vector<double> seen, expected;
    trainer.on_validation([&](const ValidationRecord& record) { seen.push_back(record.loss); });

    reference::NetworkRun network(options.network.network(), trainer.parameters());
    reference::Optimizer optimizer(options.optimizer);
    const std::vector<NamedTensor> names = statistics_of(trainer.parameters(), "").tensors;
    const auto statistics = [&] {
        reference::NamedValues values;
        for (const NamedTensor& tensor : names) values[tensor.name] = network.values().at(tensor.name);
        return values;
    };
    const auto put = [&](const reference::NamedValues& of_domain) {
        for (const auto& [name, values] : of_domain) network.values()[name] = values;
    };
    std::vector<reference::NamedValues> kept(2, statistics());
    for (std::uint32_t epoch = 0; epoch < 2; ++epoch) {
        const PassBatches batches = pass_batches(data.domain_sizes(), {2}, options.seed, epoch);
        double sum = 0;
        for (std::size_t step = 0; step < batches.examples.size(); ++step) {
            const std::vector<std::uint32_t>& pairs = batches.examples[step];
            put(kept[batches.domains[step]]);
            const double loss =
                network.train_step(gathered_inputs(data, pairs), gathered_targets(data, pairs), optimizer);
            sum += static_cast<double>(pairs.size()) * loss;
            kept[batches.domains[step]] = statistics();
            put(kept[0]);
            expected.push_back(inference_loss(network, validation));
        }
        const auto record = trainer.run_epoch(never, {});
        REQUIRE(record);
        require_near_loss(record->train_loss, sum / 5);
        REQUIRE(record->domains.size() == 1);
        CHECK(record->domains[0].name == "night");
        require_near("night's variance", record->domains[0].norms.at(0).moving_variance,
                     kept[1].at("bn1.running_var"), check::tolerance::golden_parameters);
        require_near("day's variance", record->norms.at(0).moving_variance, kept[0].at("bn1.running_var"),
                     check::tolerance::golden_parameters);
    }
    // After every step, and none twice.
    REQUIRE(seen.size() == 6);
    for (std::size_t step = 0; step < seen.size(); ++step) require_near_loss(seen[step], expected[step]);
    const std::vector<NamedStatistics> domains = trainer.domain_statistics();
    REQUIRE(domains.size() == 2);
    for (std::size_t domain = 0; domain < 2; ++domain) {
        CHECK(domains[domain].name == options.domains[domain].name);
        for (const NamedTensor& tensor : domains[domain].tensors) {
            require_near(domains[domain].name + " " + tensor.name, tensor.values,
                         kept[domain].at(tensor.name), check::tolerance::golden_parameters);
        }
    }
    const Parameters parameters = trainer.parameters();
    CHECK(same_bits(statistics_of(parameters, "day"), domains[0]));
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) continue;
        require_near(tensor.name, tensor.values, network.values().at(tensor.name),
                     check::tolerance::golden_parameters);
    }
    // The test would say little if the two were alike: they are not by ten times of what is let pass.
    CHECK(worst_difference(domains[0].tensors.at(1).values, kept[1].at("bn1.running_var")) >
          10 * check::tolerance::golden_parameters.absolute);
}

TEST_CASE("a step leaves the statistics of the other domains to the bit") {
    const ValidatedDevice device;
    TrainOptions options = day_and_night();
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    INFO(to_string(options.plan));
    const PicturePairs data = data_of_domains();
    Trainer trainer = made_trainer(options, data);
    const PassBatches batches = pass_batches(data.domain_sizes(), {2}, options.seed, 0);
    std::vector<NamedStatistics> before = trainer.domain_statistics();
    CHECK(same_bits(before[0].tensors, before[1].tensors));
    std::vector<std::uint64_t> updates = {0, 0};
    trainer.run_epoch(never, [&](std::uint32_t step) {
        const std::vector<NamedStatistics> after = trainer.domain_statistics();
        const std::uint32_t own = batches.domains[step - 1];
        CHECK(same_bits(after[1 - own], before[1 - own]));
        CHECK_FALSE(same_bits(after[own], before[own]));
        before = after;
        ++updates[own];
        CHECK(trainer.norm_updates() == updates);
    });
    CHECK(updates[0] == 2);
}

TEST_CASE("domains of equal pictures have equal statistics while the weights stand still") {
    const ValidatedDevice device;
    TrainOptions options = day_and_night();
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    options.debias = GENERATE(false, true);
    INFO(to_string(options.plan) << (options.debias ? ", debiased" : ""));
    options.batch = 0;
    options.optimizer.kind = OptimizerKind::sgd;
    options.optimizer.learning_rate = 1e-30f;  // which no weight notices
    PicturePairs data({"day_0", "day_1", "night_0", "night_1"}, 19, 13, {2, 2});
    for (std::uint32_t i = 0; i < 4; ++i) {
        data.set(i, made_picture(19, 13, i % 2), grey_of(made_picture(19, 13, i % 2)));
    }
    Trainer trainer = made_trainer(options, data);
    for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(trainer.run_epoch(never, {}));
    const std::vector<NamedStatistics> domains = trainer.domain_statistics();
    for (std::size_t i = 0; i < domains[0].tensors.size(); ++i) {
        INFO(domains[0].tensors[i].name);
        CHECK(domains[0].tensors[i].values == domains[1].tensors[i].values);
    }
    CHECK_FALSE(same_bits(domains[0], made_trainer(options, data).domain_statistics()[0]));
}

TEST_CASE("resumed training on domains has the bits of uninterrupted training") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    TrainOptions options = day_and_night();
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    options.debias = GENERATE(false, true);
    INFO(to_string(options.plan) << (options.debias ? ", debiased" : ""));
    options.seed = 12;
    const PicturePairs data = data_of_domains();
    // A night before it stops: the first domain is not the only one with steps to remember.
    REQUIRE(pass_batches(data.domain_sizes(), {2}, options.seed, 0).domains == Sizes{1, 0, 0});
    Trainer straight = made_trainer(options, data);
    for (int epoch = 0; epoch < 2; ++epoch) REQUIRE(straight.run_epoch(never, {}));
    straight.save_checkpoint(folder / "straight");
    Trainer begun = made_trainer(options, data);
    for (const std::uint32_t steps : {1u, 2u}) {
        std::atomic<bool> stop = false;
        CHECK_FALSE(begun.run_epoch(stop, [&](std::uint32_t step) { stop = step == steps; }));
        begun.save_checkpoint(folder / "middle");
        Trainer resumed = made_trainer(options, data);
        resumed.restore_checkpoint(folder / "middle");
        CHECK(resumed.norm_updates() == begun.norm_updates());
        for (int epoch = 0; epoch < 2; ++epoch) REQUIRE(resumed.run_epoch(never, {}));
        resumed.save_checkpoint(folder / "resumed");
        INFO("stopped after step " << steps);
        CHECK(file_text(folder / "resumed") == file_text(folder / "straight"));
        CHECK(resumed.norm_updates() == straight.norm_updates());
    }
}

TEST_CASE("a checkpoint of other domains is refused") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const fs::path path = folder / "c.safetensors";
    const TrainOptions options = day_and_night();
    const PicturePairs data = data_of_domains();
    Trainer trainer = made_trainer(options, data);
    trainer.save_checkpoint(path);
    const auto refusal = [&] { return message_of<InputError>([&] { trainer.restore_checkpoint(path); }); };
    CHECK(refusal().empty());
    const SafeTensors whole = read_safetensors(path);
    CHECK(whole.metadata.at("streams") == "3 of day, 2 of night");
    SafeTensors file = whole;
    file.metadata.at("streams") = "2 of day, 3 of night";
    write_safetensors(path, file);
    CHECK(contains(refusal(), "was written with streams 2 of day, 3 of night"));
    file = whole;
    const auto found = std::find_if(file.tensors.begin(), file.tensors.end(), [](const SafeTensor& tensor) {
        return tensor.name == "stream.night.bn2.running_var";
    });
    REQUIRE(found != file.tensors.end());
    *found = SafeTensor::floats(found->name, found->shape, std::vector<float>{1, -1, 1});
    write_safetensors(path, file);
    CHECK(contains(refusal(), "the variance -1"));
    file.tensors.erase(found);
    write_safetensors(path, file);
    CHECK(contains(refusal(), "it has no tensor stream.night.bn2.running_var"));
}
