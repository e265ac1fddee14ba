// Each finding of the health check: planted, at both sides of its bound, and none on healthy networks.
#include "statistics/health.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/health_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

NetworkOptions network(const std::string& activation, NormPlacement norm) {
    NetworkOptions options;
    options.activation = activation;
    options.norm = norm;
    return options;
}

}  // namespace

TEST_CASE("healthy networks have no finding, whatever their form") {
    for (const char* activation : {"none", "relu", "leaky_relu", "tanh"}) {
        for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
            CAPTURE(activation, to_string(norm));
            const HealthReport report = check_health(healthy(network(activation, norm)));
            for (const Finding& finding : report.findings) UNSCOPED_INFO(finding.text);
            CHECK(report.findings.empty());
            CHECK(verdict(report) == "healthy");
        }
    }
    CHECK(check_health(healthy()).checked ==
          "Looked at: parameters and moving statistics after 200 steps; against the statistics of 2 pictures "
          "(means off by 0 deviations, variances by a factor of 1); the results of 2 pictures with their own "
          "statistics and with the moving ones (apart by 0.1 grey levels in the mean, 0.5 at most).");
}

TEST_CASE("where little is known little is checked") {
    HealthFacts facts;
    facts.network = healthy().network;
    facts.parameters = healthy().parameters;
    CHECK(findings_of(facts).empty());
    CHECK(check_health(facts).checked == "Looked at: parameters and moving statistics.");
    facts.network = two_layer_network({.norm = NormPlacement::none});
    facts.parameters = initial_parameters(facts.network, 1);
    facts.batch = BatchExtent{1, 1, 1};
    CHECK(findings_of(facts).empty());
    CHECK(check_health(facts).checked == "The network has no batch norm.");
}

TEST_CASE("a hidden channel of no variance, no gamma or no weights is dead") {
    HealthFacts facts = healthy();
    facts.population.reset();
    SECTION("variance") {
        of_first(facts, "running_var").values[15] = 0.99e-8f;
        check_only(facts, FindingKind::dead_channel, Severity::warning,
                   "1 of 16 hidden channels is dead, the same for all pictures or unused: 15 (its moving "
                   "variance is 9.9e-09).");
        // From there on it has a variance near epsilon.
        of_first(facts, "running_var").values[15] = 1.01e-8f;
        CHECK(only(facts).kind == FindingKind::small_variance);
    }
    SECTION("gamma") {
        of_first(facts, "weight").values[0] = 0;
        check_only(facts, FindingKind::dead_channel, Severity::warning, "0 (gamma is 0)");
        of_first(facts, "weight").values[0] = 1e-3f;
        CHECK(findings_of(facts).empty());
    }
    SECTION("weights") {
        NamedTensor& weight = facts.parameters.at("conv2.weight");  // [3,16,3,3]
        for (std::size_t o = 0; o < 3; ++o) {
            for (std::size_t tap = 0; tap < 9; ++tap) weight.values[(o * 16 + 11) * 9 + tap] = 0;
        }
        check_only(facts, FindingKind::dead_channel, Severity::warning, "11 (conv2 has only zeros for it)");
        weight.values[(2 * 16 + 11) * 9 + 8] = 1e-6f;
        CHECK(findings_of(facts).empty());
    }
    SECTION("all of them") {
        of_first(facts, "weight").values.assign(16, 0.0f);
        check_only(
            facts, FindingKind::dead_channel, Severity::fault,
            "16 of 16 hidden channels are dead, the same for all pictures or unused: 0 (gamma is 0), 1 "
            "(gamma is 0), 2 (gamma is 0), 3 (gamma is 0) and 12 more.");
    }
}

