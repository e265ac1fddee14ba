// The ways to compare pictures.
#include "viewer/pictures_panel.h"

#include <cmath>

#include "catch.h"
#include "viewer/pictures_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

bool in_screen(const Painted& painted, ImVec2 screen) {
    const bool finite = std::isfinite(painted.min.x + painted.min.y + painted.max.x + painted.max.y);
    const bool uv = painted.uv_min.x >= 0 && painted.uv_min.y >= 0 && painted.uv_max.x <= 1 &&
                    painted.uv_max.y <= 1 && painted.uv_min.x <= painted.uv_max.x &&
                    painted.uv_min.y <= painted.uv_max.y;
    return finite && uv && painted.min.x < painted.max.x && painted.min.y < painted.max.y &&
           painted.min.x >= 0 && painted.min.y >= 0 && painted.max.x <= screen.x && painted.max.y <= screen.y;
}

}  // namespace

TEST_CASE("side by side: input, output and target, of one size and the same part") {
    PicturesScene scene;
    scene.frame();
    const auto drawn = scene.large();
    REQUIRE(drawn.size() == 3);
    CHECK(drawn[0].picture.kind == PictureKind::input);
    CHECK(drawn[1].picture.kind == PictureKind::output);
    CHECK(drawn[2].picture.kind == PictureKind::target);
    CHECK(drawn[0].uv_min.x == 0);
    CHECK(drawn[0].uv_max.y == Approx(1));
    CHECK(drawn[0].max.x <= drawn[1].min.x);
    CHECK(drawn[1].max.x <= drawn[2].min.x);
    CHECK(same_view(drawn[0], drawn[1]));
    CHECK(same_view(drawn[0], drawn[2]));
    CHECK((drawn[0].max.x - drawn[0].min.x) / (drawn[0].max.y - drawn[0].min.y) == Approx(1.5).epsilon(0.01));
    CHECK(scene.text("view") == "side by side");
    CHECK(scene.has_region("target"));
}

TEST_CASE("without a target there are two panes, and the difference is from the input") {
    PicturesScene scene;
    scene.view.pictures[0].has_target = false;
    scene.frame();
    CHECK(scene.large().size() == 2);
    CHECK_FALSE(scene.has_region("target"));
    scene.press('D');
    REQUIRE(scene.large().size() == 1);
    CHECK(scene.large()[0].minus == PictureId{PictureKind::input});
}

TEST_CASE("panes stand below each other where that shows more") {
    PicturesScene scene({500, 900});
    scene.frame();
    const auto drawn = scene.large();
    REQUIRE(drawn.size() == 3);
    CHECK(drawn[0].min.x == drawn[1].min.x);
    CHECK(drawn[0].max.y <= drawn[1].min.y);
}

TEST_CASE("the wipe: the input left of the line, the output right of it") {
    PicturesScene scene;
    scene.press('W');
    CHECK(scene.text("view") == "wipe");
    const auto drawn = scene.large();
    REQUIRE(drawn.size() == 2);
    CHECK(drawn[0].picture.kind == PictureKind::input);
    CHECK(drawn[1].picture.kind == PictureKind::output);
    CHECK(drawn[0].max.x == drawn[1].min.x);
    CHECK(drawn[0].uv_min.x == 0);
    CHECK(drawn[0].uv_max.x == Approx(0.5).margin(0.002));
    CHECK(drawn[0].uv_max.x == drawn[1].uv_min.x);
    CHECK(drawn[1].uv_max.x == Approx(1));
    CHECK(drawn[0].uv_min.y == 0);
    CHECK(drawn[1].uv_max.y == Approx(1));
    scene.press('T');
    REQUIRE(scene.large().size() == 2);
    CHECK(scene.large()[0].picture.kind == PictureKind::output);
    CHECK(scene.large()[1].picture.kind == PictureKind::target);
    scene.view.pictures[0].has_target = false;
    scene.frame();
    REQUIRE(scene.large().size() == 2);
    CHECK(scene.large()[1].picture.kind == PictureKind::output);
}

