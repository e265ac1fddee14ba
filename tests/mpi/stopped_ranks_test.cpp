// Commands on several ranks that are stopped at their work: every rank gets SIGTERM, as mpirun and srun pass
// it on.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/types.h>

#include "catch.h"
#include "cli/classifier.h"
#include "cli/pictures.h"
#include "ranks.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// More names of a file: so much work that it is amid it when it is stopped.
void multiply(const fs::path& file, int times) {
    for (int i = 0; i < times; ++i)
        fs::create_symlink(file, file.parent_path() / fmt::format("{}_{}.png", file.stem().string(), i));
}

/// The process has a handler of its own for SIGTERM: it is past its start.
bool handles_stop(pid_t process) {
    std::ifstream status(fmt::format("/proc/{}/status", process));
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("SigCgt:")) continue;
        return (std::stoull(line.substr(7), nullptr, 16) >> (SIGTERM - 1) & 1) != 0;
    }
    return false;
}

/// Stops two ranks of the command, which names `place`, once both can be stopped and `at_work`, if it is
/// given, is true.
Outcome stopped(const Arguments& arguments, const fs::path& place,
                const std::function<bool()>& at_work = {}) {
    Process process(on_ranks(2, arguments), mpi_environment);
    wait_until([&] {
        const std::vector<pid_t> ranks = ranks_of(place);
        return ranks.size() == 2 && std::ranges::all_of(ranks, handles_stop) && (!at_work || at_work());
    });
    for (const pid_t rank : ranks_of(place)) kill(rank, SIGTERM);
    const Outcome outcome = process.wait(60);
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code != 0);
    CHECK(ranks_end(place));
    CHECK(count_of(outcome.err, "shadenet: error: ") == 0);
    return outcome;
}

}  // namespace

TEST_CASE("check on two ranks is stopped with nothing told") {
    const Pictures pictures;
    for (const char* folder : {"before", "after"}) {
        write_picture(pictures / folder / "large.png", 900, 700, 1);
        multiply(pictures / folder / "large.png", 150);
    }
    const Outcome outcome = stopped({"check", "-i", pictures.path("before"), "--target",
                                     pictures.path("after"), "--html", pictures.path("sheet.html")},
                                    pictures / "");
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, ContainsSubstring("interrupted; nothing is told of pairs"));
    CHECK_FALSE(fs::exists(pictures / "sheet.html"));
}

TEST_CASE("stats on two ranks is stopped with the model as it was") {
    const Pictures pictures;
    pictures.made_model();
    write_picture(pictures / "before/large.png", 900, 700, 1);
    multiply(pictures / "before/large.png", 150);
    const std::string before = read_text(pictures / "made.safetensors");
    const Outcome outcome =
        stopped({"stats", pictures.path("made.safetensors"), "-i", pictures.path("before"), "--write"},
                pictures / "");
    CHECK_THAT(outcome.err, ContainsSubstring("interrupted; nothing is measured or written"));
    CHECK(read_text(pictures / "made.safetensors") == before);
}

TEST_CASE("classify on two ranks is stopped with whole pictures in the folders, and goes on") {
    const HalvesScene scene;
    for (const char* name : {"in/l.png", "in/r.png"}) multiply(scene / name, 1000);
    const Arguments classify = scene.arguments({"--into", scene.path("sorted"), "-q"});
    stopped(classify, scene / "", [&] { return fs::exists(scene / "sorted/left"); });
    const auto sorted = [&] { return contents(scene / "sorted"); };
    const std::size_t some = sorted().size();
    CHECK(some < 2003);
    for (const auto& [name, bytes] : sorted())
        CHECK(bytes ==
              read_text(scene / fmt::format("in/{}.png", name[0])));  // of "left/", "right/", "dark/"
    Arguments again = classify;
    again.emplace_back("--resume");
    CHECK(run_ranks(on_ranks(2, again)).exit_code == 0);
    CHECK(sorted().size() == 2003);
}

TEST_CASE("train on two ranks is stopped with a checkpoint, and goes on with four") {
    const Pictures pictures;
    const fs::path run = pictures / "run";
    const char* const epochs = "100";
    REQUIRE(run_shared(2, shared_run(pictures, "whole", {}, epochs)).exit_code == 0);
    stopped(shared_run(pictures, "run", {}, epochs), run, [&] { return fs::exists(run / "history.csv"); });
    CHECK_FALSE(fs::exists(run / "model.safetensors"));
    CHECK(fs::exists(run / "checkpoint.safetensors"));
    REQUIRE(run_shared(4, shared_run(pictures, "run", {"--resume"}, epochs)).exit_code == 0);
    CHECK((left_by(run) == left_by(pictures / "whole")));
}
