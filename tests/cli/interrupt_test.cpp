// What stops the program from outside: signals, and a terminal that goes away.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "catch.h"
#include "pictures.h"
#include "terminal_process.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// A training run that is quick to begin, and goes on for long.
Arguments long_run(const Pictures& pictures) {
    return as_command(pictures.train({"--epochs", "1000000", "--no-tune", "--hidden", "1", "--kernel", "1",
                                      "--norm", "none", "--no-residual", "--optimizer", "sgd"}));
}

void wait_for_epoch(const Process& process, const std::string& epoch) {
    wait_until(
        [&] { return process.output().find("epoch       " + epoch + "/1000000") != std::string::npos; });
}

}  // namespace

TEST_CASE("SIGINT, SIGTERM and SIGHUP save a run, and the exit code says which it was") {
    for (const auto& [number, exit_code] :
         {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
        INFO("signal " << number);
        const Pictures pictures;
        Process process(long_run(pictures));
        wait_for_epoch(process, "2");
        process.signal(number);
        // One wish comes several times: a terminal's from the kernel and the shell, one of `timeout` to the
        // program and to its group.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        process.signal(number);
        const Outcome outcome = process.wait();
        CHECK(outcome.exit_code == exit_code);
        CHECK_THAT(outcome.out, ContainsSubstring("to go on   shadenet train --resume --output "));
        CHECK(fs::exists(pictures / "run/checkpoint.safetensors"));
        CHECK(fs::exists(pictures / "run/report.html"));
    }
}

TEST_CASE("tiles that are measured are told of, and a run that is stopped then has not begun") {
    const Pictures pictures;
    // So many classes of layers that their tiles take as long as they may.
    const Arguments command = as_command(
        {"train", "--input", pictures.path("before"), "--target", pictures.path("after"), "--output",
         pictures.path("run"), "--epochs", "1000000", "--network",
         "input 3, conv 8 3x3, conv 12 5x5, conv 24 3x3, norm, conv 40 1x1, relu, conv 16 7x7, conv 3 3x3"});
    const Environment empty_cache = {{"XDG_CACHE_HOME", pictures.path("cache")}, {"TERM", "xterm"}};
    const std::string note = "note: measuring which tiles are fastest on this device, for up to 5 s; ";
    SECTION("in a log") {
        Process process(command, empty_cache);
        wait_until([&] { return process.messages().find(note) != std::string::npos; });
        process.signal(SIGINT);
        const Outcome outcome = process.wait();
        CHECK(outcome.exit_code == 130);
        CHECK_THAT(outcome.out, ContainsSubstring("stopped    before training began, after ") &&
                                    ContainsSubstring("nothing is learned, and "));
        CHECK_THAT(outcome.out, !ContainsSubstring("--resume"));
        CHECK(error_lines(outcome) == 0);
        CHECK_THAT(outcome.err, !ContainsSubstring("report") && !ContainsSubstring("\x1b"));
    }
    SECTION("on a terminal") {
        TerminalProcess process(command, 80, 24, empty_cache);
        process.read_until("measuring tiles  [");
        process.type("\x03");
        CHECK(process.wait() == 130);
        CHECK_THAT(process.text(), ContainsSubstring("stopped    before training began, after "));
    }
    CHECK_FALSE(fs::exists(pictures / "run"));
}

TEST_CASE("a run that is stopped while it reads its pictures ends there, and leaves nothing") {
    const Pictures pictures;
    for (const char* folder : {"before", "after"}) {
        write_picture(pictures / folder / "q.png", 700, 500, 1);
        for (int i = 0; i < 60; ++i)
            fs::copy_file(pictures / folder / "q.png", pictures / folder / fmt::format("q{}.png", i));
        // The last of them: who reads on is told that it cannot be decoded.
        std::string damaged = read_text(pictures / folder / "q.png");
        damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
        write_bytes(pictures / folder / "z.png", Bytes(damaged.begin(), damaged.end()));
    }
    Process process(as_command({"train", "--input", pictures.path("before"), "--target",
                                pictures.path("after"), "--output", pictures.path("run"), "--no-tune"}));
    wait_until([&] { return fs::exists(pictures / "run"); });
    process.signal(SIGTERM);
    const Outcome outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 143);
    CHECK(error_lines(outcome) == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("stopped    before training began, after "));
    CHECK_FALSE(fs::exists(pictures / "run"));
}

TEST_CASE("a terminal that is closed saves the run") {
    const Pictures pictures;
    TerminalProcess process(long_run(pictures), 80, 24);
    process.read_until("epoch ");
    process.read_until("  loss ");
    CHECK(process.hang_up() == 129);
    CHECK(fs::exists(pictures / "run/checkpoint.safetensors"));
    CHECK(fs::exists(pictures / "run/report.html"));
}

TEST_CASE("after nohup a closed terminal does not stop the run") {
    const Pictures pictures;
    Arguments command = {"/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"};
    const Arguments run = long_run(pictures);
    command.insert(command.end(), run.begin(), run.end());
    Process process(command);
    wait_for_epoch(process, "2");
    process.signal(SIGHUP);
    const std::size_t said = process.output().size();
    wait_until([&] { return process.output().size() > said + 4000; });
    process.signal(SIGTERM);
    CHECK(process.wait().exit_code == 143);
}

TEST_CASE("export that is stopped at its pictures writes no table") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    write_bytes(pictures / "in/0.png", Bytes{'n', 'o'});  // said as soon as the work begins
    write_picture(pictures / "in/1.png", 400, 300, 1);
    for (int i = 2; i < 300; ++i)
        fs::copy_file(pictures / "in/1.png", pictures / fmt::format("in/{}.png", i));
    const std::size_t entries = pictures.entries();
    Process process(as_command({"export", pictures.path("made.safetensors"), "-o", pictures.path("made.cube"),
                                "-i", pictures.path("in")}));
    wait_until([&] { return process.messages().find("0.png") != std::string::npos; });
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.exit_code == 130);
    CHECK_THAT(outcome.err,
               ContainsSubstring("interrupted; " + pictures.path("made.cube") + " is not written"));
    CHECK(pictures.entries() == entries);
}

TEST_CASE("bench that is stopped leaves no results behind") {
    const Pictures pictures;
    const std::size_t entries = pictures.entries();
    Process process(as_command({"bench", "--pictures", pictures.path("before"), "--runs", "10000"}),
                    {{"TMPDIR", pictures.path("more")}});
    wait_until([&] { return pictures.entries() > entries + 1; });
    process.signal(SIGTERM);
    CHECK(process.wait().exit_code == 143);
    CHECK(pictures.entries() == entries);
}
