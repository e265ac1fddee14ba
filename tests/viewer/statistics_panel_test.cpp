#include "viewer/statistics_panel.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include "catch.h"
#include "viewer/plot_colours.h"
#include "viewer/viewer_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

void draw_statistics(Screen& screen, StatisticsPanel& panel, const RunStory& story) {
    screen.frame([&] { panel.draw({story, story.epochs, screen.selection, screen.layout}, 200); });
}

/// Where the middle of the corners of this colour lies that are within the plot.
std::size_t corners_within(const Screen& screen, const char* plot, ImU32 colour) {
    const std::pair<ImVec2, ImVec2> region = screen.region(plot);
    const ImVec2 min = region.first, max = region.second;
    const auto corners = Screen::drawn_in(colour);
    return static_cast<std::size_t>(std::count_if(corners.begin(), corners.end(), [&](const ImVec2& at) {
        return at.x > min.x - 4 && at.x < max.x + 4 && at.y > min.y - 4 && at.y < max.y + 4;
    }));
}

/// On the line of moving_mean of a channel, of which each has its own height in a made-up run.
ImVec2 on_the_line(const Screen& screen, std::size_t channel) {
    const auto [min, max] = screen.region("plot.bn1.moving_mean");
    const std::vector<ImVec2> corners = Screen::drawn_in(channel_colour(channel, 16));
    float y = 0;
    std::size_t count = 0;
    for (const ImVec2& at : corners) {
        if (at.x < max.x - 20 || at.x > max.x + 4 || at.y < min.y) continue;
        y += at.y;
        ++count;
    }
    REQUIRE(count > 0);
    return {max.x - 10, y / static_cast<float>(count)};
}

}  // namespace

TEST_CASE("every norm layer has a plot of its means and one of its variances") {
    Screen screen;
    StatisticsPanel panel;
    draw_statistics(screen, panel, made_up_story(8));
    for (const char* plot : {"plot.bn1.moving_mean", "plot.bn1.moving_variance"}) {
        for (std::size_t c = 0; c < 16; ++c) CHECK(corners_within(screen, plot, channel_colour(c, 16)) > 0);
    }
    for (const char* plot : {"plot.bn2.moving_mean", "plot.bn2.moving_variance"}) {
        for (std::size_t c = 0; c < 3; ++c) CHECK(corners_within(screen, plot, channel_colour(c, 3)) > 0);
    }
}

TEST_CASE("batches stand faintly behind, where they are known") {
    Screen screen;
    StatisticsPanel panel;
    RunStory story = made_up_story(8);
    draw_statistics(screen, panel, story);
    CHECK(corners_within(screen, "plot.bn1.moving_mean", faint(channel_colour(2, 16))) >= 8 * 4);
    for (EpochRecord& record : story.records) {
        record.train_loss += 1;
        for (NormStatistics& norm : record.norms) norm.batch_mean = norm.batch_variance = {};
    }
    draw_statistics(screen, panel, story);
    CHECK(corners_within(screen, "plot.bn1.moving_mean", faint(channel_colour(2, 16))) == 0);
}

TEST_CASE("the channel under the mouse lights up, and all others fade, in every plot") {
    Screen screen;
    StatisticsPanel panel;
    const RunStory story = made_up_story(8);
    draw_statistics(screen, panel, story);
    for (const std::size_t channel : {3u, 12u}) {
        screen.move_mouse({-1, -1});
        draw_statistics(screen, panel, story);
        draw_statistics(screen, panel, story);
        screen.move_mouse(on_the_line(screen, channel));
        draw_statistics(screen, panel, story);
        CHECK(screen.selection.hovered == Channel{0, channel});
        draw_statistics(screen, panel, story);
        CHECK(screen.selection.lit == Channel{0, channel});
        for (const char* plot : {"plot.bn1.moving_mean", "plot.bn1.moving_variance"}) {
            CHECK(corners_within(screen, plot, channel_colour(channel, 16)) > 0);
            CHECK(corners_within(screen, plot, channel_colour(7, 16)) == 0);
            CHECK(corners_within(screen, plot, faint(channel_colour(7, 16))) > 0);
        }
        CHECK(corners_within(screen, "plot.bn2.moving_mean", channel_colour(1, 3)) > 0);
    }
}

