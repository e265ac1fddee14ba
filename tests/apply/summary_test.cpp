#include "apply/summary.h"

#include <nlohmann/json.hpp>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a line of the summary is one JSON object, whatever the names hold") {
    const PictureOutcome outcome{.input = "a \"b\"\n\xff.png",
                                 .output = "out.png",
                                 .status = PictureStatus::failed,
                                 .width = 3,
                                 .height = 4,
                                 .input_bytes = 5,
                                 .output_bytes = 6,
                                 .milliseconds = 7.26,
                                 .message = "it's \xc3\xa9 bad \xe9"};
    const std::string line = summary_line(outcome);
    CHECK_FALSE(contains(line, "\n"));
    const nlohmann::json read = nlohmann::json::parse(line);
    CHECK(read.at("file") == "a \"b\"\n\\xff.png");
    CHECK(read.at("output") == "out.png");
    CHECK(read.at("status") == "failed");
    CHECK(read.at("width") == 3);
    CHECK(read.at("height") == 4);
    CHECK(read.at("input_bytes") == 5);
    CHECK(read.at("output_bytes") == 6);
    CHECK(read.at("milliseconds") == 7.3);
    CHECK(read.at("message") == "it's \xc3\xa9 bad \\xe9");
}

TEST_CASE("the summary's file holds every line as soon as it is added") {
    const TemporaryFolder folder;
    SummaryFile file(folder / "s.jsonl");
    file.add({.input = "a", .status = PictureStatus::written});
    file.add({.input = "b", .status = PictureStatus::skipped});
    const std::vector<std::byte> bytes = read_file(folder / "s.jsonl", 10000);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    CHECK(contains(text, R"("file":"b")"));
    CHECK(contains(message_of<InputError>([&] { SummaryFile(folder / "nowhere/s.jsonl"); }), "--summary"));
#ifdef __linux__
    SummaryFile full("/dev/full");
    CHECK_THROWS_AS(full.add({}), WorkError);
#endif
}
