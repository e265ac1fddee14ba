#include "viewer/loss_panel.h"

#include <algorithm>
#include <limits>

#include "catch.h"
#include "viewer/plot_colours.h"
#include "viewer/viewer_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

void draw(Screen& screen, LossPanel& panel, const RunStory& story, std::uint32_t shown_epoch) {
    screen.frame([&] { panel.draw({story, shown_epoch, screen.selection, screen.layout}); });
}

nlohmann::json values(const Screen& screen) {
    return screen.state().at("values");
}

/// Of what was drawn in this colour within the plot, but for a line's own thickness.
std::pair<std::size_t, std::size_t> inside_and_outside(const Screen& screen, ImU32 colour) {
    const auto [min, max] = screen.region("plot.loss");
    std::size_t inside = 0, outside = 0;
    for (const ImVec2& corner : Screen::drawn_in(colour)) {
        const bool within =
            corner.x > min.x - 4 && corner.x < max.x + 4 && corner.y > min.y - 4 && corner.y < max.y + 4;
        ++(within ? inside : outside);
    }
    return {inside, outside};
}

}  // namespace

TEST_CASE("both losses are drawn within the plot, and their numbers told") {
    Screen screen;
    LossPanel panel;
    draw(screen, panel, made_up_story(5), 2);
    for (const ImU32 colour : {series_training, series_validation}) {
        CHECK(inside_and_outside(screen, colour).first >= 10);
    }
    CHECK(values(screen).at("loss.points") == 5);
    CHECK(values(screen).at("loss.training") == Approx(0.5));
    CHECK(values(screen).at("loss.validation") == Approx(0.55));
    CHECK(values(screen).at("loss.best_epoch") == 5);
}

TEST_CASE("a floor is drawn within the plot, however far below the losses") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(5);
    draw(screen, panel, story, 2);
    CHECK(Screen::drawn_in(series_floor).empty());
    CHECK(values(screen).at("loss.scale") == "linear");
    story.floor = 1e-6;
    draw(screen, panel, story, 2);
    CHECK(inside_and_outside(screen, series_floor).first >= 4);
    CHECK(values(screen).at("loss.floor") == Approx(1e-6));
    CHECK(values(screen).at("loss.scale") == "log");
    story.floor = 0;
    draw(screen, panel, story, 2);
    CHECK(Screen::drawn_in(series_floor).empty());
}

TEST_CASE(
    "a verdict from before the last epochs says so, and what solving the last layer has brought stands "
    "above") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(5);
    story.records.back().step = 15;
    story.quality.emplace();
    story.quality->step = 15;
    draw(screen, panel, story, 5);
    CHECK_FALSE(values(screen).at("verdict").get<std::string>().ends_with("since."));
    CHECK_FALSE(values(screen).contains("solved"));
    story.quality->step = 6;
    story.solved = SolvedEnd{"the last layer: 0.1 in place of 0.2 on 2 pictures left out"};
    draw(screen, panel, story, 5);
    CHECK(values(screen).at("verdict").get<std::string>().ends_with(
        "). This was found after 6 steps; training has gone on since."));
    CHECK(values(screen).at("solved") == story.solved->line);
}

TEST_CASE("what is said of the results of a run that has ended stands above its plot") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(5);
    draw(screen, panel, story, 5);
    CHECK_FALSE(values(screen).contains("verdict"));
    story.quality.emplace();
    story.quality->all.loss = 1e-4;
    story.quality->all.levels = 2;
    story.quality->verdict = {QualityGrade::close, {{QualityKind::tint, "a greenish tint of 2 levels", ""}}};
    draw(screen, panel, story, 5);
    CHECK(values(screen).at("verdict") == "result: close to the target (40.0 dB, 2.0 grey levels)");
    CHECK(screen.region("verdict").second.y < screen.region("plot.loss").first.y);
}

TEST_CASE("the right answers of a classifier are a second plot below its losses, and its test is told") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(5);
    draw(screen, panel, story, 2);
    CHECK_FALSE(screen.state().at("regions").contains("plot.accuracy"));
    for (EpochRecord& record : story.records) {
        record.train_accuracy = 0.1 * record.epoch;
        record.train_loss *= 2;  // of another run
    }
    story.records[1].validation_accuracy = 0.125;
    story.classes = true;
    draw(screen, panel, story, 2);
    CHECK(screen.region("plot.loss").second.y < screen.region("plot.accuracy").first.y);
    CHECK(values(screen).at("accuracy.training") == Approx(20));
    CHECK(values(screen).at("accuracy.validation") == Approx(12.5));
    CHECK_FALSE(values(screen).contains("test"));
    story.test =
        TestResults{.step = 5, .best = false, .classes = {"a", "b"}, .loss = 0.5, .counts = {3, 1, 0, 0}};
    draw(screen, panel, story, 3);
    CHECK_FALSE(values(screen).contains("accuracy.validation"));
    CHECK_THAT(values(screen).at("test").get<std::string>(), ContainsSubstring("test: 75.00 % of 4 right"));
}

