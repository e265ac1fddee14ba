#include "cli/health_lines.h"

#include <fmt/format.h>

#include "cli/terminal.h"
#include "cli/text.h"

namespace shadenet {

std::string health_lines(const HealthReport& report) {
    const std::size_t columns = text_columns();
    std::string text = fmt::format("health     {}", verdict(report));
    for (const Finding& finding : report.findings) {
        const std::string word =
            finding.severity == Severity::information ? "note" : to_string(finding.severity);
        constexpr std::size_t indent = 11;
        text +=
            fmt::format("\n  {:<{}}{}\n{:<{}}{}", word, indent - 2, wrapped(finding.text, columns, indent),
                        "", indent, wrapped(finding.remedy, columns, indent));
    }
    return text;
}

}  // namespace shadenet
