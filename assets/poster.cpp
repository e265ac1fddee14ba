// A printed page: rows of glyph-like strokes in several sizes beside flat, saturated shapes.
#include <array>

#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

constexpr Colour paper{0.955, 0.930, 0.870}, ink{0.10, 0.10, 0.13}, red{0.87, 0.16, 0.13},
    blue{0.07, 0.28, 0.62}, yellow{0.97, 0.77, 0.10}, green{0.05, 0.52, 0.42};

void paint_box(Canvas& canvas, Box box, Colour colour) {
    canvas.paint(box, [&](double, double, Colour) { return colour; });
}

template <typename F>
void paint_disc(Canvas& canvas, Point at, double radius, F colour) {
    canvas.paint({at.x - radius, at.y - radius, at.x + radius, at.y + radius},
                 [&](double x, double y, Colour there) {
                     const double dx = x - at.x, dy = y - at.y;
                     return dx * dx + dy * dy < radius * radius ? colour(x, y, there) : there;
                 });
}

// An invented letter: two to four strokes between the nine points of a 3 x 3 grid, always with a stem.
void paint_glyph(Canvas& canvas, Point at, double height, double weight, Colour colour, Dice& dice) {
    const double width = height * 0.62;
    const auto grid = [&](double pick) {
        const int cell = std::min(8, static_cast<int>(pick * 9));
        return Point{at.x + width * (cell % 3) / 2.0, at.y + height * (cell / 3) / 2.0};
    };
    const auto stroke = [&](Point a, Point b) {
        paint_stroke(canvas, a, b, weight, weight, [&](double) { return colour; });
    };
    const double stem = at.x + (dice.roll() < 0.65 ? 0 : width / 2);
    stroke({stem, at.y}, {stem, at.y + height});
    const int strokes = 1 + static_cast<int>(dice.roll(0, 2.99));
    for (int i = 0; i < strokes; ++i) {
        const Point to = grid(dice.roll()), from = grid(dice.roll());
        stroke(from, to);
    }
}

void paint_line(Canvas& canvas, Point at, double right, double height, double weight, Colour colour,
                Dice& dice) {
    double x = at.x;
    while (x < right) {
        const int letters = 2 + static_cast<int>(dice.roll(0, 7));
        for (int i = 0; i < letters && x + height * 0.62 < right; ++i) {
            paint_glyph(canvas, {x, at.y}, height, weight, colour, dice);
            x += height * 0.95;
        }
        x += height * 0.62;
    }
}

void paint_column(Canvas& canvas, Box box, double height, Colour colour, Dice& dice) {
    const double pitch = height * 1.85;
    int line = 0;
    for (double y = box.top; y + height < box.bottom; y += pitch, ++line) {
        const bool last = line % 6 == 5;
        const double right = last ? mix(box.left, box.right, dice.roll(0.35, 0.8)) : box.right;
        paint_line(canvas, {box.left, y}, right, height, height * 0.085, colour, dice);
    }
}

void paint_headline(Canvas& canvas, Dice& dice) {
    const std::array<Colour, 6> colours = {ink, red, ink, blue, ink, green};
    double x = 0.075;
    for (const Colour& colour : colours) {
        paint_glyph(canvas, {x, 0.085}, 0.125, 0.0135, colour, dice);
        x += 0.119;
    }
    paint_line(canvas, {0.068, 0.262}, 0.80, 0.026, 0.0028, ink, dice);
    paint_box(canvas, {0.06, 0.312, 0.94, 0.317}, ink);
}

void paint_picture(Canvas& canvas) {
    constexpr Box frame{0.06, 0.345, 0.56, 0.735};
    paint_box(canvas, frame, yellow);
    paint_disc(canvas, {0.31, 0.545}, 0.165, [](double, double, Colour) { return red; });
    paint_disc(canvas, {0.31, 0.545}, 0.105, [](double, double, Colour) { return paper; });
    paint_disc(canvas, {0.31, 0.545}, 0.060, [](double x, double y, Colour) {
        const double stripe = (x + y) * 42;
        return stripe - std::floor(stripe) < 0.5 ? blue : paper;
    });
    canvas.paint({frame.left, 0.57, frame.right, frame.bottom}, [](double x, double y, Colour there) {
        const double slope = 0.735 - 0.62 * (x - 0.06);
        return y > slope && y > 0.60 + 0.10 * wave(x * 2.2) ? blue : there;
    });
    canvas.paint({0.38, 0.345, frame.right, 0.53}, [](double x, double y, Colour there) {
        return (x - 0.38) > (y - 0.345) * 0.98 ? green : there;
    });
    for (int i = 0; i < 5; ++i) {
        const double left = 0.085 + 0.028 * i;
        paint_box(canvas, {left, 0.37, left + 0.006 + 0.003 * i, 0.49}, ink);
    }
}

// Dots that grow from left to right, as a newspaper prints a gradient.
void paint_halftone(Canvas& canvas, Box box, Colour colour) {
    canvas.paint(box, [&](double x, double y, Colour there) {
        const double u = (x + y) * 62, v = (x - y) * 62;
        const double du = u - std::floor(u) - 0.5, dv = v - std::floor(v) - 0.5;
        const double radius = mix(0.08, 0.66, (x - box.left) / (box.right - box.left));
        return du * du + dv * dv < radius * radius ? colour : there;
    });
}

void paint_swatches(Canvas& canvas) {
    const std::array<Colour, 6> colours = {
        {red, yellow, green, blue, {0.52, 0.18, 0.52}, {0.93, 0.46, 0.60}}};
    double left = 0.60;
    for (const Colour& colour : colours) {
        paint_box(canvas, {left, 0.905, left + 0.048, 0.945}, colour);
        left += 0.0584;
    }
}

// Paper is never quite even, and the page bends away from the light.
void paint_paper_grain(Canvas& canvas) {
    canvas.paint({}, [](double x, double y, Colour there) {
        const double fibre = fractal(x * 90, y * 90, 2, 611) - 0.5;
        const double light = 1.02 - 0.10 * x * x - 0.06 * y;
        return there * (light + 0.012 * fibre);
    });
}

}  // namespace

Image draw_poster() {
    Canvas canvas;
    Dice dice(641);
    canvas.fill([](double, double) { return paper; });
    paint_headline(canvas, dice);
    paint_picture(canvas);
    paint_column(canvas, {0.60, 0.350, 0.94, 0.735}, 0.0125, ink, dice);
    paint_column(canvas, {0.06, 0.772, 0.32, 0.945}, 0.0090, ink, dice);
    paint_column(canvas, {0.345, 0.772, 0.56, 0.945}, 0.0090, blue, dice);
    paint_halftone(canvas, {0.60, 0.772, 0.94, 0.885}, red);
    paint_swatches(canvas);
    paint_paper_grain(canvas);
    return canvas.finish();
}

}  // namespace shadenet
