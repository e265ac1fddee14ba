#include "viewer/mistakes_panel.h"

#include "catch.h"
#include "viewer/pictures_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Of three classes, with `mistakes` of a hundred pictures.
TestResults test_with(std::uint32_t mistakes) {
    TestResults test{.step = 1, .best = false, .classes = {"a", "b\n", "c"}, .loss = 1};
    test.counts = {100 - mistakes, mistakes, 0, 0, 0, 0, 0, 0, 0};
    for (std::uint32_t i = 0; i < mistakes; ++i) test.worst.push_back({i, "picture", 0, 1, 0.75, 0.125});
    return test;
}

PicturesView view_of(std::size_t pictures, float aspect = 1) {
    PicturesView view;
    view.pictures.assign(pictures, {"picture", PictureGroup::test, false, aspect});
    return view;
}

struct MistakesScene {
    void frame(const TestResults& test, const PicturesView& view) {
        painter.painted.clear();
        layout.clear();
        gui.frame([&] { wishes = draw_mistakes_panel(test, view, painter, layout); });
        state = nlohmann::json::parse(layout.json({1, 1}));
    }
    GuiSession gui{{800, 600}, 1};
    RecordingPainter painter;
    Layout layout;
    PicturesWishes wishes;
    nlohmann::json state;
};

}  // namespace

TEST_CASE("the worst mistakes that have a picture are a grid, and their pictures are wished for") {
    MistakesScene scene;
    const TestResults test = test_with(5);
    scene.frame(test, view_of(3, 2));
    scene.frame(test, view_of(3, 2));  // the first finds the panel's size
    CHECK(scene.wishes.thumbnails == std::vector<std::size_t>{0, 1, 2});
    REQUIRE(scene.painter.painted.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const Painted& one = scene.painter.painted[i];
        CHECK(one.picture == PictureId{PictureKind::thumbnail, i});
        CHECK(one.max.x - one.min.x == Approx(2 * (one.max.y - one.min.y)));
    }
    CHECK(scene.painter.painted[0].max.x < scene.painter.painted[1].min.x);
    CHECK(scene.state.at("values").at("mistakes") == 3);
}

TEST_CASE("of many mistakes only those are wished for that can be seen") {
    MistakesScene scene;
    const TestResults test = test_with(90);
    scene.frame(test, view_of(90));
    scene.frame(test, view_of(90));
    CHECK(scene.wishes.thumbnails.size() > 10);
    CHECK(scene.wishes.thumbnails.size() < 90);
    CHECK(scene.wishes.thumbnails.size() == scene.painter.painted.size());
}

TEST_CASE("where there is no grid of mistakes a line says why") {
    const TestResults all_right = test_with(0), without_pictures = test_with(2);
    CHECK_THAT(no_mistakes_text(nullptr), ContainsSubstring("when the run has ended"));
    CHECK_THAT(no_mistakes_text(&all_right), ContainsSubstring("Every test picture got the right answer"));
    CHECK_THAT(no_mistakes_text(&without_pictures), ContainsSubstring("has no pictures"));
}
