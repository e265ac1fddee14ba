// A bed of flowers from above: saturated colours in every hue, fine veins, dark gaps between leaves.
#include <array>

#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

struct Petal {
    Point centre;  // of the flower
    double angle;  // in turns
    double length, breadth;
    double tip;  // 0 round, 1 pointed
    Colour inner, outer;
    std::uint32_t seed;
};

// Half the breadth at t from foot (0) to tip (1), as a part of the whole breadth.
double outline(double t, double tip) {
    const double round = 2 * std::sqrt(std::max(0.0, t * (1 - t))) * mix(0.55, 1.0, t);
    const double pointed = 3.3 * t * (1 - t) * mix(1.0, 0.55, t) * std::sqrt(1 - t) * 1.25;
    return mix(round, pointed, tip);
}

void paint_petal(Canvas& canvas, const Petal& petal) {
    const Point along{wave(petal.angle + 0.25), wave(petal.angle)};
    const double reach = petal.length + petal.breadth;
    const Box box{petal.centre.x - reach, petal.centre.y - reach, petal.centre.x + reach,
                  petal.centre.y + reach};
    // Light from the upper left.
    const double facing = 0.90 - 0.16 * (along.x + along.y);
    canvas.paint(box, [&](double x, double y, Colour there) {
        const double dx = x - petal.centre.x, dy = y - petal.centre.y;
        const double t = (dx * along.x + dy * along.y) / petal.length;
        const double s = (dy * along.x - dx * along.y) / (petal.breadth * 0.5);
        if (t < -0.05 || t > 1.12) return there;
        const double ruffle = 1 + 0.07 * (fractal(t * 7, petal.angle * 50, 3, petal.seed) - 0.5);
        const double half = t > 0 && t < 1 ? outline(t, petal.tip) * ruffle : 0;
        if (std::fabs(s) >= half) {
            // The shadow on what lies below, to the lower right.
            const double ts = t + 0.05, ss = s - 0.10;
            const double below = ts > 0 && ts < 1 ? outline(ts, petal.tip) * 1.22 - std::fabs(ss) : -1;
            return there * mix(1.0, 0.62, smooth_step(-0.02, 0.26, below));
        }
        const double fold = s / half;
        const double vein = fractal(fold * 9, t * 1.6, 3, petal.seed) - 0.5;
        const double shade =
            facing * (1.02 - 0.22 * fold * fold * fold - 0.14 * (1 - std::fabs(fold)) + 0.16 * vein);
        return mix(petal.inner, petal.outer, smooth_step(0.05, 0.75, t + 0.2 * vein)) *
               (shade * mix(0.62, 1.04, smooth_step(0, 0.35, t)));
    });
}

void paint_heart(Canvas& canvas, Point at, double radius, Colour colour) {
    canvas.paint({at.x - radius, at.y - radius, at.x + radius, at.y + radius},
                 [&](double x, double y, Colour there) {
                     const double dx = (x - at.x) / radius, dy = (y - at.y) / radius, d2 = dx * dx + dy * dy;
                     if (d2 > 1) return there;
                     const double dome = std::sqrt(1 - d2), light = 0.55 + 0.5 * dome - 0.22 * (dx + dy);
                     const double grain = noise(dx * 9 + 20, dy * 9 + 20, 821);
                     return colour * (light * mix(0.62, 1.25, grain));
                 });
}

struct Kind {
    int petals, rings;
    double breadth, tip, heart;
    Colour inner, outer, middle;
};
constexpr std::array<Kind, 7> kinds = {{
    {6, 1, 0.80, 0.15, 0.17, {0.30, 0.02, 0.05}, {0.93, 0.13, 0.10}, {0.20, 0.14, 0.16}},   // poppy
    {15, 2, 0.30, 0.75, 0.34, {0.90, 0.52, 0.02}, {1.00, 0.82, 0.08}, {0.36, 0.19, 0.06}},  // sunflower
    {17, 1, 0.27, 0.05, 0.28, {0.88, 0.90, 0.80}, {0.99, 0.98, 0.97}, {0.98, 0.74, 0.08}},  // daisy
    {11, 4, 0.48, 0.45, 0.08, {0.62, 0.03, 0.30}, {0.98, 0.42, 0.66}, {0.98, 0.80, 0.40}},  // dahlia
    {5, 1, 0.92, 0.00, 0.13, {0.98, 0.90, 0.40}, {0.30, 0.34, 0.90}, {0.98, 0.90, 0.45}},   // flax
    {10, 3, 0.42, 0.85, 0.12, {0.36, 0.06, 0.48}, {0.66, 0.36, 0.92}, {0.95, 0.80, 0.30}},  // aster
    {8, 2, 0.60, 0.20, 0.20, {0.92, 0.20, 0.02}, {1.00, 0.56, 0.12}, {0.50, 0.14, 0.04}},   // marigold
}};

void paint_flower(Canvas& canvas, Point at, double size, const Kind& kind, Dice& dice) {
    for (int ring = 0; ring < kind.rings; ++ring) {
        const double scale = 1 - 0.75 * ring / (kind.rings + 0.3);
        const double start = dice.roll();
        for (int i = 0; i < kind.petals; ++i) {
            const double length = size * scale * dice.roll(0.90, 1.06);
            const double tint = dice.roll(0.90, 1.05);
            paint_petal(canvas, {at, start + static_cast<double>(i) / kind.petals, length,
                                 length * kind.breadth, kind.tip, kind.inner, kind.outer * tint,
                                 static_cast<std::uint32_t>(dice.roll(830, 9000))});
        }
    }
    paint_heart(canvas, at, size * kind.heart, kind.middle);
}

void paint_leaves(Canvas& canvas, Dice& dice) {
    for (int i = 0; i < 300; ++i) {
        const double depth = i / 299.0;
        const Colour green =
            mix(Colour{0.03, 0.16, 0.09}, Colour{0.22, 0.50, 0.14}, depth * dice.roll(0.5, 1.0));
        const double length = dice.roll(0.07, 0.15);
        paint_petal(canvas, {{dice.roll(-0.05, 1.05), dice.roll(-0.05, 1.05)},
                             dice.roll(),
                             length,
                             length * dice.roll(0.26, 0.42),
                             1.0,
                             green * 0.8,
                             green,
                             static_cast<std::uint32_t>(dice.roll(830, 9000))});
    }
}

}  // namespace

Image draw_flowers() {
    Canvas canvas;
    Dice dice(811);
    canvas.fill([](double x, double y) {
        return Colour{0.02, 0.07, 0.04} * (0.6 + fractal(x * 9, y * 9, 3, 809));
    });
    paint_leaves(canvas, dice);
    // A loose grid, painted in an order that is not its own, so that no row lies on top of the next.
    constexpr int grid = 6;
    for (int i = 0; i < grid * grid; ++i) {
        const int cell = i * 23 % (grid * grid);
        const double row = cell / grid, column = cell % grid;
        const Point at{(column + 0.5 * (cell / grid % 2) + dice.roll(0.05, 0.55)) / grid,
                       (row + dice.roll(0.2, 0.8)) / grid};
        const auto kind =
            static_cast<std::size_t>((cell * 3 + cell / grid * 2) % static_cast<int>(kinds.size()));
        paint_flower(canvas, at, dice.roll(0.062, 0.118), kinds[kind], dice);
    }
    return canvas.finish();
}

}  // namespace shadenet
