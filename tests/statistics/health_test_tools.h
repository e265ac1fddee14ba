// What the tests of the health check share: the facts of a healthy network, and the one finding of a faulty
// one.
#pragma once

#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include "catch.h"
#include "model/presets.h"
#include "statistics/health.h"

namespace shadenet::test {

inline NamedTensor& of_first(HealthFacts& facts, const char* name) {
    return facts.parameters.at(std::string("bn1.") + name);
}

/// A network as training leaves it, and pictures that agree with it.
inline HealthFacts healthy(const NetworkOptions& options = {}) {
    HealthFacts facts;
    facts.network = two_layer_network(options);
    facts.parameters = initial_parameters(facts.network, 5);
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

inline std::vector<Finding> findings_of(const HealthFacts& facts) {
    return check_health(facts).findings;
}

/// The one finding; fails where there is another number of them.
inline Finding only(const HealthFacts& facts) {
    const std::vector<Finding> findings = findings_of(facts);
    for (const Finding& finding : findings) UNSCOPED_INFO(finding.text);
    REQUIRE(findings.size() == 1);
    return findings[0];
}

inline void check_only(const HealthFacts& facts, FindingKind kind, Severity severity,
                       const std::string& part) {
    const Finding finding = only(facts);
    CHECK(finding_kinds[finding.kind] == std::string(finding_kinds[kind]));
    CHECK(severities[finding.severity] == std::string(severities[severity]));
    CHECK_THAT(finding.text, ContainsSubstring(part));
    CHECK(finding.text.ends_with("."));
    CHECK(finding.remedy.ends_with("."));
    CHECK(std::islower(static_cast<unsigned char>(finding.text[0])) == 0);
}

/// A population that differs from the moving statistics in channel 2 of bn1.
inline HealthFacts lagging(double deviations, double ratio) {
    HealthFacts facts = healthy();
    NamedTensor &mean = of_first(facts, "running_mean"), &variance = of_first(facts, "running_var");
    const double own = variance.values[2] + 1e-5;
    mean.values[2] += static_cast<float>(deviations * std::sqrt(own));
    variance.values[2] = static_cast<float>(ratio * own - 1e-5);
    return facts;
}

}  // namespace shadenet::test
