// The facts of a finished run against the float64 network, and the health of one that was trained well.
#include "statistics/trained_health.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "data/picture_crops.h"
#include "reference/network.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// In grey levels: float32 leaves some 1e-6 of values around 1, and two layers some times that.
constexpr double level_tolerance = 2e-3;
/// Of float32 statistics.
constexpr double statistic_tolerance = 1e-5;

/// So many pairs of each domain.
PicturePairs data_of_domains(const std::vector<std::uint32_t>& sizes) {
    const std::uint32_t count = std::accumulate(sizes.begin(), sizes.end(), 0u);
    PicturePairs data(std::vector<std::string>(count, "picture"), 19, 14, sizes);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Image input = made_picture(19, 14, i);
        data.set(i, input, grey_of(input));
    }
    return data;
}

struct Run {
    explicit Run(const std::vector<std::uint32_t>& domain_sizes, const NetworkOptions& network = {})
        : data(data_of_domains(domain_sizes)) {
        options = small_options();
        options.network.two_layer = network;
        options.network.two_layer.hidden = 5;
        parameters = initial_parameters(options.network.network(), 3);
        for (NamedTensor& tensor : parameters.tensors()) {
            if (tensor.trainable) continue;
            for (std::size_t c = 0; c < tensor.values.size(); ++c) {
                const float shift = 0.03f * static_cast<float>(c);
                tensor.values[c] = tensor.name.ends_with("mean") ? shift - 0.1f : 0.3f + shift;
            }
        }
    }
    RunResults results() const {
        return {.options = options,
                .parameters = parameters,
                .domains = domains,
                .examples = data,
                .pairs = PairSets{data.pictures(), nullptr},
                .steps = 90,
                .norm_updates = norm_updates,
                .norms_frozen = frozen,
                .stop = stop};
    }

    PicturePairs data;
    TrainOptions options;
    Parameters parameters;
    std::vector<NamedStatistics> domains;
    std::vector<std::uint64_t> norm_updates = {90};
    bool frozen = false;
    std::atomic<bool> stop = false;
};

/// Of a run without domains.
HealthFacts facts_of(const Device& device, const Run& run) {
    std::vector<HealthFacts> facts = health_facts(device, run.results());
    REQUIRE(facts.size() == 1);
    return std::move(facts.front());
}

/// Pictures [first, first + count) as the float64 network takes them.
reference::Tensor pictures_of(const Run& run, std::uint32_t first, std::uint32_t count, bool target = false) {
    std::vector<float> values;
    for (std::uint32_t i = first; i < first + count; ++i) {
        const std::vector<float> one = target ? run.data.target(i) : run.data.input(i);
        values.insert(values.end(), one.begin(), one.end());
    }
    return reference::tensor_from_floats(with_images(run.data.input_shape(), count), values);
}

reference::Evaluation evaluation_of(const Run& run, std::uint32_t first, std::uint32_t count) {
    const reference::NetworkRun network(run.options.network.network(), run.parameters);
    return network.evaluate(pictures_of(run, first, count), pictures_of(run, first, count, true));
}

/// Of batches [first, first + count), beside those with the statistics of `moving_values`.
void check_outputs(const Run& run, const Parameters& moving_values,
                   const std::vector<std::pair<std::uint32_t, std::uint32_t>>& batches,
                   const OutputDifference& found) {
    const reference::NetworkRun network(run.options.network.network(), moving_values);
    double sum = 0, largest = 0, values = 0;
    std::uint32_t pictures = 0;
    for (const auto& [first, count] : batches) {
        const reference::Tensor own = evaluation_of(run, first, count).points.back();
        const reference::Tensor moving = network.infer(pictures_of(run, first, count));
        for (std::size_t i = 0; i < own.values.size(); ++i) {
            const double levels =
                255 * std::abs(std::clamp(own.values[i], 0.0, 1.0) - std::clamp(moving.values[i], 0.0, 1.0));
            sum += levels;
            largest = std::max(largest, levels);
        }
        values += static_cast<double>(own.values.size());
        pictures += count;
    }
    REQUIRE(largest > 5);
    CHECK(found.pictures == pictures);
    CHECK(found.mean == Approx(sum / values).margin(level_tolerance));
    CHECK(found.largest == Approx(largest).margin(level_tolerance));
}

void check_population(const Run& run, std::uint32_t first, std::uint32_t pictures, const HealthFacts& facts) {
    REQUIRE(facts.population);
    CHECK(facts.population_pictures == pictures);
    const Parameters found(facts.population->tensors);
    for (const auto& [name, statistics] : evaluation_of(run, first, pictures).statistics) {
        const std::vector<float>&mean = found.at(name + ".running_mean").values,
              &variance = found.at(name + ".running_var").values;
        for (std::size_t c = 0; c < mean.size(); ++c) {
            CHECK(mean[c] == Approx(statistics.mean[c]).margin(statistic_tolerance));
            CHECK(variance[c] == Approx(statistics.variance[c]).epsilon(statistic_tolerance));
        }
    }
}

}  // namespace

