#include "statistics/health_file.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t most_bytes = 1 << 20;

Json to_json(const Finding& finding) {
    return {{"kind", finding_kinds[finding.kind]},
            {"severity", severities[finding.severity]},
            {"text", finding.text},
            {"remedy", finding.remedy}};
}

/// Throws Json::exception or std::invalid_argument for what is no finding.
Finding finding_from(const Json& json) {
    const auto kind = finding_kinds.value(json.at("kind").get<std::string>());
    const auto severity = severities.value(json.at("severity").get<std::string>());
    if (!kind || !severity) throw std::invalid_argument("unknown word");
    return {*kind, *severity, json.at("text").get<std::string>(), json.at("remedy").get<std::string>()};
}

HealthRecord record_from(const Json& json) {
    HealthRecord record;
    const Json& step = json.at("step");
    if (!step.is_number_unsigned()) throw std::invalid_argument("no step");
    record.step = step.get<std::uint64_t>();
    record.report.checked = json.at("checked").get<std::string>();
    const Json& findings = json.at("findings");
    if (!findings.is_array()) throw std::invalid_argument("no list");
    for (const Json& finding : findings) record.report.findings.push_back(finding_from(finding));
    return record;
}

}  // namespace

void write_health(const fs::path& path, const HealthRecord& record) {
    Json json = {{"step", record.step}, {"checked", record.report.checked}, {"findings", Json::array()}};
    for (const Finding& finding : record.report.findings) json["findings"].push_back(to_json(finding));
    write_file_atomically(path, json.dump(4) + "\n");
}

HealthRecord read_health(const fs::path& path) {
    const std::vector<std::byte> bytes = read_file(path, most_bytes);
    const auto* const text = reinterpret_cast<const char*>(bytes.data());
    try {
        return record_from(Json::parse(text, text + bytes.size()));
    } catch (const Json::exception&) {
        // What the library says of it is of no use to the user.
    } catch (const std::invalid_argument&) {
    }
    throw InputError(
        fmt::format("{}: is no health check; delete it, the next `shadenet train --resume` of the "
                    "run makes another",
                    path.string()));
}

}  // namespace shadenet
