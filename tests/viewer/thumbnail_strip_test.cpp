#include "viewer/thumbnail_strip.h"

#include <algorithm>

#include <fmt/format.h>

#include "catch.h"
#include "viewer/pictures_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

PicturesView listed(const std::vector<PictureGroup>& groups) {
    PicturesView view;
    for (const PictureGroup group : groups) {
        view.pictures.push_back({fmt::format("{:03}.png", view.pictures.size()), group, true, 1});
    }
    view.width = view.height = 100;
    return view;
}

/// `count` pictures, every fifth for validation.
PicturesView many(std::size_t count) {
    std::vector<PictureGroup> groups;
    for (std::size_t i = 0; i < count; ++i) {
        groups.push_back(i % 5 == 4 ? PictureGroup::validation : PictureGroup::training);
    }
    return listed(groups);
}

bool asked_for(const PicturesScene& scene, std::size_t index) {
    const auto& asked = scene.wishes.thumbnails;
    return std::find(asked.begin(), asked.end(), index) != asked.end();
}

}  // namespace

TEST_CASE("pictures are shown by group, in the order of their list") {
    using enum PictureGroup;
    const PicturesView view = listed({test, training, dropped, training, validation});
    CHECK(picture_order(view) == std::vector<std::size_t>{1, 3, 4, 0, 2});
    CHECK(picture_order({}).empty());
}

TEST_CASE("next and previous go through the groups and stop at the ends") {
    using enum PictureGroup;
    PicturesScene scene;
    scene.view = listed({test, training, validation});
    scene.view.current = 1;
    scene.press('P');
    CHECK(scene.view.current == 1);
    scene.press('N');
    CHECK(scene.view.current == 2);
    scene.press_key(GUI_KEY(PageDown, PAGE_DOWN));
    CHECK(scene.view.current == 0);
    scene.press('N');
    CHECK(scene.view.current == 0);
    scene.press_key(GUI_KEY(PageUp, PAGE_UP));
    CHECK(scene.view.current == 2);
    CHECK(scene.value("picture") == 2);
}

TEST_CASE("only thumbnails in sight are drawn and asked for") {
    PicturesScene scene;
    scene.view = many(500);
    scene.frame();
    CHECK(scene.wishes.thumbnails.size() > 5);
    CHECK(scene.wishes.thumbnails.size() < 20);
    CHECK(asked_for(scene, 0));
    std::size_t drawn = 0;
    for (const Painted& painted : scene.painter.painted) {
        drawn += painted.picture.kind == PictureKind::thumbnail;
    }
    CHECK(drawn == scene.wishes.thumbnails.size());
    CHECK(scene.has_region("thumbnail.0"));
    CHECK_FALSE(scene.has_region("thumbnail.499"));
    const auto right = [&](const std::string& region) {
        return scene.state["regions"][region][2].get<float>();
    };
    for (const std::size_t index : scene.wishes.thumbnails) {
        const std::string name = fmt::format("thumbnail.{}", index);
        if (scene.has_region(name)) CHECK(right(name) <= right("thumbnails"));
    }
}

TEST_CASE("the strip scrolls to the current picture, and by the wheel") {
    PicturesScene scene;
    scene.view = many(500);
    scene.frame();
    scene.view.current = 499;
    scene.frame();
    scene.frame();
    CHECK(asked_for(scene, 499));
    CHECK_FALSE(asked_for(scene, 0));
    scene.view.current = 250;
    scene.frame();
    scene.frame();
    CHECK(asked_for(scene, 250));
    CHECK(scene.wishes.thumbnails.size() < 20);

    scene.gui.mouse_at(scene.middle("thumbnail.250"));
    scene.frame();
    scene.turn_wheel(-100);
    scene.frame();
    CHECK_FALSE(asked_for(scene, 250));
    scene.turn_wheel(1000);
    scene.frame();
    CHECK(asked_for(scene, 0));
}

TEST_CASE("a click chooses a picture") {
    PicturesScene scene;
    scene.view = many(20);
    scene.frame();
    scene.click(scene.middle("thumbnail.3"));
    CHECK(scene.view.current == 3);
    scene.frame();
    CHECK_FALSE(scene.wishes.chosen);
}

TEST_CASE("thumbnails keep their shape inside of their cell") {
    PicturesScene scene;
    scene.view = many(4);
    const float shapes[] = {2.0f, 0.5f, 0.0f, 1e9f};
    for (std::size_t i = 0; i < 4; ++i) scene.view.pictures[i].aspect = shapes[i];
    scene.frame();
    std::size_t seen = 0;
    for (const Painted& painted : scene.painter.painted) {
        if (painted.picture.kind != PictureKind::thumbnail) continue;
        const float width = painted.max.x - painted.min.x, height = painted.max.y - painted.min.y;
        const float expected[] = {2.0f, 0.5f, 1.0f, 100.0f};
        CHECK(width / height == Approx(expected[painted.picture.index]).epsilon(0.01));
        ++seen;
    }
    CHECK(seen == 4);
}

TEST_CASE("names of any bytes are shown") {
    PicturesScene scene;
    scene.view = many(5);
    scene.view.pictures[0].name = "100%s %n.png";
    scene.view.pictures[1].name = "\xff\xfe\x80";
    scene.view.pictures[2].name = std::string(5000, 'w');
    scene.view.pictures[3].name = "";
    scene.view.pictures[4].name = "a\nb##c";
    scene.frame();
    for (std::size_t i = 0; i < 5; ++i) {
        scene.gui.mouse_at(scene.middle(fmt::format("thumbnail.{}", i)));
        scene.frame();
        scene.frame();
        CHECK(scene.wishes.thumbnails.size() == 5);
    }
}
