#include "statistics/health_file.h"

#include <fmt/format.h>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a health check is read back as it was written") {
    const TemporaryFolder folder;
    HealthRecord record{18446744073709551615u, {{}, "Looked at \"all\" of it."}};
    write_health(folder / "health.json", record);
    CHECK(read_health(folder / "health.json") == record);
    record.step = 7;
    record.report.findings = {{FindingKind::lagging, Severity::warning, "It lags.", "Do not let it."},
                              {FindingKind::cancelled_bias, Severity::information, "β", ""}};
    write_health(folder / "health.json", record);
    CHECK(read_health(folder / "health.json") == record);
}

TEST_CASE("anything else is refused by name") {
    const TemporaryFolder folder;
    const auto path = folder / "health.json";
    const auto refusal = [&](const std::string& text) {
        write_file_atomically(path, text);
        return message_of<InputError>([&] { read_health(path); });
    };
    const std::string finding = R"({"kind": "lagging", "severity": "fault", "text": "a", "remedy": "b"})";
    const auto record = [](const std::string& step, const std::string& findings) {
        return fmt::format(R"({{"step": {}, "checked": "c", "findings": {}}})", step, findings);
    };
    CHECK(refusal(record("3", "[" + finding + "]")).empty());
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("{}"), std::string("7"),
          record("-3", "[]"), record("3.5", "[]"), record("\"3\"", "[]"), record("3", "{}"),
          record("3", "[1]"), record("3", "[{}]"),
          record("3", R"([{"kind": "odd", "severity": "fault", "text": "", "remedy": ""}])"),
          record("3", R"([{"kind": "lagging", "severity": 2, "text": "", "remedy": ""}])"),
          std::string(R"({"step": 3, "findings": []})"), std::string("\xff\xfe")}) {
        CAPTURE(text);
        CHECK_THAT(refusal(text), ContainsSubstring(path.string() + ": is no health check"));
    }
    std::filesystem::remove(path);
    CHECK_THAT(message_of<InputError>([&] { read_health(path); }), ContainsSubstring(path.string()));
}
