#include "statistics/health.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "statistics/health_checks.h"

namespace shadenet {

namespace {

std::string population_text(const HealthFacts& facts) {
    double shift = 0, ratio = 1;
    for (const health::NormValues& norm : health::norms_of(facts.network, facts.parameters)) {
        const health::Lag lag = health::lag_of(norm, *facts.population);
        shift = std::max(shift, lag.shift.value);
        ratio = std::max(ratio, lag.ratio.value);
    }
    return fmt::format(
        "; against the statistics of {} (means off by {} deviations, variances by a factor of {:.3g})",
        counted(facts.population_pictures, "picture"), health::two_digits(shift), ratio);
}

std::string checked_text(const HealthFacts& facts) {
    if (!has_norm(facts.network) && !facts.classifier) return "The network has no batch norm.";
    const std::string place = facts.domain.empty() ? "" : " in stream " + facts.domain;
    std::string text = fmt::format("Looked at{}: parameters and moving statistics", place);
    if (facts.norm_updates) text += fmt::format(" after {}", counted(*facts.norm_updates, "step"));
    if (facts.population) text += population_text(facts);
    if (facts.classifier) {
        text += fmt::format("; the answers to {} and what each relu lets through of them",
                            counted(facts.classifier->pictures, facts.classifier->what()));
    }
    if (facts.outputs) {
        text += fmt::format(
            "; the results of {} with their own statistics and with the moving ones (apart by {} grey levels "
            "in the mean, {} at most)",
            counted(facts.outputs->pictures, "picture"), health::two_digits(facts.outputs->mean),
            health::two_digits(facts.outputs->largest));
    }
    return text + ".";
}

void sort_by_severity(std::vector<Finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
}

bool holds(const HealthReport& report, const Finding& finding) {
    return std::find(report.findings.begin(), report.findings.end(), finding) != report.findings.end();
}

Finding of_domain(Finding finding, const std::string& domain) {
    finding.text[0] = static_cast<char>(std::tolower(finding.text[0]));
    finding.text = fmt::format("Stream {}: {}", domain, finding.text);
    return finding;
}

}  // namespace

double start_share(float decay, std::uint64_t updates) {
    return std::pow(static_cast<double>(decay), static_cast<double>(updates));
}

HealthReport check_health(const HealthFacts& facts) {
    HealthReport report;
    health::check_never_updated(facts, report.findings);
    health::check_start_left(facts, report.findings);
    health::check_outputs(facts, report.findings);
    health::check_lag(facts, report.findings);
    health::check_small_batch(facts, report.findings);
    health::check_dead_channels(facts, report.findings);
    health::check_small_variance(facts, report.findings);
    health::check_cancelled_biases(facts, report.findings);
    health::check_answers(facts, report.findings);
    health::check_dead_units(facts, report.findings);
    health::check_dropout_shift(facts, report.findings);
    health::check_batch_of_classes(facts, report.findings);
    sort_by_severity(report.findings);
    report.checked = checked_text(facts);
    return report;
}

HealthReport check_health(const std::vector<HealthFacts>& domains) {
    std::vector<HealthReport> reports;
    for (const HealthFacts& facts : domains) reports.push_back(check_health(facts));
    HealthReport all;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        for (const Finding& finding : reports[i].findings) {
            const bool common = std::all_of(reports.begin(), reports.end(), [&](const HealthReport& report) {
                return holds(report, finding);
            });
            if (common && i > 0) continue;
            all.findings.push_back(common ? finding : of_domain(finding, domains[i].domain));
        }
        all.checked += (i == 0 ? "" : " ") + reports[i].checked;
    }
    sort_by_severity(all.findings);
    return all;
}

std::string verdict(const HealthReport& report) {
    std::string text;
    for (const Severity severity : {Severity::fault, Severity::warning}) {
        const auto count =
            std::count_if(report.findings.begin(), report.findings.end(),
                          [&](const Finding& finding) { return finding.severity == severity; });
        if (count == 0) continue;
        text += text.empty() ? "" : " and ";
        text += counted(static_cast<std::uint64_t>(count), severities[severity]);
    }
    return text.empty() ? "healthy" : text;
}

}  // namespace shadenet
