// Grass in morning light: thousands of thin blades, sharp in front of a blurred background.
#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

Colour background(double x, double y) {
    const Colour sky = mix(Colour{0.62, 0.80, 0.86}, Colour{0.96, 0.95, 0.78}, smooth_step(0, 0.42, y));
    const double trees = 0.27 + 0.10 * (fractal(x * 3.5, 1.5, 3, 401) - 0.5);
    const Colour wood =
        mix(Colour{0.33, 0.50, 0.28}, Colour{0.58, 0.70, 0.36}, fractal(x * 5, y * 5, 3, 409));
    const Colour field = mix(Colour{0.66, 0.76, 0.36}, Colour{0.26, 0.42, 0.12}, smooth_step(0.36, 0.9, y));
    Colour colour = mix(sky, wood, smooth_step(trees - 0.06, trees + 0.06, y));
    colour = mix(colour, field, smooth_step(0.34, 0.44, y));
    return colour + Colour{0.22, 0.17, 0.05} *
                        bell(std::sqrt((x - 0.85) * (x - 0.85) + (y - 0.05) * (y - 0.05)) / 0.30);
}

void paint_light_spots(Canvas& canvas, Dice& dice) {
    for (int i = 0; i < 46; ++i) {
        const Point at{dice.roll(), dice.roll(0.05, 0.52)};
        const double radius = dice.roll(0.012, 0.040), strength = dice.roll(0.08, 0.34);
        const Colour tint = mix(Colour{1.0, 0.97, 0.72}, Colour{0.86, 0.98, 0.60}, dice.roll());
        canvas.paint({at.x - radius, at.y - radius, at.x + radius, at.y + radius}, [&](double x, double y,
                                                                                       Colour there) {
            const double d = std::sqrt((x - at.x) * (x - at.x) + (y - at.y) * (y - at.y)) / radius;
            return mix(there, tint, strength * smooth_step(1.0, 0.9, d) * mix(0.75, 1.0, d * d));
        });
    }
}

// A blade from its foot to a tip that the wind has moved, as a chain of strokes.
void paint_blade(Canvas& canvas, Point foot, double height, double lean, double width, Colour low,
                 Colour high) {
    constexpr int parts = 9;
    Point from = foot;
    for (int i = 1; i <= parts; ++i) {
        const double t = static_cast<double>(i) / parts, before = static_cast<double>(i - 1) / parts;
        const Point to{foot.x + lean * t * t,
                       foot.y - height * (t - 0.18 * t * t * std::fabs(lean) / height)};
        paint_stroke(canvas, from, to, width * (1 - before * before), width * (1 - t * t) + 0.0003,
                     [&](double s) { return mix(low, high, mix(before, t, s)); });
        from = to;
    }
}

void paint_grass(Canvas& canvas, Dice& dice) {
    constexpr int rows = 60, blades = 50;
    for (int row = 0; row < rows; ++row) {
        const double near = static_cast<double>(row) / (rows - 1);
        for (int i = 0; i < blades; ++i) {
            const Point foot{dice.roll(-0.05, 1.05), 0.50 + 0.62 * near * near + dice.roll(0, 0.02)};
            const double height = mix(0.05, 0.34, near) * dice.roll(0.55, 1.15);
            const double wind = 0.9 * (fractal(foot.x * 3, near * 2, 3, 431) - 0.42);
            const double lean = height * (wind + dice.roll(-0.35, 0.35));
            const double patch = fractal(foot.x * 4 + 3, near * 5, 3, 443);
            const double sunlit = clamp01(0.2 + 0.9 * patch + dice.roll(-0.25, 0.25));
            const Colour low =
                mix(Colour{0.10, 0.20, 0.04}, Colour{0.22, 0.36, 0.08}, sunlit) * mix(1.5, 0.75, near);
            Colour high = mix(Colour{0.24, 0.46, 0.10}, Colour{0.76, 0.86, 0.30}, sunlit);
            if (dice.roll() < 0.06) high = {0.86, 0.76, 0.42};
            paint_blade(canvas, foot, height, lean, mix(0.0014, 0.0050, near) * dice.roll(0.6, 1.1), low,
                        high);
        }
    }
}

void paint_daisy(Canvas& canvas, Point at, double size, Colour petal, Dice& dice) {
    const int petals = 9 + static_cast<int>(dice.roll(0, 5));
    const double start = dice.roll(), squash = dice.roll(0.55, 0.9);
    for (int i = 0; i < petals; ++i) {
        const double angle = start + static_cast<double>(i) / petals;
        const Point tip{at.x + size * wave(angle), at.y + size * squash * wave(angle + 0.25)};
        const double shade = 0.80 + 0.20 * wave(angle + 0.6);
        paint_stroke(canvas, at, tip, size * 0.10, size * 0.17,
                     [&](double t) { return petal * (shade * mix(0.78, 1.0, t)); });
    }
    paint_stroke(canvas, at, {at.x, at.y - size * 0.05}, size * 0.26, size * 0.24, [](double t) {
        return mix(Colour{0.85, 0.55, 0.05}, Colour{1.0, 0.84, 0.22}, t);
    });
}

void paint_flowers(Canvas& canvas, Dice& dice) {
    const Colour petals[] = {{0.98, 0.97, 0.93}, {0.92, 0.32, 0.24}, {0.62, 0.50, 0.90}, {0.98, 0.97, 0.93}};
    for (int i = 0; i < 30; ++i) {
        const double near = i / 29.0;
        const Point at{dice.roll(0.03, 0.97), mix(0.50, 0.86, near) + dice.roll(-0.05, 0.03)};
        const double size = mix(0.010, 0.043, near) * dice.roll(0.8, 1.15);
        paint_blade(canvas, {at.x + dice.roll(-0.02, 0.02), at.y + size * 4}, size * 4, 0.0,
                    0.0016 + 0.03 * size, {0.16, 0.28, 0.06}, {0.38, 0.56, 0.16});
        paint_daisy(canvas, at, size, petals[static_cast<int>(dice.roll(0, 3.99))], dice);
    }
}

}  // namespace

Image draw_meadow() {
    Canvas canvas;
    Dice dice(419);
    canvas.fill(background);
    paint_light_spots(canvas, dice);
    paint_grass(canvas, dice);
    paint_flowers(canvas, dice);
    return canvas.finish();
}

}  // namespace shadenet
