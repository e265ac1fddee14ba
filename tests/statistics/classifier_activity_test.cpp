#include "statistics/classifier_activity.h"

#include <algorithm>
#include <atomic>

#include "catch.h"
#include "data/labelled_examples.h"
#include "device_fixture.h"
#include "labelled_set.h"
#include "model/network_text.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Unit `unit` of a dense layer of 20 inputs and its relu, in float64.
std::vector<double> unit_values(const Parameters& parameters, const LabelledExamples& examples,
                                std::size_t unit) {
    std::vector<double> values;
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        double sum = parameters.at("fc1.bias").values[unit];
        const std::vector<float> input = examples.input(i);
        for (std::size_t at = 0; at < 20; ++at) {
            sum += static_cast<double>(parameters.at("fc1.weight").values[unit * 20 + at]) * input[at];
        }
        values.push_back(std::max(sum, 0.0));
    }
    return values;
}

}  // namespace

TEST_CASE("what a classifier does with pictures is counted and measured without dropout") {
    const ValidatedDevice device;
    const LabelledExamples examples(labelled_set(31, 4, 5, 3));
    const Network network =
        parse_network("input 1x4x5, dense 4, relu, dropout 0.5, norm, dense 3", "network");
    Parameters parameters = initial_parameters(network, 3);
    parameters.at("fc1.bias").values[2] = -1000;
    for (const std::size_t unit : {0u, 1u, 3u}) parameters.at("fc1.bias").values[unit] = 3;
    parameters.at("fc2.bias").values = {0, 1000, 0};
    const std::atomic<bool> stop = false;
    const auto activity = classifier_activity(*device, network, parameters, examples, {"a", "b", "c"}, stop);
    REQUIRE(activity);
    const ClassifierFacts& facts = activity->facts;
    CHECK(facts.pictures == 31);
    CHECK(facts.labels == std::vector<std::uint64_t>{11, 10, 10});
    CHECK(facts.answers == std::vector<std::uint64_t>{0, 31, 0});
    REQUIRE(facts.units.size() == 1);
    CHECK(facts.units[0].layer == "fc1");
    CHECK(facts.units[0].units == 4);
    CHECK(facts.units[0].dead == std::vector<std::uint32_t>{2});

    const Parameters population(activity->population.tensors);
    std::vector<double> ratios;  // the moving variance is still 1
    for (std::size_t unit = 0; unit < 4; ++unit) {
        const std::vector<double> values = unit_values(parameters, examples, unit);
        double mean = 0, variance = 0;
        for (const double value : values) mean += value / 31;
        for (const double value : values) variance += (value - mean) * (value - mean) / 31;
        CHECK(population.at("bn1.running_mean").values[unit] == Approx(mean).epsilon(1e-5));
        CHECK(population.at("bn1.running_var").values[unit] == Approx(variance).epsilon(1e-4));
        ratios.push_back((1 + 1e-5) / (variance + 1e-5));
    }
    std::ranges::sort(ratios);
    REQUIRE(facts.shifts.size() == 1);
    CHECK(facts.shifts[0].norm == "bn1");
    CHECK(facts.shifts[0].keep == 0.5);
    CHECK(facts.shifts[0].ratio == Approx(ratios[2]).epsilon(1e-4));

    const std::atomic<bool> stopped = true;
    CHECK_FALSE(classifier_activity(*device, network, parameters, examples, {"a", "b", "c"}, stopped));
}