TEST_CASE("a full batch gives the difference of results and the population at once") {
    const ValidatedDevice device;
    NetworkOptions relu;
    relu.activation = "relu";
    for (const NetworkOptions& network : {NetworkOptions{}, relu}) {
        const Run run({3}, network);
        const HealthFacts facts = facts_of(*device, run);
        check_outputs(run, run.parameters, {{0, 3}}, facts.outputs.value());
        check_population(run, 0, 3, facts);
        CHECK(facts.batch->pictures == 3);
        CHECK(facts.batch->width == 19);
        CHECK(facts.batch->all);
        CHECK(facts.norm_updates == 90u);
        CHECK(facts.start_share == Approx(std::pow(0.9, 90)));
        CHECK(same_bits(facts.parameters, run.parameters));
    }
}

TEST_CASE("mini-batches are compared each with its own statistics") {
    const ValidatedDevice device;
    Run run({3});
    run.options.batch = 2;
    const HealthFacts facts = facts_of(*device, run);
    check_outputs(run, run.parameters, {{0, 2}, {2, 1}}, facts.outputs.value());
    check_population(run, 0, 3, facts);
    CHECK(facts.batch->pictures == 2);
    CHECK_FALSE(facts.batch->all);
}

TEST_CASE("batches of crops are compared, and the population is that of the whole pictures") {
    const ValidatedDevice device;
    Run run({3}), as_pictures({12});
    const PictureCrops crops(run.data.pictures(), 9, 4, true, 1);
    as_pictures.data = PicturePairs(std::vector<std::string>(12, "crop"), 9, 9);
    for (std::uint32_t i = 0; i < crops.size(); ++i) {
        as_pictures.data.set(i, {9, 9, crops.input(i)}, {9, 9, crops.target(i)});
    }
    run.options.batch = as_pictures.options.batch = 5;
    std::vector<HealthFacts> found = health_facts(
        *device, {run.options, run.parameters, run.domains, crops, PairSets{run.data.pictures(), nullptr}, 90,
                  run.norm_updates, run.frozen, run.stop});
    REQUIRE(found.size() == 1);
    const HealthFacts &facts = found.front(), expected = facts_of(*device, as_pictures);
    CHECK(facts.outputs->pictures == expected.outputs->pictures);
    CHECK(facts.outputs->mean == expected.outputs->mean);
    CHECK(facts.outputs->largest == expected.outputs->largest);
    check_population(run, 0, 3, facts);
    CHECK(facts.population_pictures == 3);
    CHECK(facts.batch->pictures == 5);
    CHECK(facts.batch->width == 9);
    CHECK(facts.batch->crops);
    run.options.batch = 0;
    // Even all crops of an epoch are others in the next one.
    found = health_facts(
        *device, {run.options, run.parameters, run.domains, crops, PairSets{run.data.pictures(), nullptr}, 90,
                  run.norm_updates, run.frozen, run.stop});
    CHECK_FALSE(found.front().batch->all);
}

TEST_CASE("each domain is looked at with its own pairs and statistics") {
    const ValidatedDevice device;
    Run run({2, 3});
    run.options.domains = {{"day", "a", "b"}, {"night", "c", "d"}};
    run.domains = {statistics_of(run.parameters, "day"), statistics_of(run.parameters, "night")};
    for (NamedTensor& tensor : run.domains[1].tensors) {
        for (float& value : tensor.values) value *= 2;
    }
    run.norm_updates = {90, 3};
    const std::vector<HealthFacts> facts = health_facts(*device, run.results());
    REQUIRE(facts.size() == 2);
    const Parameters night = with_statistics(run.parameters, run.domains[1]);
    check_outputs(run, run.parameters, {{0, 2}}, facts[0].outputs.value());
    check_outputs(run, night, {{2, 3}}, facts[1].outputs.value());
    check_population(run, 0, 2, facts[0]);
    check_population(run, 2, 3, facts[1]);
    CHECK(same_bits(facts[0].parameters, run.parameters));
    CHECK(same_bits(facts[1].parameters, night));
    CHECK(facts[0].batch->pictures == 2);
    CHECK(facts[1].batch->pictures == 3);
    CHECK(facts[0].start_share.value() == Approx(std::pow(0.9, 90)));
    CHECK(facts[1].start_share.value() == Approx(std::pow(0.9, 3)));
    CHECK(facts[1].norm_updates == 3u);

    const HealthReport report = check_trained(*device, run.results()).value();
    const auto start_left =
        std::find_if(report.findings.begin(), report.findings.end(),
                     [](const Finding& finding) { return finding.kind == FindingKind::start_left; });
    REQUIRE(start_left != report.findings.end());
    CHECK_THAT(start_left->text,
               ContainsSubstring("Stream night: after 3 steps, 73 % of every moving value"));
    CHECK_THAT(start_left->remedy, ContainsSubstring("adapt MODEL --input DIR --name night"));
    // Which decay a domain's own steps had is not known once it has been changed.
    run.options.changes = {{4, {0.002f, 0.9f}}};
    CHECK(health_facts(*device, run.results())[1].start_share.has_value());
    run.options.changes = {{4, {0.01f, 0.5f}}};
    CHECK_FALSE(health_facts(*device, run.results())[1].start_share);
}

