#include "viewer/pictures_panel.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "viewer/pictures_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

ImVec2 middle_of(const Painted& painted) {
    return {(painted.min.x + painted.max.x) / 2, (painted.min.y + painted.max.y) / 2};
}

bool same_view(const Painted& a, const Painted& b) {
    return a.uv_min.x == b.uv_min.x && a.uv_min.y == b.uv_min.y && a.uv_max.x == b.uv_max.x &&
           a.uv_max.y == b.uv_max.y && a.max.x - a.min.x == b.max.x - b.min.x &&
           a.max.y - a.min.y == b.max.y - b.min.y;
}

bool in_screen(const Painted& painted, ImVec2 screen) {
    const bool finite = std::isfinite(painted.min.x + painted.min.y + painted.max.x + painted.max.y);
    const bool uv = painted.uv_min.x >= 0 && painted.uv_min.y >= 0 && painted.uv_max.x <= 1 &&
                    painted.uv_max.y <= 1 && painted.uv_min.x <= painted.uv_max.x &&
                    painted.uv_min.y <= painted.uv_max.y;
    return finite && uv && painted.min.x < painted.max.x && painted.min.y < painted.max.y &&
           painted.min.x >= 0 && painted.min.y >= 0 && painted.max.x <= screen.x && painted.max.y <= screen.y;
}

/// Corners drawn in this colour near a place.
int corners_near(ImVec2 place, float reach, ImU32 colour) {
    int found = 0;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int i = 0; i < data.CmdListsCount; ++i) {
        for (const ImDrawVert& corner : data.CmdLists[i]->VtxBuffer) {
            found += corner.col == colour && std::abs(corner.pos.x - place.x) <= reach &&
                     std::abs(corner.pos.y - place.y) <= reach;
        }
    }
    return found;
}

const ImU32 kCrosshair = IM_COL32(255, 255, 255, 220), kGrid = IM_COL32(128, 128, 128, 70);

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

TEST_CASE("the wheel zooms about the cursor, in all panes alike") {
    PicturesScene scene;
    scene.frame();
    const Painted output = scene.large()[1];
    scene.gui.mouse_at({output.min.x + 60.3f, output.min.y + 40.2f});
    scene.frame();
    REQUIRE(scene.wishes.cursor);
    const PixelPosition before = *scene.wishes.cursor;
    for (int i = 0; i < 8; ++i) scene.turn_wheel(1);
    CHECK(scene.value("zoom") > 3);
    REQUIRE(scene.wishes.cursor);
    CHECK(std::abs(static_cast<int>(scene.wishes.cursor->x) - static_cast<int>(before.x)) <= 1);
    CHECK(std::abs(static_cast<int>(scene.wishes.cursor->y) - static_cast<int>(before.y)) <= 1);
    const auto drawn = scene.large();
    REQUIRE(drawn.size() == 3);
    CHECK(same_view(drawn[0], drawn[1]));
    CHECK(same_view(drawn[0], drawn[2]));
    CHECK(drawn[0].uv_max.x - drawn[0].uv_min.x < 0.5f);
    CHECK(scene.value("visible.left") == Approx(600 * drawn[0].uv_min.x));
    CHECK(scene.value("visible.bottom") == Approx(400 * drawn[0].uv_max.y));
}

TEST_CASE("dragging moves all panes, with the left button or the middle one, and a double click fits") {
    for (const int button : {0, 2}) {
        PicturesScene scene;
        scene.frame();
        const ImVec2 from = middle_of(scene.large()[2]);
        scene.type('1');
        const double left = scene.value("visible.left"), top = scene.value("visible.top");
        scene.drag(from, {from.x - 20, from.y + 10}, button);
        CHECK(scene.value("visible.left") == Approx(left + 20));
        CHECK(scene.value("visible.top") == Approx(std::max(top - 10, 0.0)));
        CHECK(same_view(scene.large()[0], scene.large()[2]));
        scene.click(from);
        scene.click(from);
        CHECK(scene.value("visible.left") == 0);
        CHECK(scene.value("visible.right") == Approx(600));
    }
}

TEST_CASE("what the mouse moved before its button went down moves nothing") {
    PicturesScene scene;
    scene.frame();
    const ImVec2 from = middle_of(scene.large()[0]);
    scene.type('1');
    const double left = scene.value("visible.left");
    scene.gui.mouse_at(from);
    scene.frame();
    scene.gui.mouse_at({from.x - 50, from.y});
    scene.gui.mouse_button(0, true);
    scene.frame();
    scene.gui.mouse_button(0, false);
    scene.frame();
    CHECK(scene.value("visible.left") == left);
}

TEST_CASE("keys zoom and move") {
    PicturesScene scene;
    scene.type('1');
    CHECK(scene.value("zoom") == 1);
    scene.type('+');
    CHECK(scene.value("zoom") == Approx(1.5));
    scene.type('-');
    CHECK(scene.value("zoom") == Approx(1));
    const double left = scene.value("visible.left");
    scene.press_key(GUI_KEY(RightArrow, RIGHT));
    CHECK(scene.value("visible.left") > left);
    scene.press_key(GUI_KEY(LeftArrow, LEFT));
    CHECK(scene.value("visible.left") == Approx(left).margin(1));
    scene.type('0');
    CHECK(scene.value("visible.right") == Approx(600));
}

