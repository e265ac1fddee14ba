// What the mouse and the keys do to the shown part of the pictures.
#include <algorithm>
#include <cmath>

#include "catch.h"
#include "viewer/pictures_panel.h"
#include "viewer/pictures_scene.h"

using namespace shadenet;
using namespace shadenet::test;

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