TEST_CASE("the wipe's line follows the mouse and its keys, as far as the picture goes") {
    PicturesScene scene;
    scene.press('W');
    const ImVec2 line = scene.middle("wipe");
    scene.drag({line.x + 2, line.y}, {line.x + 100, line.y + 40});
    CHECK(scene.middle("wipe").x == Approx(line.x + 100).margin(1));
    CHECK(scene.value("visible.left") == 0);  // the picture itself stayed
    const double dragged = scene.value("wipe");
    scene.type(']');
    CHECK(scene.value("wipe") == Approx(dragged + 0.05));
    for (int i = 0; i < 30; ++i) scene.type('[');
    CHECK(scene.value("wipe") == 0);
    REQUIRE(scene.large().size() == 1);
    CHECK(scene.large()[0].picture.kind == PictureKind::output);
    for (int i = 0; i < 30; ++i) scene.type(']');
    CHECK(scene.value("wipe") == 1);
    REQUIRE(scene.large().size() == 1);
    CHECK(scene.large()[0].picture.kind == PictureKind::input);
}

TEST_CASE("single: T goes through the pictures, and I shows the input while it is down") {
    PicturesScene scene;
    const auto shown = [&] {
        REQUIRE(scene.large().size() == 1);
        return scene.large()[0].picture.kind;
    };
    scene.press('O');
    CHECK(shown() == PictureKind::output);
    scene.press('T');
    CHECK(shown() == PictureKind::target);
    scene.gui.letter('I', true);
    scene.frame();
    scene.frame();
    CHECK(shown() == PictureKind::input);
    scene.gui.letter('I', false);
    scene.frame();
    CHECK(shown() == PictureKind::target);
    scene.view.pictures[0].has_target = false;
    scene.frame();
    CHECK(shown() == PictureKind::output);
}

TEST_CASE("the difference is the output's from the target, and G doubles its gain up to 64") {
    PicturesScene scene;
    scene.press('D');
    REQUIRE(scene.large().size() == 1);
    CHECK(scene.large()[0].picture == PictureId{PictureKind::output});
    CHECK(scene.large()[0].minus == PictureId{PictureKind::target});
    CHECK(scene.large()[0].gain == 8);
    CHECK(scene.has_region("difference"));
    CHECK(scene.has_region("slider.gain"));
    for (const float gain : {16.0f, 32.0f, 64.0f, 1.0f, 2.0f}) {
        scene.press('G');
        CHECK(scene.large()[0].gain == gain);
    }
}

TEST_CASE("the buttons do what the keys do") {
    PicturesScene scene;
    scene.frame();
    const auto mode_after = [&](const std::string& button) {
        scene.click(scene.middle("button." + button));
        return scene.text("view");
    };
    CHECK(mode_after("wipe") == "wipe");
    CHECK(mode_after("single") == "single");
    CHECK(mode_after("difference") == "difference");
    CHECK(mode_after("side_by_side") == "side by side");
    scene.click(scene.middle("button.one_to_one"));
    CHECK(scene.value("zoom") == 1);
    scene.click(scene.middle("button.fit"));
    CHECK(scene.value("zoom") < 1);
}

TEST_CASE("any size of picture and window is drawn inside of the window") {
    struct Size {
        std::uint32_t width, height;
    };
    for (const Size size : {Size{1, 1}, Size{8192, 1}, Size{1, 8192}, Size{8192, 8192}, Size{7, 5}}) {
        for (const ImVec2 screen : {ImVec2{1200, 800}, ImVec2{130, 600}, ImVec2{900, 90}, ImVec2{20, 20}}) {
            PicturesScene scene(screen);
            scene.view.width = size.width;
            scene.view.height = size.height;
            for (const char mode : {'S', 'W', 'O', 'D'}) {
                scene.press(mode);
                for (const float wheel : {0.0f, 40.0f, -3.0f, -80.0f}) {
                    scene.gui.mouse_at({screen.x / 2, screen.y / 2});
                    scene.turn_wheel(wheel);
                    INFO(size.width << " x " << size.height << " in " << screen.x << ", mode " << mode);
                    for (const Painted& painted : scene.large()) CHECK(in_screen(painted, screen));
                    if (screen.x > 500 && screen.y > 500) CHECK_FALSE(scene.large().empty());
                }
            }
        }
    }
}

TEST_CASE("no pictures, and one that is not there yet, are drawn as nothing") {
    PicturesScene scene;
    scene.view.width = scene.view.height = 0;
    scene.frame();
    CHECK(scene.large().empty());
    scene.view.current = 17;
    scene.frame();
    scene.press('N');
    CHECK(scene.view.current == 17);
    scene.view.pictures.clear();
    scene.frame();
    CHECK(scene.painter.painted.empty());
}
