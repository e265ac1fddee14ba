// What the health check finds in the moving statistics themselves, at both sides of each bound.
#include <cmath>
#include <stdexcept>

#include "statistics/health.h"
#include "statistics/health_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

HealthFacts with_steps(std::uint64_t steps) {
    HealthFacts facts = healthy();
    facts.norm_updates = steps;
    facts.start_share = start_share(0.9f, steps);
    // As if training had begun at variance 1.
    for (float& value : of_first(facts, "running_var").values)
        value += static_cast<float>(*facts.start_share);
    facts.population.reset();
    return facts;
}

}  // namespace

TEST_CASE("moving statistics that were never updated are a fault") {
    HealthFacts facts = healthy();
    facts.population.reset();
    for (const char* norm : {"bn1", "bn2"}) {
        facts.parameters.at(std::string(norm) + ".running_mean").values.assign(norm[2] == '1' ? 16 : 3, 0.0f);
        facts.parameters.at(std::string(norm) + ".running_var").values.assign(norm[2] == '1' ? 16 : 3, 1.0f);
    }
    facts.start_share = 1;
    facts.norm_updates = 0;
    check_only(facts, FindingKind::never_updated, Severity::fault, "bn1 and bn2 were never updated");
    SECTION("one value that moved is an update") {
        facts.norm_updates = 3;
        facts.start_share = 0;
        facts.parameters.at("bn1.running_mean").values[5] = 1e-6f;
        check_only(facts, FindingKind::never_updated, Severity::fault, "of bn2 were");
        facts.parameters.at("bn2.running_var").values[1] = 0.9f;
        CHECK(findings_of(facts).empty());
    }
    SECTION("and statistics that were given are worth a word") {
        HealthFacts given = healthy();
        given.norm_updates = 0;
        given.start_share = 1;
        check_only(given, FindingKind::never_updated, Severity::information, "that the model was given");
        CHECK(verdict(check_health(given)) == "healthy");
    }
}

TEST_CASE("what is left of the start counts from one part in a hundred") {
    // 0.9^43 = 0.0108, 0.9^44 = 0.0097. The least variance is 0.04, so that of it the start is a quarter.
    HealthFacts facts = with_steps(43);
    for (float& value : of_first(facts, "running_var").values) value += 1;
    for (float& value : facts.parameters.at("bn2.running_var").values) value += 1;
    check_only(facts, FindingKind::start_left, Severity::warning,
               "After 43 steps, 1.1 % of every moving value is still what it began with.");
    CHECK_THAT(only(facts).remedy, ContainsSubstring("44 with decay 0.9 leave 1 %"));
    facts.start_share = start_share(0.9f, 44);
    CHECK(findings_of(facts).empty());
    SECTION("more start than pictures is a fault") {
        facts.start_share = start_share(0.9f, 6);
        CHECK(only(facts).severity == Severity::fault);
        facts.start_share = start_share(0.9f, 7);
        CHECK(only(facts).severity == Severity::warning);
    }
    SECTION("with debiasing nothing is left") {
        facts.start_share = 0;
        CHECK(findings_of(facts).empty());
    }
}

TEST_CASE("a small variance keeps its start for longer") {
    HealthFacts facts = healthy();
    facts.population.reset();
    facts.start_share = 1e-3;
    CHECK(findings_of(facts).empty());  // 1/40 of 0.04
    of_first(facts, "running_var").values[7] = 0.0101f;
    CHECK(findings_of(facts).empty());
    of_first(facts, "running_var").values[7] = 0.0099f;
    check_only(facts, FindingKind::start_left, Severity::warning,
               "After 200 steps, 0.1 % of every moving value is still what it began with, and 10 % of the "
               "variance of channel 7 of bn1.");
    // Below the share itself it cannot have begun at 1.
    of_first(facts, "running_var").values[7] = 0.00099f;
    CHECK(findings_of(facts).empty());
}

TEST_CASE("steps that are enough are those of the variance, where it keeps its start for longer") {
    HealthFacts facts = healthy();
    facts.population.reset();
    facts.norm_updates = 60;
    facts.start_share = start_share(0.9f, 60);
    of_first(facts, "running_var").values[7] = 0.01f;
    // 0.9^60 = 0.0018 of it; 0.9^67 / (0.9^67 + 0.0082) = 0.095.
    check_only(facts, FindingKind::start_left, Severity::warning, "18 % of the variance of channel 7 of bn1");
    CHECK_THAT(only(facts).remedy,
               ContainsSubstring("more steps (67 with decay 0.9 are enough for that channel)"));
    facts.frozen = true;
    CHECK_THAT(only(facts).remedy,
               ContainsSubstring("later (67 with decay 0.9 are enough for that channel)"));
    SECTION("of a large variance they are those of the mean") {
        facts = with_steps(6);
        for (float& value : of_first(facts, "running_var").values) value += 1;
        for (float& value : facts.parameters.at("bn2.running_var").values) value += 1;
        CHECK_THAT(only(facts).text, ContainsSubstring("of the variance"));
        CHECK_THAT(only(facts).remedy, ContainsSubstring("(44 with decay 0.9 leave 1 %)"));
    }
}

