// The window while it learns.
#include <algorithm>
#include <csignal>

#include "catch.h"
#include "pairs.h"
#include "viewer.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// More epochs than any test waits for.
const char* const endless = "1000000";

bool is_paused(const Shot& shot) {
    return shot.text("state") == "paused";
}

bool whole_run_in(const fs::path& folder) {
    const auto files = {"config.json", "checkpoint.safetensors", "history.csv", "report.html"};
    return std::all_of(files.begin(), files.end(),
                       [&](const char* file) { return fs::is_regular_file(folder / file); });
}

auto epochs_done(double least) {
    return [=](const Shot& shot) { return shot.number("last_epoch") >= least; };
}

}  // namespace

TEST_CASE("ten epochs: the output is what apply makes, and the loss is drawn") {
    const Desktop desktop;
    const Pairs pairs;
    const Shot shot = screenshot_of(desktop, pairs.train("10", {"--after-epochs", "10"}));
    CHECK((shot.width() == 1000 && shot.height() == 700));
    CHECK(shot.text("state") == "finished");
    CHECK(shot.number("epoch") == 10);
    CHECK(shot.number("loss.points") == 10);
    CHECK(shot.colours("plot.loss") > 10);
    CHECK(shot.difference("input", pairs.image("before/p0.png")) == 0);
    CHECK(shot.difference("target", pairs.image("after/p0.png")) == 0);
    CHECK(shot.difference("output", pairs.applied("before/p0.png")) <= 1);
    CHECK(shot.difference("output", pairs.image("before/p0.png")) > 1);
}

TEST_CASE("start, pause, and back to the untrained network") {
    const Desktop desktop;
    const Pairs pairs;
    Viewer viewer(desktop, pairs.train(endless, {"--after-epochs", "1"}));
    const double rested = viewer.shot_when(is_paused).number("last_epoch");
    CHECK(rested == 1);

    viewer.click("button.start_pause");
    viewer.shot_when(epochs_done(4));
    viewer.click("button.start_pause");
    const Shot paused = viewer.shot_when(is_paused);
    // Nothing to wait for: it is to stand still.
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const Shot later = viewer.shot();
    CHECK(is_paused(later));
    CHECK(later.number("steps") == paused.number("steps"));
    CHECK(later.number("last_epoch") == paused.number("last_epoch"));

    viewer.park_mouse();
    const Shot learned = viewer.shot();
    const Region scrubber = learned.region("scrubber");
    viewer.drag(scrubber.middle(), {scrubber.left + 2, scrubber.middle().y});
    viewer.park_mouse();
    const Shot untrained = viewer.shot();
    CHECK(untrained.number("epoch") == 0);
    CHECK(untrained.difference("output", pairs.image("run/images/before_p0.png")) <= 1);
    CHECK(untrained.difference("output", learned) > 1);
    viewer.click("button.latest");
    viewer.park_mouse();
    CHECK(viewer.shot().difference("output", learned) == 0);
    viewer.press("Home");
    CHECK(viewer.shot().number("epoch") == 0);
    viewer.press("End");
    CHECK(viewer.shot().number("epoch") == learned.number("last_epoch"));
    CHECK(viewer.close().exit_code == 0);
    CHECK(whole_run_in(pairs / "run"));
}

TEST_CASE("a learning rate that is typed while the run rests is used and recorded") {
    const Desktop desktop;
    const Pairs pairs;
    Viewer viewer(desktop, pairs.train(endless, {"--after-epochs", "1"}));
    viewer.shot_when(is_paused);
    viewer.click_with("ctrl", "learning_rate");
    viewer.type("0.0025");
    viewer.press("Return");
    viewer.shot_when([](const Shot& shot) { return shot.number("learning_rate") == Approx(0.0025); });
    viewer.park_mouse();
    viewer.press("e");
    viewer.shot_when(epochs_done(2));
    CHECK(viewer.close().exit_code == 0);
    const nlohmann::json changes = pairs.config("run").at("changes");
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].at("learning_rate").get<float>() == Approx(0.0025));
    CHECK(changes[0].at("step") == 1);
}

TEST_CASE("Ctrl+S stops and saves, and a run without a norm begins beside it") {
    const Desktop desktop;
    const Pairs pairs;
    Viewer viewer(desktop, pairs.train(endless));
    viewer.shot_when(epochs_done(1));
    viewer.press_until("ctrl+s", [](const Shot& shot) { return shot.text("state") == "stopped"; });
    CHECK(whole_run_in(pairs / "run"));

    viewer.click("button.new_run");
    viewer.click("new_run.norm");
    viewer.press("Down");
    viewer.press("Down");
    viewer.press("space");
    viewer.click("new_run.begin");
    viewer.shot_when(
        [](const Shot& shot) { return !shot.has("new_run.begin") && shot.number("last_epoch") >= 1; });
    CHECK(pairs.config("run-2").at("network").at("norm") == "none");
    CHECK(viewer.close().exit_code == 0);
}

TEST_CASE("SIGTERM saves") {
    const Desktop desktop;
    const Pairs pairs;
    Viewer viewer(desktop, pairs.train(endless));
    viewer.shot_when(epochs_done(2));
    viewer.signal(SIGTERM);
    CHECK(viewer.wait().exit_code == 143);
    CHECK(whole_run_in(pairs / "run"));
}

TEST_CASE("training goes on while the window is resized and minimised") {
    const Desktop desktop;
    const Pairs pairs;
    Viewer viewer(desktop, pairs.train(endless));
    viewer.shot_when(epochs_done(1));
    viewer.resize(700, 500);
    viewer.resize(320, 200);
    viewer.resize(1500, 900);
    const double before = viewer.shot().number("last_epoch");
    viewer.window("windowminimize");
    const fs::path history = pairs / "run/history.csv";
    const std::string then = read_text(history);
    wait_until([&] { return read_text(history).size() > then.size(); });
    viewer.window("windowactivate");
    viewer.shot_when(epochs_done(before + 1));
    CHECK(viewer.close().exit_code == 0);
}