TEST_CASE("one to one is one pixel of a dense frame buffer") {
    PicturesScene scene({1200, 800}, 2);
    scene.view.width = scene.view.height = 64;
    scene.type('1');
    const auto drawn = scene.large();
    REQUIRE(drawn.size() == 3);
    CHECK(drawn[0].max.x - drawn[0].min.x == 32);
}

TEST_CASE("the pixel under the cursor is marked in the other panes") {
    PicturesScene scene;
    scene.frame();
    const auto drawn = scene.large();
    const ImVec2 cursor = middle_of(drawn[0]);
    const float beside = drawn[1].min.x - drawn[0].min.x;
    const ImVec2 other = {cursor.x + beside, cursor.y};
    CHECK(corners_near(other, 20, kCrosshair) == 0);
    scene.gui.mouse_at(cursor);
    scene.frame();
    CHECK(corners_near(other, 20, kCrosshair) == 16);
    CHECK(corners_near(cursor, 20, kCrosshair) == 0);
}

TEST_CASE("pixels have lines between them from a zoom of 8 on") {
    PicturesScene scene;
    scene.view.width = scene.view.height = 2000;
    scene.press('O');
    const ImVec2 middle = middle_of(scene.large()[0]);
    scene.type('1');
    scene.type('1');
    for (const char key : {'+', '+', '+', '+', '+'}) scene.type(key);
    CHECK(scene.value("zoom") == Approx(7.59375));
    CHECK(corners_near(middle, 2000, kGrid) == 0);
    scene.type('+');
    CHECK(corners_near(middle, 2000, kGrid) > 100);
}

TEST_CASE("the values under the cursor are reported, with their difference") {
    PicturesScene scene;
    scene.view.values.input = {0.5f, 0.25f, 1.0f};
    scene.view.values.output = {0.75f, 0.5f, 0.0f};
    scene.frame();
    CHECK_FALSE(scene.wishes.cursor);
    CHECK_FALSE(scene.state["values"].contains("pixel.input.red"));
    const Painted input = scene.large()[0];
    const float unit = (input.max.x - input.min.x) / 600;
    const ImVec2 cursor = {input.min.x + 80, input.min.y + 30};
    scene.gui.mouse_at(cursor);
    scene.frame();
    CHECK(scene.wishes.cursor == PixelPosition{static_cast<std::uint32_t>((cursor.x - input.min.x) / unit),
                                               static_cast<std::uint32_t>((cursor.y - input.min.y) / unit)});
    CHECK(scene.value("pixel.input.red") == 0.5);
    CHECK(scene.value("pixel.output.green") == 0.5);
    CHECK_FALSE(scene.state["values"].contains("pixel.difference.red"));  // the target's is not there yet
    scene.view.values.target = {1.0f, 0.5f, std::nanf("")};
    scene.frame();
    CHECK(scene.value("pixel.difference.red") == -0.25);
    CHECK(scene.value("pixel.difference.green") == 0);
}

TEST_CASE("keys do nothing while a text field is active") {
    PicturesScene scene;
    scene.frame();
    char text[16] = "";
    ImVec2 field{0, 0};
    const auto with_field = [&] {
        scene.layout.clear();
        scene.gui.frame([&] {
            ImGui::InputText("name", text, sizeof text);
            field = ImGui::GetItemRectMin();
            scene.wishes = scene.panel.draw(scene.view, scene.painter, scene.layout);
        });
    };
    with_field();
    scene.gui.mouse_at({field.x + 5, field.y + 5});
    for (const bool down : {false, true, false}) {
        scene.gui.mouse_button(0, down);
        with_field();
    }
    with_field();  // some versions of Dear ImGui say so a frame later
    REQUIRE(ImGui::GetIO().WantTextInput);
    scene.gui.letter('W', true);
    with_field();
    scene.gui.letter('W', false);
    scene.frame();
    CHECK(scene.text("view") == "side by side");
}

TEST_CASE("the panel has the focus first, and does not take it again") {
    PicturesScene scene;
    char text[16] = "";
    bool field_first = false, panel_first = false, field_kept = false;
    const auto with_field = [&](bool take) {
        scene.gui.frame([&] {
            if (take) ImGui::SetKeyboardFocusHere();
            ImGui::InputText("name", text, sizeof text);
            field_first = field_first || ImGui::IsItemActive();
            field_kept = ImGui::IsItemActive();
            scene.panel.draw(scene.view, scene.painter, scene.layout);
            panel_first = !ImGui::IsWindowFocused() && ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows);
        });
    };
    with_field(false);
    CHECK(panel_first);
    CHECK_FALSE(field_first);
    with_field(true);
    for (int i = 0; i < 3; ++i) with_field(false);
    CHECK(field_kept);
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
