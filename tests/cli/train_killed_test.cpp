// A classifier's training that is killed again and again, and goes on each time.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "catch.h"
#include "effort.h"
#include "labelled_set.h"
#include "pictures.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

TEST_CASE("killed at random moments and resumed, a classifier is that of an undisturbed run") {
    const std::uint32_t kills = effort("SHADENET_KILLS", 6);
    const TemporaryFolder folder;
    write_part(folder / "data", "train", labelled_set(240, 12, 12, 3));
    write_part(folder / "data", "t10k", labelled_set(20, 12, 12, 3, 2));
    const auto command = [&](const std::string& run) {
        return Arguments{"train",
                         "--data",
                         (folder / "data").string(),
                         "--output",
                         (folder / run).string(),
                         "--network",
                         "input 1x12x12, conv 4 3x3, norm, relu, dropout 0.8, dense 3",
                         "--epochs",
                         "12",
                         "--batch",
                         "10",
                         "--split",
                         "200:40",
                         "--validate-every",
                         "7",
                         "--flip",
                         "--crop-pad",
                         "2",
                         "--evaluate-both",
                         "--early-stop",
                         "1000",
                         "--quiet"};
    };
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(run_shadenet(command("whole")).exit_code == 0);
    const auto taken = std::chrono::steady_clock::now() - start;
    const auto whole = left_by(folder / "whole");
    CHECK(whole.contains("model.safetensors"));
    CHECK(whole.contains("test.json"));

    // Killed outright, what was learned since the last checkpoint is lost. Stopped first, the run writes one,
    // and is killed amid that or soon after.
    const auto milliseconds =
        static_cast<unsigned>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count());
    std::mt19937 random(18);
    std::uint32_t disturbed = 0, done = 0;
    for (std::uint32_t i = 0; i < kills; ++i) {
        Arguments arguments = command("run");
        if (fs::exists(folder / "run/config.json")) arguments.emplace_back("--resume");
        Process process(as_command(arguments));
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % (milliseconds / 2 + 1)));
        if (random() % 3 != 0) {
            process.signal(SIGINT);
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
        }
        process.signal(SIGKILL);
        const Outcome outcome = process.wait();
        INFO(outcome.err);
        CHECK((outcome.exit_code == 128 + SIGKILL || outcome.exit_code == 130 || outcome.exit_code == 0));
        disturbed += outcome.exit_code != 0 ? 1 : 0;
        if (outcome.exit_code != 0) continue;
        // It was quicker: as good as the whole one, and begun anew.
        CHECK(left_by(folder / "run") == whole);
        fs::remove_all(folder / "run");
        ++done;
    }
    CHECK(disturbed > 0);
    INFO(disturbed << " of " << kills << " runs disturbed, " << done << " at an end meanwhile");
    Arguments last = command("run");
    if (fs::exists(folder / "run/config.json")) last.emplace_back("--resume");
    const Outcome outcome = run_shadenet(last);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto files = left_by(folder / "run");
    for (const auto& [name, bytes] : whole) {
        INFO(name);
        REQUIRE(files.contains(name));
        CHECK(files.at(name) == bytes);
    }
    CHECK(files.size() == whole.size());
}
