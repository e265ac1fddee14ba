// shadenet classify --into: copies and links in the folders of the classes, resumed and stopped.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <regex>
#include <string>
#include <thread>
#include <utility>

#include "catch.h"
#include "classifier.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

TEST_CASE("classify sorts copies into folders of the classes, and pictures of folders keep theirs") {
    const HalvesScene scene;
    fs::create_directories(scene / "in/more/deep");
    write_halves(scene / "in/more/deep/r.png", 10, 240);
    const Outcome outcome = scene.run({"-r", "--into", scene.path("sorted"), "-v"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto sorted = contents(scene / "sorted");
    CHECK(sorted.size() == 4);
    for (const char* name : {"left/l.png", "right/r.png", "dark/d.png"}) {
        REQUIRE(sorted.contains(name));
        CHECK(sorted.at(name) == read_text(scene / "in" / fs::path(name).filename()));
    }
    CHECK(sorted.contains("right/more/deep/r.png"));
    CHECK_THAT(outcome.out, ContainsSubstring(" -> " + scene.path("sorted/left/l.png")));
    // -o is the same place.
    CHECK(scene.run({"-r", "-o", scene.path("again")}).exit_code == 0);
    CHECK(contents(scene / "again") == sorted);
}

TEST_CASE("nothing that is sorted is overwritten unless that is asked for, and then it lies in one place") {
    const HalvesScene scene;
    const Arguments into = {"--into", scene.path("sorted")};
    REQUIRE(scene.run(into).exit_code == 0);
    const auto before = contents(scene / "sorted");
    const Outcome refused = scene.run(into);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("sorted/dark/d.png and 2 other results are already there"));
    CHECK(contents(scene / "sorted") == before);

    // Another model: what was left is right. A file of the same name that is no copy stays.
    Model model = left_right_model();
    std::swap(model.classes.names[0], model.classes.names[1]);
    write_model(scene / "model.safetensors", model);
    write_halves(scene / "sorted/dark/l.png", 3, 4);
    const Outcome anew = scene.run({"--into", scene.path("sorted"), "--overwrite"});
    INFO(anew.err);
    CHECK(anew.exit_code == 0);
    CHECK_THAT(anew.err, ContainsSubstring("another file of its name stays in " + scene.path("sorted/dark")));
    const auto after = contents(scene / "sorted");
    CHECK(after.size() == 4);
    CHECK(after.contains("right/l.png"));
    CHECK(after.contains("left/r.png"));
    CHECK(after.contains("dark/d.png"));
    CHECK(after.contains("dark/l.png"));
}

TEST_CASE("links lead to the pictures, which a later copy leaves as they are") {
    const HalvesScene scene;
    const auto pictures = contents(scene / "in");
    REQUIRE(scene.run({"--into", scene.path("sorted"), "--link"}).exit_code == 0);
    CHECK(fs::is_symlink(scene / "sorted/left/l.png"));
    CHECK(fs::equivalent(scene / "sorted/left/l.png", scene / "in/l.png"));
    const Outcome resumed = scene.run({"--into", scene.path("sorted"), "--link", "--resume", "-v"});
    CHECK(resumed.exit_code == 0);
    CHECK_THAT(resumed.out, ContainsSubstring("3 were there already"));
    REQUIRE(scene.run({"--into", scene.path("sorted"), "--overwrite"}).exit_code == 0);
    CHECK_FALSE(fs::is_symlink(scene / "sorted/left/l.png"));
    CHECK(contents(scene / "in") == pictures);
}

TEST_CASE("resuming sorts what is missing, has changed, or was sorted by an older model") {
    const HalvesScene scene;
    const Arguments resume = {"--into", scene.path("sorted"), "--resume"};
    REQUIRE(scene.run(resume).exit_code == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    fs::remove(scene / "sorted/left/l.png");
    write_halves(scene / "in/r.png", 250, 0);
    const Outcome outcome = scene.run(resume);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("classified 2 pictures in"));
    CHECK_THAT(outcome.out, ContainsSubstring("1 was there already"));
    CHECK(fs::exists(scene / "sorted/left/l.png"));
    CHECK(fs::exists(scene / "sorted/left/r.png"));
    CHECK_THAT(scene.run(resume).out, ContainsSubstring("3 were there already"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    write_model(scene / "model.safetensors", left_right_model());
    const Outcome newer = scene.run(resume);
    CHECK(newer.exit_code == 0);
    CHECK_THAT(newer.out, ContainsSubstring("classified 3 pictures in"));
}

TEST_CASE(
    "what is written down of a run that was stopped or killed and resumed is that of an undisturbed one") {
    const HalvesScene scene;
    constexpr int count = 300;
    for (int i = 0; i < count; ++i) {
        write_halves(scene / ("in/" + std::to_string(i) + ", a.png"), static_cast<std::uint8_t>(i % 251),
                     static_cast<std::uint8_t>(7 * i % 250));
    }
    const Arguments run = scene.arguments({"--into", scene.path("sorted"), "-j", "1:1:1", "--csv",
                                           scene.path("t.csv"), "--summary", scene.path("s.jsonl")});
    const auto told = [&] {
        const std::regex time(R"("milliseconds":[0-9.]+)");
        return std::pair{read_text(scene / "t.csv"),
                         std::regex_replace(read_text(scene / "s.jsonl"), time, "")};
    };
    REQUIRE(run_shadenet(run).exit_code == 0);
    const auto [table, lines] = told();
    CHECK(std::ranges::count(table, '\n') == count + 4);
    const auto sorted = contents(scene / "sorted");
    for (const char* name : {"sorted", "t.csv", "s.jsonl"}) fs::remove_all(scene / name);

    const int signal = GENERATE(SIGINT, SIGKILL);
    Process process(as_command(run));
    wait_until([&] { return fs::exists(scene / "sorted/left"); });
    process.signal(signal);
    REQUIRE(process.wait().exit_code != 0);
    REQUIRE(contents(scene / "sorted").size() < sorted.size());
    Arguments resume = run;
    resume.push_back("--resume");
    const Outcome resumed = run_shadenet(resume);
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK(told() == std::pair{table, lines});
    CHECK(contents(scene / "sorted") == sorted);
    // Once more, with nothing left to sort.
    fs::remove(scene / "t.csv");
    const Outcome all = run_shadenet(resume);
    CHECK(all.exit_code == 0);
    CHECK_THAT(all.err, ContainsSubstring("303 pictures are sorted already and only asked again"));
    CHECK(told() == std::pair{table, lines});
}

TEST_CASE("Ctrl-C where nothing is sorted advises no --resume, which there is refused") {
    const HalvesScene scene;
    for (int i = 0; i < 400; ++i) write_halves(scene / ("in/" + std::to_string(i) + ".png"), 255, 0);
    const bool writes = GENERATE(false, true);
    Arguments flags = {"-j", "1:1:1"};
    if (writes) flags.insert(flags.end(), {"--csv", scene.path("t.csv")});
    Process process(as_command(scene.arguments(flags)));
    wait_until([&] { return process.output().find("0.png: left") != std::string::npos; });
    process.signal(SIGINT);
    const Outcome stopped = process.wait();
    CHECK(stopped.exit_code == 130);
    CHECK_THAT(stopped.err,
               ContainsSubstring(writes ? "not done; the same command with --overwrite asks about "
                                          "all again"
                                        : "not done; the same command asks about all again"));
    CHECK_THAT(stopped.err, !ContainsSubstring("--resume"));
    if (writes) flags.emplace_back("--overwrite");
    CHECK(scene.run(flags).exit_code == 0);
}

TEST_CASE("Ctrl-C leaves whole pictures, and the same command with --resume goes on") {
    const HalvesScene scene;
    constexpr int count = 400;
    for (int i = 0; i < count; ++i) {
        write_halves(scene / ("in/" + std::to_string(i) + ".png"), 255, 0);
    }
    Process process(as_command(scene.arguments({"--into", scene.path("sorted"), "-j", "1:1:1"})));
    wait_until([&] { return fs::exists(scene / "sorted/left"); });
    process.signal(SIGINT);
    const Outcome stopped = process.wait();
    CHECK(stopped.exit_code == 130);
    CHECK_THAT(stopped.err, ContainsSubstring("not done; the same command with --resume goes on"));
    const std::string whole = read_text(scene / "in/0.png");
    for (const auto& [name, bytes] : contents(scene / "sorted")) {
        if (name.starts_with("left/") && name != "left/l.png") CHECK(bytes == whole);
    }
    const Outcome resumed = scene.run({"--into", scene.path("sorted"), "--resume", "-q"});
    INFO(resumed.err);
    CHECK(resumed.exit_code == 0);
    CHECK(contents(scene / "sorted").size() == count + 3);
}
