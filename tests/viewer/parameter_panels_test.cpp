#include "viewer/parameter_panels.h"

#include <algorithm>
#include <limits>

#include "catch.h"
#include "viewer/speed_panel.h"
#include "viewer/viewer_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

RunStory kept_story(std::uint32_t hidden = 16) {
    RunStory story = made_up_story(2, hidden);
    keep_parameters(story);
    return story;
}

void draw_table(Screen& screen, const RunStory& story, std::uint32_t epoch) {
    screen.frame([&] { draw_table_panel({story, epoch, screen.selection, screen.layout}); });
}

void draw_filters(Screen& screen, const RunStory& story, std::uint32_t epoch) {
    screen.frame([&] { draw_filters_panel({story, epoch, screen.selection, screen.layout}); });
}

bool has_region(const Screen& screen, const char* name) {
    return screen.state().at("regions").contains(name);
}

}  // namespace

TEST_CASE("the table has a row for each channel of each norm layer") {
    Screen screen;
    draw_table(screen, kept_story(), 1);
    CHECK(screen.state().at("values").at("table.bn1.rows") == 16);
    CHECK(screen.state().at("values").at("table.bn2.rows") == 3);
    CHECK(has_region(screen, "table"));
}

TEST_CASE("a table of many channels scrolls") {
    Screen screen;
    RunStory story = kept_story(16);
    draw_table(screen, story, 1);
    const int few = Screen::vertices();
    story = kept_story(1000);
    draw_table(screen, story, 1);
    CHECK(screen.state().at("values").at("table.bn1.rows") == 1000);
    CHECK(Screen::vertices() < 2 * few);
    const auto [min, max] = screen.region("table.bn1");
    CHECK(max.y - min.y < 500);
}

TEST_CASE("a row under the mouse selects its channel") {
    Screen screen;
    const RunStory story = kept_story();
    draw_table(screen, story, 1);
    const auto [min, max] = screen.region("table.bn2");
    const float row = (max.y - min.y - 3) / 4;
    screen.move_mouse({min.x + 30, min.y + 2.5f * row});
    draw_table(screen, story, 1);
    draw_table(screen, story, 1);
    CHECK(screen.selection.hovered == Channel{1, 1});
}

TEST_CASE("a network without norm shows its biases instead") {
    Screen screen;
    RunStory story = made_up_story(1);
    story.network = two_layer_network({.norm = NormPlacement::none});
    keep_parameters(story);
    draw_table(screen, story, 1);
    CHECK(screen.state().at("values").at("table.conv1.rows") == 16);
    CHECK(screen.state().at("values").at("table.conv2.rows") == 3);
    CHECK_FALSE(has_region(screen, "table.bn1"));
}

TEST_CASE("parameters that were not kept are said to be missing") {
    Screen screen;
    RunStory story = kept_story();
    story.parameters[1] = Parameters();
    for (const std::uint32_t epoch : {1u, 3u, 4'000'000'000u}) {
        draw_table(screen, story, epoch);
        CHECK_FALSE(has_region(screen, "table.bn1"));
        CHECK(Screen::vertices() > 0);
        draw_filters(screen, story, epoch);
        CHECK_FALSE(has_region(screen, "filters.conv1"));
    }
}

TEST_CASE("tensors without the values of their shape are not drawn") {
    Screen screen;
    RunStory story = kept_story();
    story.parameters[1].at("conv1.weight").values.resize(5);
    story.parameters[1].at("bn1.weight").values.clear();
    draw_table(screen, story, 1);
    CHECK_FALSE(has_region(screen, "table.bn1"));
    CHECK(has_region(screen, "table.bn2"));
    draw_filters(screen, story, 1);
    CHECK_FALSE(has_region(screen, "filters.conv1"));
    CHECK(has_region(screen, "filters.conv2"));
}

TEST_CASE("weights are colours: zero is grey, the largest an end") {
    Screen screen;
    RunStory story = kept_story(1);
    NamedTensor& weight = story.parameters[1].at("conv1.weight");
    std::fill(weight.values.begin(), weight.values.end(), 0.0f);
    // The first pixel: red at its end, green at the other, blue halfway up.
    weight.values[0] = 0.5f;
    weight.values[9] = -0.5f;
    weight.values[18] = 0.25f;
    draw_filters(screen, story, 1);
    CHECK(screen.state().at("values").at("filters.conv1.largest") == 0.5);
    CHECK(Screen::drawn_in(IM_COL32(255, 0, 191, 255)).size() == 4);
    CHECK(Screen::drawn_in(IM_COL32(128, 128, 128, 255)).size() >= 8 * 4);
}

TEST_CASE("weights of zero or of no number are drawn without harm") {
    Screen screen;
    RunStory story = kept_story();
    for (float& value : story.parameters[1].at("conv1.weight").values) value = 0;
    for (float& value : story.parameters[1].at("conv2.weight").values) {
        value = std::numeric_limits<float>::quiet_NaN();
    }
    draw_filters(screen, story, 1);
    CHECK(Screen::drawn_in(IM_COL32(128, 128, 128, 255)).size() >= 16 * 9 * 4);
    CHECK(Screen::drawn_in(IM_COL32(0, 0, 0, 255)).size() >= 48 * 9 * 4);
}

TEST_CASE("a filter under the mouse selects its channel, a kernel of conv2 the channel it reads") {
    Screen screen;
    const RunStory story = kept_story(1);
    draw_filters(screen, story, 1);
    for (const char* layer : {"filters.conv1", "filters.conv2"}) {
        const auto [min, max] = screen.region(layer);
        screen.move_mouse({min.x + 6, max.y - 12});
        draw_filters(screen, story, 1);
        CHECK(screen.selection.hovered == Channel{0, 0});
        screen.move_mouse({-1, -1});
        draw_filters(screen, story, 1);
        CHECK_FALSE(screen.selection.hovered);
    }
}

TEST_CASE("a thousand filters are drawn in part") {
    Screen screen;
    draw_filters(screen, kept_story(1000), 1);
    CHECK(Screen::vertices() < 64 * 4 * 9 * 4 + 20'000);
}

TEST_CASE("the speed is the median's, of the last twenty epochs") {
    RunStory story = made_up_story(30);
    story.epochs = 40;
    for (std::size_t i = 0; i < 10; ++i) story.records[i].seconds = 9;
    story.records[12].seconds = 100;
    story.records[13].seconds = std::numeric_limits<double>::quiet_NaN();
    const auto speed = speed_of(story);
    REQUIRE(speed);
    CHECK(speed->step_seconds == Approx(0.5 / 3));
    CHECK(speed->pictures_per_second == Approx(24));
    CHECK(speed->epochs_per_minute == Approx(120));
    CHECK(speed->seconds_left == Approx(5));
}

TEST_CASE("there is no speed before an epoch was measured, and no time left after the last") {
    CHECK_FALSE(speed_of(RunStory{}));
    RunStory story = made_up_story(3);
    CHECK(speed_of(story)->seconds_left == 0);
    for (EpochRecord& record : story.records) record.seconds = 0;
    CHECK_FALSE(speed_of(story));
    Screen screen;
    screen.frame([&] { draw_speed_panel(story, screen.layout); });
    CHECK_FALSE(has_region(screen, "speed"));
    story = made_up_story(3);
    screen.frame([&] { draw_speed_panel(story, screen.layout); });
    CHECK(has_region(screen, "speed"));
}