TEST_CASE("a relu that is closed for every picture makes a dead channel") {
    for (const NormPlacement norm : {NormPlacement::none, NormPlacement::after}) {
        HealthFacts facts = healthy(network("relu", norm));
        NamedTensor& weight = facts.parameters.at("conv1.weight");
        double largest = 0;
        for (std::size_t i = 0; i < 27; ++i) largest += std::max(0.0f, weight.values[5 * 27 + i]);
        facts.parameters.at("conv1.bias").values[5] = static_cast<float>(-1.01 * largest);
        check_only(facts, FindingKind::dead_channel, Severity::warning,
                   "5 (relu is closed for every picture)");
        CHECK_THAT(only(facts).remedy, ContainsSubstring("leaky_relu"));
        facts.parameters.at("conv1.bias").values[5] = static_cast<float>(-0.99 * largest);
        CHECK(findings_of(facts).empty());
        facts.network = two_layer_network(network("leaky_relu", norm));
        facts.parameters.at("conv1.bias").values[5] = -1000;
        CHECK(findings_of(facts).empty());
    }
}

TEST_CASE("behind a norm a relu is closed or almost closed by beta and gamma") {
    HealthFacts facts = healthy(network("relu", NormPlacement::before));
    facts.population.reset();
    // σ²/(σ² + β²) with σ 1: 0.0101 at 9.9, 0.0099 at 10.05. Values of the channel: at most a few deviations.
    NamedTensor& weight = facts.parameters.at("conv1.weight");
    for (std::size_t i = 0; i < 27; ++i) weight.values[3 * 27 + i] = 0.2f;  // 0 to 5.4, of deviation 0.27
    facts.parameters.at("bn1.bias").values[3] = -9.9f;
    CHECK(findings_of(facts).empty());
    facts.parameters.at("bn1.bias").values[3] = -10.05f;
    check_only(facts, FindingKind::dead_channel, Severity::warning,
               "3 (relu lets at most 0.98 % of its pixels through)");
    facts.parameters.at("bn1.bias").values[3] = -25;
    check_only(facts, FindingKind::dead_channel, Severity::warning, "3 (relu is closed for every picture)");
    // With the sign of gamma the picture's brightest values become its darkest.
    facts.parameters.at("bn1.weight").values[3] = -1;
    facts.parameters.at("bn1.bias").values[3] = -0.5f;
    CHECK(findings_of(facts).size() == 1);
    facts.parameters.at("bn1.bias").values[3] = 0.9f;
    CHECK(findings_of(facts).empty());
}

TEST_CASE("a colour that nothing moves is worth a word, and a warning without the skip") {
    HealthFacts facts = healthy();
    facts.population.reset();
    facts.parameters.at("bn2.weight").values[1] = 0;
    check_only(facts, FindingKind::dead_channel, Severity::information,
               "1 of 3 channels of bn2 is the same for all pictures: 1 (gamma is 0); in these colours the "
               "result is the input plus a constant.");
    facts.network = two_layer_network({.residual = false});
    check_only(facts, FindingKind::dead_channel, Severity::warning, "the result is a constant.");
}

TEST_CASE("results that differ between training and inference are found") {
    HealthFacts facts = healthy();
    facts.outputs = OutputDifference{7, 0.99, 15.9};
    CHECK(findings_of(facts).empty());
    facts.outputs = OutputDifference{7, 1.01, 2};
    check_only(facts, FindingKind::output_difference, Severity::warning,
               "the results of 7 pictures change by 1 grey levels of 255 in the mean, and by 2 at most.");
    facts.outputs = OutputDifference{1, 0.2, 16.1};
    check_only(facts, FindingKind::output_difference, Severity::warning, "of 1 picture change by 0.2");
    facts.outputs = OutputDifference{1, 7.9, 100};
    CHECK(only(facts).severity == Severity::warning);
    facts.outputs = OutputDifference{1, 8.1, 131};
    CHECK(only(facts).severity == Severity::fault);
    CHECK_THAT(only(facts).text, ContainsSubstring("131 at most"));
    CHECK_THAT(only(facts).remedy, ContainsSubstring("stats MODEL"));
    facts.population_pictures = 3;
    CHECK_THAT(only(facts).remedy, ContainsSubstring("A step sees 2 pictures at once"));
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
    facts.frozen = false;
    facts.outputs = OutputDifference{1, std::nan(""), std::nan("")};
    CHECK(only(facts).severity == Severity::fault);
}

