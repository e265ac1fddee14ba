#include "cli/health_lines.h"

#include <fmt/format.h>

namespace shadenet {

std::string health_lines(const HealthReport& report) {
    std::string text = fmt::format("health     {}", verdict(report));
    for (const Finding& finding : report.findings) {
        const std::string word =
            finding.severity == Severity::information ? "note" : to_string(finding.severity);
        text += fmt::format("\n  {:<8} {}\n           {}", word, finding.text, finding.remedy);
    }
    return text;
}

}  // namespace shadenet