TEST_CASE("a variance that is all start is known for it, however its steps were rounded") {
    const auto after = [](std::uint64_t steps) {
        HealthFacts facts = with_steps(steps);
        float variance = 1;
        for (std::uint64_t step = 0; step < steps; ++step) variance *= 0.9f;
        for (const char* norm : {"bn1", "bn2"}) {
            for (float& value : facts.parameters.at(std::string(norm) + ".running_var").values)
                value = variance;
        }
        return facts;
    };
    bool below = false;
    for (std::uint64_t steps = 1; steps <= 60; ++steps) {
        CAPTURE(steps);
        const HealthFacts facts = after(steps);
        below = below || facts.parameters.at("bn2.running_var").values[0] < *facts.start_share;
        CHECK_THAT(only(facts).text, ContainsSubstring(", and 100 % of the variance of channel"));
        CHECK_THAT(only(facts).remedy, ContainsSubstring("are enough for that channel"));
    }
    CHECK(below);
}

TEST_CASE("norms that were frozen at their start are worth a warning, and are not to be given other ones") {
    HealthFacts facts = healthy();
    facts.population.reset();
    facts.frozen = true;
    const auto check_frozen = [&](FindingKind kind, const std::string& text) {
        check_only(facts, kind, Severity::warning, text);
        CHECK_THAT(only(facts).remedy, ContainsSubstring("in a next run freeze later") &&
                                           !ContainsSubstring("more steps") && !ContainsSubstring("--write"));
    };
    SECTION("before the first step") {
        facts.parameters = initial_parameters(facts.network, 5);
        facts.norm_updates = 0;
        facts.start_share = 1;
        check_frozen(FindingKind::never_updated,
                     "frozen before a step had moved the statistics of bn1 and bn2");
        facts.norm_updates.reset();
        facts.start_share.reset();
        check_frozen(FindingKind::never_updated, "frozen before a step");
    }
    SECTION("after some") {
        facts = with_steps(5);
        facts.frozen = true;
        check_frozen(FindingKind::start_left,
                     "The norms were frozen after 5 steps, when 59 % of every moving value was still what it "
                     "began with, and ");
        facts.norm_updates.reset();
        check_frozen(FindingKind::start_left, "The norms were frozen, when 59 %");
    }
    SECTION("with those that they were given") {
        facts.norm_updates = 0;
        check_only(facts, FindingKind::never_updated, Severity::information, "that the model was given");
        CHECK_THAT(only(facts).remedy, !ContainsSubstring("--write"));
    }
}

TEST_CASE("statistics that lag behind the pictures are found, with the worst channel") {
    CHECK(findings_of(lagging(0.24, 1)).empty());
    check_only(lagging(0.26, 1), FindingKind::lagging, Severity::warning,
               "of bn1 are not those of the 2 pictures: a mean is off by 0.26 deviations (channel 2).");
    CHECK(only(lagging(-0.26, 1)).kind == FindingKind::lagging);
    CHECK(findings_of(lagging(0, 1.24)).empty());
    check_only(lagging(0, 1.26), FindingKind::lagging, Severity::warning,
               "a variance by a factor of 1.26 (channel 2)");
    CHECK(findings_of(lagging(0, 1 / 1.24)).empty());
    CHECK(only(lagging(0, 1 / 1.26)).kind == FindingKind::lagging);
    check_only(lagging(3, 7), FindingKind::lagging, Severity::warning,
               "a mean is off by 3 deviations (channel 2) and a variance by a factor of 7 (channel 2)");
    SECTION("variances far below epsilon may differ as they like") {
        HealthFacts facts = healthy();
        of_first(facts, "running_var").values[3] = 1e-20f;
        facts.population->tensors[1].values[3] = 1e-12f;
        for (const Finding& finding : findings_of(facts)) CHECK(finding.kind == FindingKind::dead_channel);
    }
    SECTION("another network's population is no population") {
        HealthFacts facts = healthy();
        facts.population->tensors.pop_back();
        CHECK_THROWS_AS(check_health(facts), std::out_of_range);
        facts = healthy();
        facts.population->tensors[0].values.pop_back();
        CHECK_THROWS_AS(check_health(facts), std::out_of_range);
    }
}

TEST_CASE("a variance near epsilon is found") {
    HealthFacts facts = healthy();
    facts.population.reset();
    of_first(facts, "running_var").values[4] = 1.01e-4f;
    CHECK(findings_of(facts).empty());
    of_first(facts, "running_var").values[4] = 0.99e-4f;
    check_only(facts, FindingKind::small_variance, Severity::warning,
               "1 of 16 channels of bn1 has a moving variance near epsilon, 1e-05: the smallest is 9.9e-05 "
               "(channel 4).");
    of_first(facts, "running_var").values[9] = 0.2e-4f;
    CHECK_THAT(only(facts).text, ContainsSubstring("2 of 16") && ContainsSubstring("have") &&
                                     ContainsSubstring("2.0e-05 (channel 9)"));
    facts.network = two_layer_network({.epsilon = 1e-7f});
    CHECK(findings_of(facts).empty());
}

TEST_CASE("statistics that were frozen need not be those of the pictures") {
    HealthFacts facts = healthy();
    for (NamedTensor& tensor : facts.population->tensors) {
        if (tensor.name == "bn1.running_var") tensor.values[0] *= 2;
    }
    CHECK(only(facts).kind == FindingKind::lagging);
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
}
