// What only runs on labelled pictures have: the table of answers, curves in both ways, and wide first layers.
#include "catch.h"
#include "report/confusion.h"
#include "viewer/answers_panel.h"
#include "viewer/both_panel.h"
#include "viewer/parameter_panels.h"
#include "viewer/plot_colours.h"
#include "viewer/viewer_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Ten pictures of each class, of which one of class 0 is taken for class 1.
TestResults answers_of(std::size_t classes) {
    TestResults test;
    for (std::size_t i = 0; i < classes; ++i) test.classes.push_back("class\n" + std::to_string(i));
    test.counts.assign(classes * classes, 0);
    for (std::size_t i = 0; i < classes; ++i) test.counts[i * (classes + 1)] = 10;
    test.counts[0] = 9;
    test.counts[1] = 1;
    return test;
}

void draw_answers(Screen& screen, const TestResults& test) {
    screen.frame([&] { draw_answers_panel(test, screen.layout); });
}

/// What was drawn in this colour, however strong.
std::size_t corners_of(ImU32 colour) {
    std::size_t corners = 0;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int i = 0; i < data.CmdListsCount; ++i) {
        for (const ImDrawVert& vertex : data.CmdLists[i]->VtxBuffer) {
            if (((vertex.col ^ colour) & ~IM_COL32_A_MASK) == 0) ++corners;
        }
    }
    return corners;
}

RunStory scored_story(std::uint32_t epochs) {
    RunStory story = made_up_story(epochs);
    story.classes = true;
    for (EpochRecord& record : story.records) {
        record.sets = {{"train", {1, 0.5}, {1 + 2.0 / record.epoch, 0.25}},
                       {"test", {2, 0.5}, {2 + 0.01 / record.epoch, 0.5}}};
    }
    return story;
}

RunStory dense_story(std::uint32_t units) {
    RunStory story;
    story.classes = true;
    story.network.input = {0, 1, 4, 6};
    story.network.layers = {Dense{"fc1", 24, units}, Dense{"fc2", units, 2}};
    story.epochs = 1;
    keep_parameters(story);
    return story;
}

}  // namespace

TEST_CASE("the table of answers has a cell for each count, and tells it under the mouse") {
    Screen screen;
    const TestResults test = answers_of(4);
    draw_answers(screen, test);
    CHECK(corners_of(series_training) == 4 * 4);  // four cells that are right
    CHECK(corners_of(series_validation) == 4);    // one that is wrong
    CHECK(screen.state().at("values").at("answers.pairs") == 1);
    CHECK(confusion_cell(test, 0, 1).text == "1 of 10 pictures of class\\n0 answered class\\n1 (10.00 %)");
    const int vertices = Screen::vertices();
    const auto [min, max] = screen.region("answers");
    screen.move_mouse({min.x + 1.5f * (max.x - min.x) / 4, min.y + 0.5f * (max.y - min.y) / 4});
    draw_answers(screen, test);
    draw_answers(screen, test);
    CHECK(Screen::vertices() > vertices);
    screen.move_mouse({min.x + 2.5f * (max.x - min.x) / 4, min.y + 0.5f * (max.y - min.y) / 4});
    draw_answers(screen, test);
    draw_answers(screen, test);
    CHECK(Screen::vertices() == vertices);  // no picture got that answer
}

TEST_CASE("of too many classes for a table the confused pairs are listed") {
    Screen screen;
    draw_answers(screen, answers_of(most_classes_drawn));
    CHECK(screen.state().at("regions").contains("answers"));
    const auto [min, max] = screen.region("answers");
    CHECK(max.x - min.x >= 3 * static_cast<float>(most_classes_drawn));
    draw_answers(screen, answers_of(most_classes_drawn + 1));
    CHECK_FALSE(screen.state().at("regions").contains("answers"));
    CHECK(screen.state().at("values").at("answers.pairs") == 1);
}

TEST_CASE("sets that were scored in both ways have the report's sentence and their curves") {
    Screen screen;
    BothPanel panel;
    const auto draw = [&](const RunStory& story) {
        screen.frame([&] { panel.draw({story, 1, screen.selection, screen.layout}); });
    };
    const RunStory story = scored_story(4);
    draw(story);
    nlohmann::json values = screen.state().at("values");
    CHECK(values.at("both.training pictures") == lag_sentence(story.records, 0));
    CHECK(values.at("both.test pictures") == lag_sentence(story.records, 1));
    for (const char* plot : {"plot.both.training pictures.loss", "plot.both.test pictures.accuracy"}) {
        const auto [min, max] = screen.region(plot);
        CHECK(max.y - min.y > 50);
    }
    draw(scored_story(5));
    CHECK(screen.state().at("values").at("both.training pictures") != values.at("both.training pictures"));
    draw(made_up_story(4));
    CHECK_FALSE(screen.state().at("values").contains("both.training pictures"));
}

TEST_CASE("units of a dense first layer are drawn as pictures, as many as the report draws") {
    Screen screen;
    const auto units_drawn = [&](const RunStory& story) {
        screen.frame([&] { draw_filters_panel({story, 1, screen.selection, screen.layout}); });
        return screen.state().at("values").at("filters.units").get<int>();
    };
    CHECK(units_drawn(dense_story(5)) == 5);
    const auto [min, max] = screen.region("filters.unit.4");
    CHECK((max.x - min.x) * 4 == Approx((max.y - min.y) * 6));
    CHECK(units_drawn(dense_story(200)) == 64);
    RunStory blind = dense_story(5);
    blind.network.input = {0, 2, 4, 3};
    CHECK(units_drawn(blind) == 0);
}

TEST_CASE("without a norm dense layers have their biases in the table") {
    Screen screen;
    const RunStory story = dense_story(5);
    screen.frame([&] { draw_table_panel({story, 1, screen.selection, screen.layout}); });
    CHECK(screen.state().at("values").at("table.fc1.rows") == 5);
    CHECK(screen.state().at("values").at("table.fc2.rows") == 2);
}
