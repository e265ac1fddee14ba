// apply on several ranks: what one process would leave.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "catch.h"
#include "cli/pictures.h"
#include "ranks.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// in/ with twelve pictures in two folders, and made.safetensors.
class ApplyScene : public Pictures {
  public:
    ApplyScene() {
        made_model();
        for (int i = 0; i < 12; ++i) {
            const fs::path folder = *this / (i % 3 == 0 ? "in/below" : "in");
            fs::create_directories(folder);
            write_picture(folder / fmt::format("{}.png", i), 20, 10, i);
        }
    }
    Outcome run(std::uint32_t ranks, const std::string& output, const Arguments& more = {}) const {
        Arguments arguments = apply("in", output, {"-r"});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_ranks(on_ranks(ranks, arguments));
    }
};

std::size_t times(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}

/// The lines of a summary, without the time that each took.
std::set<std::string> summary_of(const fs::path& file) {
    std::set<std::string> lines;
    std::istringstream text(read_text(file));
    for (std::string line; std::getline(text, line);) {
        const std::size_t time = line.find("\"milliseconds\"");
        lines.insert(line.substr(0, time) + line.substr(line.find("\"message\"")));
    }
    return lines;
}

std::set<std::string> of_folder(std::set<std::string> lines, const std::string& from, const std::string& to) {
    std::set<std::string> moved;
    for (std::string line : lines) {
        for (std::size_t at = 0; (at = line.find(from, at)) != line.npos;) line.replace(at, from.size(), to);
        moved.insert(line);
    }
    return moved;
}

}  // namespace

TEST_CASE("ranks that share pictures leave the files and the summary of one process") {
    const ApplyScene scene;
    const Outcome one = scene.run(1, "out1", {"--summary", scene.path("1.jsonl")});
    INFO(one.err);
    REQUIRE(one.exit_code == 0);
    const Outcome two = scene.run(2, "out2", {"--summary", scene.path("2.jsonl")});
    INFO(two.out << two.err);
    REQUIRE(two.exit_code == 0);
    CHECK(contents(scene / "out1").size() == 12);
    CHECK((contents(scene / "out1") == contents(scene / "out2")));
    CHECK_THAT(two.out, ContainsSubstring("written    12 pictures in ") &&
                            ContainsSubstring("device     rank 0 on ") &&
                            ContainsSubstring("\n           rank 1 on "));
    CHECK((of_folder(summary_of(scene / "1.jsonl"), "/out1", "/out2") == summary_of(scene / "2.jsonl")));

    // Results that are there are refused once, whoever's they are, and kept by --resume.
    const Outcome refused = scene.run(2, "out2");
    CHECK(refused.exit_code == 2);
    CHECK(times(refused.err, "shadenet: error: ") == 1);
    const auto before = contents(scene / "out2");
    fs::remove(scene / "out2/1.png");
    const Outcome resumed = scene.run(2, "out2", {"--resume"});
    INFO(resumed.out << resumed.err);
    CHECK(resumed.exit_code == 0);
    CHECK_THAT(resumed.out,
               ContainsSubstring("written    1 picture in ") && ContainsSubstring("; 11 were there already"));
    CHECK((contents(scene / "out2") == before));
}

TEST_CASE("ranks that share pictures report damaged ones and do the others") {
    const ApplyScene scene;
    // Some of either rank.
    for (int i = 0; i < 12; ++i) {
        if (i % 3 != 0 && i % 2 == 0) std::ofstream(scene / fmt::format("in/{}.png", i)) << "no picture";
    }
    const Outcome outcome = scene.run(2, "out", {"--summary", scene.path("s.jsonl")});
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 1);
    CHECK(contents(scene / "out").size() == 8);
    const std::string summary = read_text(scene / "s.jsonl");
    for (const int i : {2, 4, 8, 10}) {
        CHECK(times(summary, fmt::format("in/{}.png\"", i)) == 1);
        // When it happened, and in the list in the end.
        CHECK(times(outcome.err, fmt::format("in/{}.png: ", i)) == 2);
    }
    CHECK(times(outcome.err, "shadenet: error: ") == 4);
    CHECK(times(outcome.err, "shadenet: error: rank 1 on ") > 0);
    CHECK(times(outcome.err, "shadenet: error: rank 1 on ") < 4);
    CHECK_THAT(outcome.err, ContainsSubstring("4 of 12 pictures could not be filtered"));
}

TEST_CASE("apply on several ranks refuses once what it cannot do, and leaves nothing") {
    const ApplyScene scene;
    const auto refused = [&](const Arguments& command, const std::string& part) {
        const Outcome outcome = run_ranks(command);
        INFO(outcome.out << outcome.err);
        CHECK(outcome.exit_code == 2);
        CHECK(times(outcome.err, "shadenet: error: ") == 1);
        CHECK_THAT(outcome.err, ContainsSubstring(part));
        CHECK_FALSE(fs::exists(scene / "out"));
    };
    const Arguments apply = scene.apply("in", "out", {"-r"});
    const auto with = [&](const Arguments& more) {
        Arguments arguments = apply;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    refused(on_ranks(2, with({"--shard", "1/2"})), "--shard 1/2: 2 ranks share the pictures already");
    refused(on_ranks(2, with({"--watch"})), "--watch is for one process");
    refused(on_ranks(2, with({"--device", "no such device"})), "no such device");
    refused(and_on_ranks(on_ranks(1, apply), 1, with({"--device", "no such device"})),
            "shadenet: error: rank 1 on ");
    refused(and_on_ranks(on_ranks(1, apply), 1, with({"--strength", "0.5"})),
            "from \"--strength\" on; only --device may differ");
    fs::remove(scene / "made.safetensors");
    refused(on_ranks(2, apply), "made.safetensors");
}

TEST_CASE("one picture is rank 0's, whatever the number of ranks") {
    const ApplyScene scene;
    const Outcome outcome = run_ranks(on_ranks(2, scene.apply("in/1.png", "one.png")));
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(fs::exists(scene / "one.png"));
    CHECK(times(outcome.out, "one.png") == 1);
}