TEST_CASE("the legend lights channels too") {
    Screen screen;
    StatisticsPanel panel;
    const RunStory story = made_up_story(8);
    draw_statistics(screen, panel, story);
    const auto [min, max] = screen.region("legend.bn2.1");
    screen.move_mouse({(min.x + max.x) / 2, (min.y + max.y) / 2});
    draw_statistics(screen, panel, story);
    CHECK(screen.selection.hovered == Channel{1, 1});
}

TEST_CASE("a network without norm has no plots") {
    Screen screen;
    StatisticsPanel panel;
    RunStory story = made_up_story(4);
    story.network = two_layer_network({.norm = NormPlacement::none});
    draw_statistics(screen, panel, story);
    CHECK(screen.state().at("regions").empty());
    CHECK(screen.state().at("values").at("statistics.layers") == 0);
    CHECK(Screen::vertices() > 0);
}

TEST_CASE("one channel and a thousand are drawn, the thousand in part") {
    for (const std::uint32_t hidden : {1u, 64u, 1000u}) {
        Screen screen;
        StatisticsPanel panel;
        draw_statistics(screen, panel, made_up_story(12, hidden));
        const std::uint32_t shown = std::min(hidden, 64u);
        CHECK(corners_within(screen, "plot.bn1.moving_mean", channel_colour(shown - 1, shown)) > 0);
        CHECK(screen.state().at("regions").contains("legend.bn1." + std::to_string(shown - 1)));
        CHECK_FALSE(screen.state().at("regions").contains("legend.bn1." + std::to_string(shown)));
    }
}

TEST_CASE("statistics that are no numbers, too few or missing are left out") {
    Screen screen;
    StatisticsPanel panel;
    RunStory story = made_up_story(6);
    story.records[1].norms[0].moving_mean[4] = std::numeric_limits<float>::quiet_NaN();
    story.records[2].norms[0].moving_variance[4] = std::numeric_limits<float>::infinity();
    story.records[3].norms[0].moving_mean.resize(2);
    story.records[4].norms.clear();
    story.records[5].norms[1].name = "other";
    draw_statistics(screen, panel, story);
    const std::vector<ImVec2> corners = Screen::drawn_in(channel_colour(4, 16));
    CHECK(corners.size() > 8);
    for (const ImVec2& at : corners) CHECK((std::isfinite(at.x) && std::isfinite(at.y)));
}

TEST_CASE("a run without an epoch shows where its statistics begin") {
    Screen screen;
    StatisticsPanel panel;
    RunStory story;
    story.epochs = 10;
    draw_statistics(screen, panel, story);
    CHECK(corners_within(screen, "plot.bn1.moving_mean", channel_colour(15, 16)) > 0);
}

TEST_CASE("ten thousand epochs are drawn in a bounded number of corners, within a frame's time") {
    Screen screen;
    StatisticsPanel panel;
    const RunStory story = made_up_story(10'000);
    draw_statistics(screen, panel, story);
    // Sixteen and three channels, twice, with their batches, four corners a point at worst.
    CHECK(Screen::vertices() < 4 * 18'000 * 4);
    double shortest = 1;
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        draw_statistics(screen, panel, story);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        shortest = std::min(shortest, passed.count());
    }
    CAPTURE(shortest, Screen::vertices());
    // Five frames of a screen: what is optimised for speed needs a tenth of it, sanitizers most of it.
    CHECK(shortest < 5.0 / 60);
}

TEST_CASE("channels have different colours") {
    for (const std::size_t n : {1u, 3u, 16u, 64u}) {
        std::set<ImU32> colours;
        for (std::size_t i = 0; i < n; ++i) {
            const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(channel_colour(i, n));
            CHECK(0.299f * colour.x + 0.587f * colour.y + 0.114f * colour.z > 0.35f);
            colours.insert(channel_colour(i, n));
        }
        CHECK(colours.size() == n);
    }
}
