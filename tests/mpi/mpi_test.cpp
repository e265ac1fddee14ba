// shadenet-mpi, begun by mpirun as its users do.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sys/types.h>

#include "catch.h"
#include "effort.h"
#include "ranks.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// On one rank, two and four.
void check_same_runs(const Arguments& more, const char* epochs) {
    const Pictures pictures;
    for (const std::uint32_t ranks : {1u, 2u, 4u}) {
        const std::string output = fmt::format("run{}", ranks);
        const Outcome outcome = run_shared(ranks, shared_run(pictures, output, more, epochs));
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK((left_by(pictures / "run1") == left_by(pictures / output)));
    }
    CHECK(left_by(pictures / "run1").contains("model.safetensors"));
}

}  // namespace

TEST_CASE("processes that share a run leave what one leaves") {
    check_same_runs({}, "8");
}

TEST_CASE("processes that share a run of a large network leave what one leaves") {
    // Its second layer is so large that two ranks sum its gradients in slices, and so do four.
    check_same_runs({"--network", "input 3, conv 96 3x3, relu, conv 96 3x3, relu, conv 3 3x3, add input"},
                    "2");
}

TEST_CASE("what is wrong with a shared run is said once, and ends all of it") {
    const Pictures pictures;
    const auto refused = [&](const Arguments& arguments, const std::string& part) {
        const Outcome outcome = run_shared(2, arguments);
        INFO(outcome.err);
        CHECK(outcome.exit_code == 2);
        CHECK(count_of(outcome.err, "shadenet: error: ") == 1);
        CHECK_THAT(outcome.err, ContainsSubstring(part));
    };
    refused({"train", "--no-such-flag"}, "\"--no-such-flag\" is not known here");
    refused(shared_run(pictures, "run", {"--device", "no such device"}), "no such device");
    CHECK_FALSE(fs::exists(pictures / "run"));
}

TEST_CASE("a shared run that loses a rank ends at once, and goes on as if undisturbed") {
    const std::uint32_t kills = effort("SHADENET_KILLS", 6) / 2;
    const Pictures pictures;
    const char* const epochs = "60";
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(run_shared(2, shared_run(pictures, "whole", {}, epochs)).exit_code == 0);
    const auto taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    std::mt19937 random(20);
    for (std::uint32_t i = 0; i < kills; ++i) {
        Arguments arguments = shared_run(pictures, "run", {}, epochs);
        if (fs::exists(pictures / "run/config.json")) arguments.emplace_back("--resume");
        Process process(on_ranks(2, arguments), mpi_environment);
        std::this_thread::sleep_for(
            std::chrono::milliseconds(random() % static_cast<unsigned>(taken.count() + 1)));
        const std::vector<pid_t> ranks = ranks_of(pictures / "run");
        if (!ranks.empty()) kill(ranks[random() % ranks.size()], SIGKILL);
        process.wait(ranks.empty() ? 300 : 10);
        CHECK(ranks_end(pictures / "run"));
    }
    Arguments last = shared_run(pictures, "run", {}, epochs);
    if (fs::exists(pictures / "run/config.json")) last.emplace_back("--resume");
    const Outcome outcome = run_shared(4, last);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK((left_by(pictures / "whole") == left_by(pictures / "run")));
}

TEST_CASE("a rank with other flags than rank 0 ends all before anything is written") {
    const Pictures pictures;
    const auto ends = [&](const Arguments& of_other, const std::string& part) {
        const Arguments command = on_these_ranks({{{}, shared_run(pictures, "run")}, {{}, of_other}});
        const Outcome outcome = Process(command, mpi_environment).wait();
        INFO(outcome.err);
        CHECK(outcome.exit_code != 0);
        CHECK(count_of(outcome.err, "shadenet: error: ") == 1);
        CHECK_THAT(outcome.err, ContainsSubstring("shadenet: error: rank 1 on ") && ContainsSubstring(part));
        CHECK_FALSE(fs::exists(pictures / "run/config.json"));
    };
    ends(shared_run(pictures, "run", {"--no-such-flag"}), "--no-such-flag");
    ends({"devices"}, "devices is begun, and train on rank 0");
    ends(shared_run(pictures, "run", {"--device", "no such device"}), "no such device");
}
