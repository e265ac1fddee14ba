// Which rank has which device, and what the ranks say of it.
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "catch.h"
#include "cli/pictures.h"
#include "places.h"
#include "ranks.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// The last word of every row of the table of `devices`.
std::vector<std::string> uuids(const Arguments& arguments, Environment environment) {
    environment.insert({"SHADENET_DEVICE", ""});
    const Outcome outcome = run_ranks(on_ranks(3, arguments), environment);
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.exit_code == 0);
    std::vector<std::string> words;
    for (const std::string& line : lines_of(outcome.out)) words.push_back(line.substr(line.rfind(' ') + 1));
    REQUIRE(words.size() == 4);
    CHECK(words.front() == "UUID");
    words.erase(words.begin());
    return words;
}

}  // namespace

TEST_CASE("ranks of one machine take its devices by turns, unless they are told which") {
    const Environment drivers = two_drivers();
    if (drivers.empty()) {
        WARN("not run: it takes lavapipe and SwiftShader");
        return;
    }
    const auto by_turns = uuids({"devices"}, drivers);
    CHECK(by_turns[0].size() == 36);
    CHECK(by_turns[0] != by_turns[1]);
    CHECK(by_turns[0] == by_turns[2]);
    CHECK((uuids({"devices", "--device", "auto"}, drivers) == by_turns));
    CHECK((uuids({"devices", "--device", "1"}, drivers) == std::vector<std::string>(3, by_turns[1])));
    Environment named = drivers;
    named["SHADENET_DEVICE"] = "llvmpipe";
    const auto all_one = uuids({"devices"}, named);
    CHECK((all_one == std::vector<std::string>(3, all_one[0])));
}

TEST_CASE("a training run says which rank has which device, and nothing when quiet") {
    const Pictures pictures;
    Arguments arguments = pictures.train({"--epochs", "1", "--no-tune"});
    const Outcome outcome = run_ranks(on_ranks(2, arguments));
    INFO(outcome.out << outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const std::size_t first = outcome.out.find("device     rank 0 on ");
    const std::size_t second = outcome.out.find("\n           rank 1 on ");
    CHECK((first != outcome.out.npos && second != outcome.out.npos && first < second));
    std::filesystem::remove_all(pictures / "run");
    arguments.emplace_back("--quiet");
    const Outcome quiet = run_ranks(on_ranks(2, arguments));
    CHECK(quiet.exit_code == 0);
    CHECK_THAT(quiet.out, !ContainsSubstring("rank 0 on "));
}

TEST_CASE("devices says which rank has none") {
    const Outcome outcome =
        run_ranks(and_on_ranks(on_ranks(1, {"devices"}), 1, {"devices", "--device", "no such device"}));
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 1);
    const auto lines = lines_of(outcome.out);
    REQUIRE(lines.size() == 3);
    CHECK((lines[0].starts_with("rank  host ") && lines[0].ends_with("  UUID")));
    CHECK(lines[1].starts_with("0 "));
    CHECK(lines[2].starts_with("1 "));
    CHECK_THAT(lines[2], ContainsSubstring("none: --device no such device: "));
}

TEST_CASE("the doctor gives a verdict on the device of every rank") {
    const TemporaryFolder folder;
    const std::string name = "relu_norm_after.safetensors";
    std::filesystem::copy(source_folder() + "/tests/golden/" + name, folder.path());
    const Arguments doctor = {"doctor", "--golden", folder.path().string()};
    Arguments without_device = doctor;
    without_device.insert(without_device.end(), {"--device", "no such device"});
    const Outcome outcome = run_ranks(and_on_ranks(on_ranks(1, doctor), 1, without_device), {}, 900);
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 1);
    const auto lines = lines_of(outcome.out);
    REQUIRE(lines.size() > 4);
    CHECK((lines[0].starts_with("rank  host ") && lines[0].ends_with("  verdict")));
    CHECK((lines[1].starts_with("0 ") && lines[1].ends_with("  pass")));
    CHECK(lines[2].starts_with("1 "));
    CHECK_THAT(lines[2], ContainsSubstring("none: --device no such device: "));
    CHECK_THAT(outcome.out, ContainsSubstring("1 of 2 ranks have no device whose results can be trusted"));

    const Outcome refused = run_ranks(on_ranks(2, {"doctor", "--golden", (folder / "nowhere").string()}));
    INFO(refused.out << refused.err);
    CHECK(refused.exit_code == 1);
    CHECK_THAT(refused.out, ContainsSubstring("FAIL: ") && ContainsSubstring("2 of 2 ranks have no device"));
}
