// Each finding about classifiers: planted, at both sides of its bound, and none on healthy ones.
#include <algorithm>

#include "model/network_text.h"
#include "statistics/health_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

HealthFacts healthy_classifier() {
    HealthFacts facts;
    facts.network = parse_network(
        "input 1x4x5, dense 20, norm decay 0.9, relu, dropout 0.5, dense 20, norm, relu, dense 3", "network");
    facts.parameters = initial_parameters(facts.network, 5);
    for (NamedTensor& tensor : facts.parameters.tensors()) {
        if (tensor.name.ends_with("running_mean")) std::ranges::fill(tensor.values, 0.25f);
        if (tensor.name.starts_with("fc") && tensor.name.ends_with(".bias"))
            std::ranges::fill(tensor.values, 0.0f);
    }
    facts.norm_updates = 200;
    facts.start_share = 0;
    facts.batch = BatchExtent{16, 5, 4};
    facts.population = statistics_of(facts.parameters, "");
    facts.population_pictures = 30;
    facts.classifier = ClassifierFacts{.pictures = 30,
                                       .classes = {"a", "b\n", "c"},
                                       .labels = {10, 10, 10},
                                       .answers = {28, 1, 1},
                                       .units = {{"fc1", 20, {}}, {"fc2", 20, {}}},
                                       .shifts = {{"bn2", 0.5, 1.25}}};
    return facts;
}

}  // namespace

TEST_CASE("a healthy classifier has no finding") {
    const HealthFacts facts = healthy_classifier();
    for (const Finding& finding : findings_of(facts)) UNSCOPED_INFO(finding.text);
    CHECK(findings_of(facts).empty());
    CHECK_THAT(check_health(facts).checked,
               ContainsSubstring("; the answers to 30 training pictures and what each relu lets through"));
}

TEST_CASE("a class whose logit never wins is a fault where pictures of it were looked at") {
    HealthFacts facts = healthy_classifier();
    facts.classifier->answers = {29, 0, 1};
    check_only(
        facts, FindingKind::never_answered, Severity::fault,
        "1 of 3 classes is never answered, though 10 of 30 training pictures looked at are of them: b\\n.");
    facts.classifier->labels = {20, 0, 10};
    CHECK(findings_of(facts).empty());
}

TEST_CASE("units whose relu lets nothing through are dead, and weigh by their number") {
    HealthFacts facts = healthy_classifier();
    std::vector<std::uint32_t>& dead = facts.classifier->units[1].dead;
    dead = {3, 7};
    check_only(facts, FindingKind::dead_unit, Severity::information,
               "2 of 20 units of fc2 are dead: their relu is 0 for all of 30 training pictures: 3, 7.");
    dead = {3, 7, 9};
    check_only(facts, FindingKind::dead_unit, Severity::warning, "3 of 20 units");
    for (dead.clear(); dead.size() < 20;) dead.push_back(static_cast<std::uint32_t>(dead.size()));
    check_only(facts, FindingKind::dead_unit, Severity::fault, ": 0, 1, 2, 3 and 16 more.");
}

TEST_CASE("a norm behind dropout is told of by the variance that it misses, and not as one that lags") {
    HealthFacts facts = healthy_classifier();
    std::vector<float>& variance = facts.parameters.at("bn2.running_var").values;
    std::ranges::fill(variance, 1.3f);
    CHECK(findings_of(facts).empty());
    facts.classifier->shifts[0].ratio = 1.26;
    check_only(
        facts, FindingKind::dropout_shift, Severity::warning,
        "Dropout that keeps 50 % stands before bn2: with it, in training, the variance there is 1.26 times");
    facts.frozen = true;
    CHECK(findings_of(facts).empty());
    facts = healthy_classifier();
    std::ranges::fill(facts.parameters.at("bn1.running_var").values, 1.3f);
    check_only(facts, FindingKind::lagging, Severity::warning, "bn1");
    CHECK_THAT(only(facts).remedy, ContainsSubstring("`shadenet train --resume` with more --epochs"));
}

TEST_CASE("a classifier's batch is too small below sixteen pictures") {
    HealthFacts facts = healthy_classifier();
    facts.batch->pictures = 15;
    check_only(facts, FindingKind::small_batch, Severity::warning,
               "those of 15 pictures: by chance alone its means are off by some 0.26 deviations.");
    facts.batch->all = true;
    CHECK(findings_of(facts).empty());
    facts.batch = BatchExtent{1, 5, 4};
    check_only(facts, FindingKind::small_batch, Severity::fault,
               "those of 1 picture: what tells pictures apart");
}
