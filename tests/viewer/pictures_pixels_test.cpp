// Single pixels of the pictures: marks, lines and values.
#include <cmath>

#include "catch.h"
#include "viewer/pictures_panel.h"
#include "viewer/pictures_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

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
