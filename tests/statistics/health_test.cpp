// Each finding of the health check: planted, at both sides of its bound, and none on healthy networks.
#include "statistics/health.h"

#include <cctype>
#include <cmath>

#include "catch.h"

using namespace shadenet;

namespace {

NamedTensor& of_first(HealthFacts& facts, const char* name) {
    return facts.parameters.at(std::string("bn1.") + name);
}

/// A network as training leaves it, and pictures that agree with it.
HealthFacts healthy(const NetworkOptions& options = {}) {
    HealthFacts facts;
    facts.options = options;
    facts.parameters = initial_parameters(two_layer_network(options), 5);
    for (NamedTensor& tensor : facts.parameters.tensors()) {
        if (tensor.trainable) continue;
        const bool mean = tensor.name.ends_with("mean");
        for (std::size_t c = 0; c < tensor.values.size(); ++c) {
            tensor.values[c] = (mean ? -0.2f : 0.04f) + 0.01f * static_cast<float>(c);
        }
    }
    facts.norm_updates = 200;
    facts.start_share = start_share(options.decay, 200);
    facts.batch = BatchExtent{2, 64, 64};
    facts.population = statistics_of(facts.parameters, "");
    facts.population_pictures = 2;
    facts.outputs = OutputDifference{2, 0.1, 0.5};
    return facts;
}

std::vector<Finding> findings_of(const HealthFacts& facts) {
    return check_health(facts).findings;
}

/// The one finding; fails where there is another number of them.
Finding only(const HealthFacts& facts) {
    const std::vector<Finding> findings = findings_of(facts);
    for (const Finding& finding : findings) UNSCOPED_INFO(finding.text);
    REQUIRE(findings.size() == 1);
    return findings[0];
}

void check_only(const HealthFacts& facts, FindingKind kind, Severity severity, const std::string& part) {
    const Finding finding = only(facts);
    CHECK(to_string(finding.kind) == to_string(kind));
    CHECK(to_string(finding.severity) == to_string(severity));
    CHECK_THAT(finding.text, ContainsSubstring(part));
    CHECK(finding.text.ends_with("."));
    CHECK(finding.remedy.ends_with("."));
    CHECK(std::islower(static_cast<unsigned char>(finding.text[0])) == 0);
}

/// A population that differs from the moving statistics in channel 2 of bn1.
HealthFacts lagging(double deviations, double ratio) {
    HealthFacts facts = healthy();
    NamedTensor &mean = of_first(facts, "running_mean"), &variance = of_first(facts, "running_var");
    const double own = variance.values[2] + 1e-5;
    mean.values[2] += static_cast<float>(deviations * std::sqrt(own));
    variance.values[2] = static_cast<float>(ratio * own - 1e-5);
    return facts;
}

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
    facts.parameters = healthy().parameters;
    CHECK(findings_of(facts).empty());
    CHECK(check_health(facts).checked == "Looked at: parameters and moving statistics.");
    facts.options.norm = NormPlacement::none;
    facts.parameters = initial_parameters(two_layer_network(facts.options), 1);
    facts.batch = BatchExtent{1, 1, 1};
    CHECK(findings_of(facts).empty());
    CHECK(check_health(facts).checked == "The network has no batch norm.");
}

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
    facts.options.epsilon = 1e-7f;
    CHECK(findings_of(facts).empty());
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
        facts.options.activation = "leaky_relu";
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
    facts.options.residual = false;
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

TEST_CASE("statistics that were frozen need not be those of the pictures") {
    HealthFacts facts = healthy();
    for (NamedTensor& tensor : facts.population->tensors) {
        if (tensor.name == "bn1.running_var") tensor.values[0] *= 2;
    }
    CHECK(only(facts).kind == FindingKind::lagging);
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
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
    facts.batch = BatchExtent{1, 1, 1};
    check_only(facts, FindingKind::small_batch, Severity::fault, "the variance of one value is 0");
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
    facts.frozen = false;
    facts.options = network("none", NormPlacement::none);
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

TEST_CASE("kinds and severities have names that are read back") {
    for (int i = 0; i < 8; ++i) {
        const auto kind = static_cast<FindingKind>(i);
        CHECK(finding_kind(to_string(kind)) == kind);
    }
    for (const Severity severity : {Severity::information, Severity::warning, Severity::fault}) {
        CHECK(severity_of(to_string(severity)) == severity);
    }
    CHECK_FALSE(finding_kind("grave"));
    CHECK_FALSE(severity_of(""));
}