TEST_CASE("a run without an epoch shows an empty plot") {
    Screen screen;
    LossPanel panel;
    draw(screen, panel, RunStory{}, 0);
    CHECK(values(screen).at("loss.points") == 0);
    CHECK(Screen::drawn_in(series_training).empty());
}

TEST_CASE("a run without validation names no best epoch") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(3);
    for (EpochRecord& record : story.records) record.validation_loss.reset();
    draw(screen, panel, story, 1);
    CHECK(Screen::drawn_in(series_validation).empty());
    CHECK_FALSE(values(screen).contains("loss.best_epoch"));
}

TEST_CASE("the axis is logarithmic from a decade on, and the key L changes it") {
    Screen screen;
    LossPanel panel;
    draw(screen, panel, made_up_story(5), 1);
    CHECK(values(screen).at("loss.scale") == "linear");
    const RunStory story = made_up_story(50);
    draw(screen, panel, story, 1);
    CHECK(values(screen).at("loss.scale") == "log");
    screen.hold_l(true);
    draw(screen, panel, story, 1);
    CHECK(values(screen).at("loss.scale") == "linear");
    draw(screen, panel, story, 1);
    CHECK(values(screen).at("loss.scale") == "linear");
    screen.hold_l(false);
    draw(screen, panel, story, 1);
    screen.hold_l(true);
    draw(screen, panel, story, 1);
    CHECK(values(screen).at("loss.scale") == "log");
}

TEST_CASE("losses that are no numbers are left out, and harm nothing") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(6);
    story.records[2].train_loss = std::numeric_limits<double>::quiet_NaN();
    story.records[3].validation_loss = std::numeric_limits<double>::infinity();
    story.records[4].train_loss = 1e200;
    draw(screen, panel, story, 3);
    CHECK(values(screen).at("loss.points") == 4);
    CHECK_FALSE(values(screen).contains("loss.training"));
    for (const ImU32 colour : {series_training, series_validation}) {
        for (const ImVec2& corner : Screen::drawn_in(colour)) {
            CHECK(std::isfinite(corner.x));
            CHECK(std::isfinite(corner.y));
        }
    }
}

TEST_CASE("the best validation epoch is the smallest, not the last") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(6);
    story.records[3].validation_loss = 0.01;
    draw(screen, panel, story, 6);
    CHECK(values(screen).at("loss.best_epoch") == 4);
}

TEST_CASE("another run takes the place of the one before") {
    Screen screen;
    LossPanel panel;
    draw(screen, panel, made_up_story(6), 1);
    draw(screen, panel, made_up_story(2), 1);
    CHECK(values(screen).at("loss.points") == 2);
    RunStory other = made_up_story(4);
    for (EpochRecord& record : other.records) record.train_loss *= 3;
    draw(screen, panel, other, 1);
    CHECK(values(screen).at("loss.points") == 4);
    CHECK(values(screen).at("loss.training") == Approx(3));
}

TEST_CASE("records of damaged order are passed over") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(4);
    story.records[1].epoch = 0;
    story.records[3].epoch = std::numeric_limits<std::uint32_t>::max();
    draw(screen, panel, story, 1);
    CHECK(values(screen).at("loss.points") == 3);
}

TEST_CASE("ten thousand epochs keep their peak, in a bounded number of corners") {
    Screen screen;
    LossPanel panel;
    RunStory story = made_up_story(10'000);
    for (EpochRecord& record : story.records) record.train_loss = 1 + 0.1 * (record.epoch % 7);
    story.records[7777].train_loss = 5;
    draw(screen, panel, story, 10'000);
    CHECK(values(screen).at("loss.points") == 10'000);
    CHECK(Screen::vertices() < 20'000);
    const auto [min, max] = screen.region("plot.loss");
    auto corners = Screen::drawn_in(series_training);
    std::erase_if(corners, [top = min.y](const ImVec2& at) { return at.y < top; });  // the numbers above it
    const auto top = std::min_element(corners.begin(), corners.end(),
                                      [](const ImVec2& a, const ImVec2& b) { return a.y < b.y; });
    REQUIRE(top != corners.end());
    CHECK(top->x == Approx(min.x + 0.7778f * (max.x - min.x)).margin(3));
}

TEST_CASE("the mouse held down in the plot asks for the epoch under it") {
    Screen screen;
    LossPanel panel;
    const RunStory story = made_up_story(20);
    draw(screen, panel, story, 20);
    const auto [min, max] = screen.region("plot.loss");
    screen.move_mouse({min.x + 0.25f * (max.x - min.x), (min.y + max.y) / 2});
    draw(screen, panel, story, 20);
    CHECK_FALSE(screen.selection.asked_epoch);
    screen.hold_mouse(true);
    draw(screen, panel, story, 20);
    CHECK(screen.selection.asked_epoch == 5u);
    screen.move_mouse({max.x + 500, min.y});
    draw(screen, panel, story, 20);
    CHECK(screen.selection.asked_epoch == 20u);
    screen.move_mouse({min.x - 500, min.y});
    draw(screen, panel, story, 20);
    CHECK(screen.selection.asked_epoch == 0u);
    screen.hold_mouse(false);
    draw(screen, panel, story, 20);
    CHECK_FALSE(screen.selection.asked_epoch);
}