TEST_CASE("a batch too small for its statistics is found") {
    HealthFacts facts = healthy();
    // 100 fields of 5 x 5 have 2500 pixels.
    facts.batch = BatchExtent{2, 50, 26};
    CHECK(findings_of(facts).empty());
    facts.batch = BatchExtent{2, 50, 24};
    check_only(facts, FindingKind::small_batch, Severity::warning,
               "made of 2400 values a channel (2 pictures of 50 x 24): by chance alone its means are off by "
               "some 0.1 deviations.");
    facts.batch->crops = true;
    check_only(facts, FindingKind::small_batch, Severity::warning, "(2 crops of 50 x 24)");
    CHECK_THAT(only(facts).remedy, ContainsSubstring("Take more crops in a step"));
    facts.batch->all = true;
    CHECK(findings_of(facts).empty());
    facts.batch = BatchExtent{1, 1, 1, true};
    check_only(facts, FindingKind::small_batch, Severity::fault, "the variance of one value is 0");
    CHECK_THAT(only(facts).remedy, !ContainsSubstring("--batch"));
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
    facts.frozen = false;
    facts.network = two_layer_network(network("none", NormPlacement::none));
    CHECK(findings_of(facts).empty());
}

TEST_CASE("a bias before a norm is worth a word") {
    HealthFacts facts = healthy();
    facts.parameters.at("conv1.bias").values[2] = -0.31f;
    check_only(facts, FindingKind::cancelled_bias, Severity::information,
               "The bias of conv1 (up to 0.31) does nothing in training: bn1 subtracts it with the mean.");
    CHECK(verdict(check_health(facts)) == "healthy");
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
    HealthFacts after = healthy(network("relu", NormPlacement::after));
    after.parameters.at("conv1.bias").values[2] = 0.31f;  // through the relu: it does something
    CHECK(findings_of(after).empty());
    after.parameters.at("conv2.bias").values[2] = 0.31f;
    CHECK_THAT(only(after).text, ContainsSubstring("conv2") && ContainsSubstring("bn2"));
}

TEST_CASE("the gravest finding comes first, and the verdict counts") {
    HealthFacts facts = lagging(1, 1);
    facts.parameters.at("conv1.bias").values[2] = 1;
    facts.outputs = OutputDifference{2, 20, 50};
    const HealthReport report = check_health(facts);
    REQUIRE(report.findings.size() == 3);
    CHECK(report.findings[0].severity == Severity::fault);
    CHECK(report.findings[1].severity == Severity::warning);
    CHECK(report.findings[2].severity == Severity::information);
    CHECK(verdict(report) == "1 fault and 1 warning");
    CHECK(verdict({{report.findings[1], report.findings[1]}, ""}) == "2 warnings");
}

TEST_CASE("what domains have in common is said once, and the rest by their names") {
    HealthFacts day = healthy(), night = lagging(1, 1);
    day.domain = "day";
    night.domain = "night";
    night.own = false;
    for (HealthFacts* facts : {&day, &night}) facts->parameters.at("conv1.bias").values[2] = 1;
    const HealthReport report = check_health(std::vector{day, night});
    REQUIRE(report.findings.size() == 2);
    CHECK_THAT(report.findings[0].text,
               ContainsSubstring("Stream night: the moving statistics of bn1 are not those"));
    CHECK_THAT(report.findings[0].remedy,
               ContainsSubstring("`shadenet adapt MODEL --input DIR --name night`"));
    CHECK_THAT(report.findings[1].text, ContainsSubstring("The bias of conv1"));
    CHECK_THAT(report.checked, ContainsSubstring("Looked at in stream day: parameters") &&
                                   ContainsSubstring(". Looked at in stream night: parameters"));
    CHECK(check_health(std::vector{lagging(1, 1)}) == check_health(lagging(1, 1)));
}

TEST_CASE("kinds and severities have names that are read back") {
    for (int i = 0; i < 8; ++i) {
        const auto kind = static_cast<FindingKind>(i);
        CHECK(finding_kinds.value(finding_kinds[kind]) == kind);
    }
    for (const Severity severity : {Severity::information, Severity::warning, Severity::fault}) {
        CHECK(severities.value(severities[severity]) == severity);
    }
    CHECK_FALSE(finding_kinds.value("grave"));
    CHECK_FALSE(severities.value(""));
}