TEST_CASE("a stop ends the looking, and nothing is kept of it") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    Run run({2});
    run.options.output = folder.path();
    run.options.batch = GENERATE(0u, 1u);
    run.stop = true;
    CHECK(health_facts(*device, run.results()).empty());
    CHECK_FALSE(check_and_keep(*device, run.results()));
    CHECK(std::filesystem::is_empty(folder.path()));
    run.stop = false;
    CHECK(check_and_keep(*device, run.results()));
    CHECK(std::filesystem::exists(folder / "health.json"));
}

TEST_CASE("of many pictures eight are compared and 128 measured") {
    const ValidatedDevice device;
    Run run({140});
    run.options.batch = 3;
    const HealthFacts facts = facts_of(*device, run);
    CHECK(facts.outputs->pictures == 8);
    CHECK(facts.population_pictures == 128);
}

TEST_CASE("a network without norm is not measured") {
    const ValidatedDevice device;
    NetworkOptions plain;
    plain.norm = NormPlacement::none;
    const Run run({1}, plain);
    const HealthFacts facts = facts_of(*device, run);
    CHECK_FALSE(facts.outputs);
    CHECK_FALSE(facts.population);
    CHECK(verdict(check_health(facts)) == "healthy");
}

TEST_CASE("what is left of the start follows the decays of the run") {
    TrainOptions options;
    CHECK(start_share(options, 10) == Approx(std::pow(0.9, 10)));
    options.changes = {{4, {0.01f, 0.5f}}, {6, {0.01f, 0.99f}}};
    CHECK(start_share(options, 3) == Approx(std::pow(0.9, 3)));
    CHECK(start_share(options, 4) == Approx(std::pow(0.9, 4)));
    CHECK(start_share(options, 5) == Approx(std::pow(0.9, 4) * 0.5));
    CHECK(start_share(options, 9) == Approx(std::pow(0.9, 4) * 0.25 * std::pow(0.99, 3)));
    options.changes = {{0, {0.01f, 0.0f}}};
    CHECK(start_share(options, 1) == 0);
    CHECK(start_share(options, 0) == 1);
    options.changes.clear();
    options.debias = true;
    CHECK(start_share(options, 1) == 0);
}

TEST_CASE("another model's statistics, and frozen ones, are known as such") {
    const ValidatedDevice device;
    NetworkOptions plain;
    plain.norm = NormPlacement::none;  // which leaves out the measuring
    Run run({1}, plain);
    run.options.init = "other.safetensors";
    CHECK_FALSE(facts_of(*device, run).start_share);
    CHECK_FALSE(facts_of(*device, run).frozen);
    run.frozen = true;
    CHECK(facts_of(*device, run).frozen);
}

TEST_CASE("a network that was trained for long enough is healthy, and after three steps it is not") {
    const ValidatedDevice device;
    const PicturePairs data = made_data(2, 48, 40);
    TrainOptions options = small_options();
    Trainer trainer = made_trainer(options, data);
    const auto report_after = [&](std::uint32_t epochs) {
        const std::atomic<bool> stop = false;
        while (trainer.epochs_done() < epochs) trainer.run_epoch(stop, {});
        const Parameters parameters = trainer.parameters();
        return check_trained(*device, {options,
                                       parameters,
                                       {},
                                       data,
                                       PairSets{data.pictures(), nullptr},
                                       trainer.steps_done(),
                                       trainer.norm_updates(),
                                       trainer.norms_frozen(),
                                       stop})
            .value();
    };
    const HealthReport early = report_after(3);
    REQUIRE_FALSE(early.findings.empty());
    CHECK(early.findings[0].severity == Severity::fault);
    const HealthReport late = report_after(200);
    for (const Finding& finding : late.findings) UNSCOPED_INFO(finding.text);
    CHECK(late.findings.empty());
}
