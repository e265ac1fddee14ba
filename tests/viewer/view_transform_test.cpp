#include "viewer/view_transform.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.h"

using namespace shadenet;

namespace {

const ImVec2 kPane = {400, 300};

ViewTransform transform(std::uint32_t width, std::uint32_t height, float scale = 1) {
    ViewTransform made;
    made.set_frame(kPane, width, height, scale);
    return made;
}

float width_of(const ScreenRectangle& part) {
    return part.max.x - part.min.x;
}
float height_of(const ScreenRectangle& part) {
    return part.max.y - part.min.y;
}

}  // namespace

TEST_CASE("a new picture is fitted: whole, in the middle, as large as can be") {
    const ViewTransform wide = transform(800, 200);
    CHECK(wide.fitted());
    CHECK(wide.zoom() == Approx(0.5));
    CHECK(wide.covered().min.x == 0);
    CHECK(wide.covered().max.x == 400);
    CHECK(wide.covered().min.y == 100);
    CHECK(wide.covered().max.y == 200);
    CHECK(wide.visible().min.x == 0);
    CHECK(wide.visible().max.x == Approx(800));
    CHECK(wide.visible().max.y == Approx(200));
}

TEST_CASE("one to one is a pixel of the frame buffer, whatever the monitor's scale") {
    ViewTransform dense = transform(800, 600, 2);
    dense.one_to_one();
    CHECK(dense.zoom() == 1);
    const ImVec2 a = dense.to_pane({100, 100}), b = dense.to_pane({101, 102});
    CHECK(b.x - a.x == 0.5f);
    CHECK(b.y - a.y == 1.0f);
    CHECK(transform(800, 600, 2).zoom() == 1);  // fitted into 400 x 300 coordinates
}

TEST_CASE("pixels lie on the frame buffer's grid at whole zooms") {
    ViewTransform odd = transform(333, 777, 2);
    odd.one_to_one();
    odd.pan({0.3f, -17.7f});
    for (const double at : {0.0, 5.0, 332.0}) {
        const ImVec2 corner = odd.to_pane({at, at});
        CHECK(corner.x * 2 == std::round(corner.x * 2));
        CHECK(corner.y * 2 == std::round(corner.y * 2));
    }
}

TEST_CASE("zooming keeps what is under the cursor") {
    ViewTransform view = transform(640, 480);
    const ImVec2 cursor = {123, 77};
    const PicturePoint before = view.to_picture(cursor);
    for (int i = 0; i < 12; ++i) {
        view.zoom_about(cursor, 1.25);
        const ImVec2 now = view.to_pane(before);
        CHECK(std::abs(now.x - cursor.x) <= 0.51f);
        CHECK(std::abs(now.y - cursor.y) <= 0.51f);
    }
    CHECK(view.zoom() == Approx(0.625 * std::pow(1.25, 12)));
    for (int i = 0; i < 12; ++i) view.zoom_about(cursor, 0.8);
    CHECK(view.to_picture(cursor).x == Approx(before.x).margin(1));
    CHECK(view.to_picture(cursor).y == Approx(before.y).margin(1));
}

TEST_CASE("zoom goes from a quarter of fit to 64") {
    ViewTransform view = transform(4000, 3000);
    view.zoom_about({200, 150}, 1e9);
    CHECK(view.zoom() == 64);
    view.zoom_about({200, 150}, 1e-9);
    CHECK(view.zoom() == Approx(0.1 / 4));
    // A small picture can be seen at its own size all the same.
    ViewTransform small = transform(10, 10);
    small.one_to_one();
    CHECK(small.zoom() == 1);
    small.zoom_about({0, 0}, 1e-9);
    CHECK(small.zoom() == 1);
}

TEST_CASE("the picture cannot be pushed out of the pane") {
    for (const ImVec2 push : {ImVec2{1e7f, 0}, ImVec2{-1e7f, 1e7f}, ImVec2{3000, -3000}}) {
        ViewTransform large = transform(4000, 4000);
        large.one_to_one();
        large.pan(push);
        CHECK(width_of(large.covered()) >= 99.5f);
        CHECK(height_of(large.covered()) >= 74.5f);

        ViewTransform small = transform(40, 30);
        small.one_to_one();
        small.pan(push);
        CHECK(width_of(small.covered()) == Approx(40));
        CHECK(height_of(small.covered()) == Approx(30));
    }
}

