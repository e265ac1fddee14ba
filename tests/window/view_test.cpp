// Looking at pictures in the window, while nothing is learned.
#include "catch.h"
#include "pairs.h"
#include "places.h"
#include "viewer.h"

using namespace shadenet::test;

TEST_CASE("the wipe shows the input on the left and the output on the right, and is dragged") {
    const Desktop desktop;
    const Pairs pairs;
    pairs.train_headless("3");
    const shadenet::Image input = pairs.image("before/p0.png"), output = pairs.applied("before/p0.png");
    Viewer viewer(desktop, pairs.run());
    viewer.press("w");
    viewer.press("1");  // the labels would cover a larger picture
    const auto check = [&](double place) {
        viewer.park_mouse();
        const Shot shot = viewer.shot();
        CHECK(shot.text("view") == "wipe");
        CHECK(shot.number("wipe") == Approx(place).margin(0.01));
        CHECK(shot.difference("input", input) == 0);
        CHECK(shot.difference("output", output) <= 1);
        CHECK(shot.region("input").right == shot.region("output").left);
        return shot;
    };
    const Shot shot = check(0.5);
    const Region left = shot.region("input"), right = shot.region("output");
    const double width = right.right - left.left;
    viewer.drag(shot.region("wipe").middle(), {left.left + width / 4, left.middle().y});
    check(0.25);
    viewer.press("plus");
    CHECK(check(0.25).number("zoom") == Approx(1.5));
    CHECK(viewer.close().exit_code == 0);
}

TEST_CASE("another picture by its thumbnail, and the batch's own statistics") {
    const Desktop desktop;
    const Pairs pairs;
    pairs.train_headless("3");
    Viewer viewer(desktop, pairs.run());
    viewer.click("thumbnail.1");
    viewer.park_mouse();
    const auto is_second = [&](const Shot& shot) {
        return shot.difference("input", pairs.image("before/p1.png")) == 0;
    };
    const Shot moving = viewer.shot_when(is_second);
    CHECK(moving.number("picture") == 1);
    CHECK(moving.difference("output", pairs.applied("before/p1.png")) <= 1);

    viewer.press("b");
    const Shot batch = viewer.shot();
    CHECK(batch.text("statistics") == "batch");
    CHECK(batch.difference("output", moving) > 1);
    CHECK(batch.difference("input", moving) == 0);
    viewer.press("b");
    const Shot again = viewer.shot();
    CHECK(again.text("statistics") == "moving");
    CHECK(again.difference("output", moving) == 0);
    CHECK(viewer.close().exit_code == 0);
}

TEST_CASE("a finished run at an epoch, and a model on a picture") {
    const Desktop desktop;
    const Pairs pairs;
    pairs.train_headless("5");
    const shadenet::Image output = pairs.applied("before/p0.png");
    Arguments third = pairs.run();
    third.insert(third.end(), {"--after-epochs", "3"});
    const Shot earlier = screenshot_of(desktop, third);
    CHECK(earlier.number("epoch") == 3);
    CHECK(earlier.number("last_epoch") == 5);
    CHECK(earlier.number("loss.points") == 5);
    CHECK(earlier.difference("output", output) > 1);
    const Shot last = screenshot_of(desktop, pairs.run());
    CHECK(last.difference("output", output) <= 1);
    const Shot model = screenshot_of(
        desktop, {"--size", "1500", "700", pairs.path("run/model.safetensors"), pairs.path("before/p0.png")});
    CHECK(model.difference("output", output) <= 1);
    CHECK_FALSE(model.has("plot.loss"));
}

TEST_CASE("without a display, and without a run, one line and exit code 2") {
    const Pairs pairs;
    const auto refused = [](const Arguments& command, const Environment& environment, const char* part) {
        const Outcome outcome = Process(command, environment).wait(60);
        CHECK(outcome.exit_code == 2);
        CHECK(error_lines(outcome) == 1);
        CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
        CHECK_THAT(outcome.err, ContainsSubstring(part));
    };
    const auto blind = [](const Environment& displays, const Arguments& more) {
        Arguments command = {"/usr/bin/env",    "-u", "DISPLAY",        "-u",
                             "WAYLAND_DISPLAY", "-u", "XDG_RUNTIME_DIR"};
        for (const auto& [name, value] : displays) command.push_back(name + "=" + value);
        command.push_back(viewer_program());
        command.insert(command.end(), more.begin(), more.end());
        return command;
    };
    refused(blind({}, {}), {},
            "neither DISPLAY nor WAYLAND_DISPLAY is set; on a machine without one, use `shadenet");
    refused(blind({}, pairs.train("5")), {}, "`shadenet train`");
    CHECK_FALSE(std::filesystem::exists(pairs / "run"));
    refused(blind({{"DISPLAY", ":98765"}}, {}), {}, "the display :98765 cannot be opened; correct DISPLAY");
    // Of a GLFW for X11, or of one for Wayland.
    refused(blind({{"WAYLAND_DISPLAY", "none"}}, {}), {}, "Wayland");
    refused({viewer_program(), pairs.path("before")}, {}, "holds no run");
}

TEST_CASE("flags of the window that make no sense are refused before there is one") {
    const Pairs pairs;
    const auto refused = [&](const Arguments& flags, const char* part) {
        Arguments command = pairs.train("5", flags);
        command.insert(command.begin(), viewer_program());
        const Outcome outcome = Process(command, {{"DISPLAY", ":98765"}}).wait(60);
        CHECK(outcome.exit_code == 2);
        CHECK(error_lines(outcome) == 1);
        CHECK_THAT(outcome.err, ContainsSubstring(part));
    };
    for (const char* name : {"shot.jpg", "shot", "shot.png.txt"}) {
        refused({"--screenshot", name}, "use a name that ends in .png");
    }
    refused({"--screenshot", "nowhere/shot.png"}, "there is no folder nowhere; make it first");
    refused({"--screenshot", "shot.PNG"}, "the display :98765");
    refused({"--validation-input", "nowhere"}, "--validation-target is missing");
    refused({"--after-epochs", "1", "--after-epochs", "2"}, "--after-epochs is given more than once");
    refused({"--size", "3", "4"}, "--size");
    const Outcome streams = Process({viewer_program(), "train", "--output", pairs.path("run"), "--stream",
                                     "day=" + pairs.path("before") + ":" + pairs.path("after")},
                                    {{"DISPLAY", ":98765"}})
                                .wait(60);
    CHECK_THAT(streams.err, ContainsSubstring("the display :98765"));
}
