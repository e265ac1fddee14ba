// The sections about the network itself: its layers, and the health of its batch norms.
#include <fmt/format.h>

#include "report/html.h"
#include "report/network_svg.h"
#include "report/sections.h"

namespace shadenet {

namespace {

std::string item(const Finding& finding) {
    const std::string severity =
        finding.severity == Severity::information ? "note" : severities[finding.severity];
    return finding_item(severity, finding.text, finding.remedy);
}

}  // namespace

std::string finding_item(const std::string& severity, const std::string& text, const std::string& remedy) {
    const std::string advice =
        remedy.empty() ? "" : fmt::format("<p class=\"remedy\">{}</p>", escaped(remedy));
    return fmt::format("<li class=\"{0}\"><b>{0}</b>: {1}{2}</li>", severity, escaped(text), advice);
}

std::string health_section(const RunRecord& run) {
    if (!run.health) return "";
    const HealthReport& report = run.health->report;
    std::string html =
        fmt::format("<section><h2>Health</h2><p>The check of the batch norms says: <b>{}</b>.{}</p>",
                    escaped(verdict(report)), found_before(run.history, run.health->step));
    if (!report.findings.empty()) {
        html += "<ul class=\"health\">";
        for (const Finding& finding : report.findings) html += item(finding);
        html += "</ul>";
    }
    return html + fmt::format("<p class=\"checked\">{}</p></section>\n", escaped(report.checked));
}

std::string network_section(const RunRecord& run) {
    const bool norms = has_norm(run.architecture());
    return fmt::format(
        "<section><h2>Network</h2><p>From a picture above to the result below. Beside each layer are its "
        "numbers{}.</p><div class=\"network\">{}</div></section>\n",
        norms ? ": those that training moves, and with a dashed line the moving statistics, which only follow"
              : "",
        inline_network(run.architecture()));
}

}  // namespace shadenet