TEST_CASE("moving by points of the pane moves the picture as far") {
    ViewTransform view = transform(4000, 3000, 2);
    view.one_to_one();
    const ImVec2 before = view.to_pane({2000, 1500});
    view.pan({-30, 12});
    const ImVec2 after = view.to_pane({2000, 1500});
    CHECK(after.x - before.x == -30);
    CHECK(after.y - before.y == 12);
    CHECK_FALSE(view.fitted());
    view.fit();
    CHECK(view.to_pane({2000, 1500}).x == 200);
}

TEST_CASE("pixels and points of the pane are each other's inverse") {
    ViewTransform view = transform(8192, 8192, 1.5f);
    view.zoom_about({10, 290}, 700);
    const ImVec2 point = {211, 42};
    const ImVec2 back = view.to_pane(view.to_picture(point));
    CHECK(back.x == Approx(point.x));
    CHECK(back.y == Approx(point.y));
}

TEST_CASE("the pixel at a point, and none beside the picture") {
    const ViewTransform view = transform(4, 3);  // at 64: 256 x 192, from (72, 54) on
    CHECK(view.zoom() == 64);
    CHECK(view.pixel_at({72, 54}) == PixelPosition{0, 0});
    CHECK(view.pixel_at({135.9f, 54}) == PixelPosition{0, 0});
    CHECK(view.pixel_at({136, 118}) == PixelPosition{1, 1});
    CHECK(view.pixel_at({327.9f, 245.9f}) == PixelPosition{3, 2});
    CHECK_FALSE(view.pixel_at({71.9f, 54}).has_value());
    CHECK_FALSE(view.pixel_at({328, 100}).has_value());
    CHECK_FALSE(view.pixel_at({-std::numeric_limits<float>::max(), 0}).has_value());
}

TEST_CASE("a window that changes its size shows the same place, and a fitted picture stays whole") {
    ViewTransform view = transform(4000, 3000);
    view.set_frame({800, 300}, 4000, 3000, 1);
    CHECK(view.zoom() == Approx(0.1));
    view.set_frame({800, 600}, 4000, 3000, 1);
    CHECK(view.zoom() == Approx(0.2));

    view.one_to_one();
    view.pan({500, 100});
    const PicturePoint middle = view.to_picture({400, 300});
    view.set_frame({500, 200}, 4000, 3000, 1);
    CHECK(view.zoom() == 1);
    CHECK(view.to_picture({250, 100}).x == Approx(middle.x).margin(1));
    CHECK(view.to_picture({250, 100}).y == Approx(middle.y).margin(1));
    // Another picture, of half the size: the same part of it.
    view.set_frame({500, 200}, 2000, 1500, 1);
    CHECK(view.to_picture({250, 100}).x == Approx(middle.x / 2).margin(1));
}

TEST_CASE("pictures of one pixel, of one row, and of the largest size are in sight") {
    struct Size {
        std::uint32_t width, height;
    };
    for (const Size size : {Size{1, 1}, Size{8192, 1}, Size{1, 8192}, Size{8192, 8192}, Size{0, 0}}) {
        ViewTransform view = transform(size.width, size.height);
        for (const double factor : {1.0, 1e4, 1e-8, 30.0}) {
            view.zoom_about({200, 150}, factor);
            const ScreenRectangle part = view.covered();
            INFO(size.width << " x " << size.height << " at " << view.zoom());
            CHECK(width_of(part) > 0);
            CHECK(height_of(part) > 0);
            CHECK(part.min.x >= 0);
            CHECK(part.max.y <= 300);
            CHECK(view.visible().min.x >= 0);
            CHECK(view.visible().max.x <= std::max(size.width, 1u));
        }
    }
}

TEST_CASE("a pane of no size does no harm") {
    ViewTransform view;
    for (const ImVec2 pane : {ImVec2{0, 0}, ImVec2{-5, 3}, ImVec2{std::nanf(""), 20}}) {
        view.set_frame(pane, 100, 100, 0);
        view.zoom_about({0, 0}, 2);
        view.pan({1, 1});
        CHECK(std::isfinite(view.zoom()));
        CHECK(view.zoom() > 0);
        CHECK(std::isfinite(view.to_pane({50, 50}).x));
    }
}
