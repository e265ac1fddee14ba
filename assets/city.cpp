// A skyline at dusk: hard vertical and horizontal edges, rows of lit windows, a dark river.
#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

constexpr double bank = 0.80;

Colour sky(double x, double y) {
    const double t = y / bank;
    Colour colour = mix(Colour{0.07, 0.09, 0.25}, Colour{0.33, 0.25, 0.50}, smooth_step(0, 0.50, t));
    colour = mix(colour, Colour{0.92, 0.48, 0.42}, smooth_step(0.35, 0.80, t));
    colour = mix(colour, Colour{1.0, 0.76, 0.48}, smooth_step(0.68, 1.0, t));
    const double streak = fractal(x * 2.2, y * 13, 5, 503);
    const double cloud =
        smooth_step(0.52, 0.75, streak) * smooth_step(0.05, 0.2, y) * smooth_step(0.62, 0.40, y);
    colour = mix(colour, mix(Colour{0.40, 0.26, 0.48}, Colour{0.98, 0.56, 0.46}, t), 0.55 * cloud);
    const double mx = x - 0.80, my = y - 0.13, moon = std::sqrt(mx * mx + my * my);
    colour = colour + Colour{0.20, 0.18, 0.20} * bell(moon / 0.07);
    const double craters = fractal(x * 40, y * 40, 3, 509);
    return mix(colour, Colour{0.98, 0.95, 0.86} * mix(0.86, 1.02, craters), smooth_step(0.043, 0.041, moon));
}

struct Building {
    double left, right, top;
    double cell_width, cell_height;  // of one window with its frame
    Colour wall;
    double haze, lit;  // how far into the haze, and the part of the windows that is lit
    std::uint32_t seed;
};

Colour window_light(double pick) {
    if (pick < 0.55) return {1.0, 0.84, 0.50};
    if (pick < 0.80) return {1.0, 0.70, 0.36};
    if (pick < 0.94) return {0.90, 0.95, 1.0};
    return {0.50, 0.86, 0.92};
}

Colour facade(const Building& building, double x, double y) {
    const double across = (x - building.left) / (building.right - building.left);
    Colour colour = building.wall * mix(1.22, 0.70, across);
    const double u = (x - building.left) / building.cell_width, v = (y - building.top) / building.cell_height;
    const double iu = std::floor(u), iv = std::floor(v), fu = u - iu, fv = v - iv;
    const bool on_glass = fu > 0.22 && fu < 0.78 && fv > 0.24 && fv < 0.80 && iv >= 1;
    if (on_glass) {
        const auto column = static_cast<std::int64_t>(iu), row = static_cast<std::int64_t>(iv);
        const bool lit = hashed(column, row, building.seed) < building.lit;
        const double dim = 0.62 + 0.38 * hashed(row, column, building.seed + 1);
        const Colour glass =
            mix(Colour{0.10, 0.13, 0.24}, Colour{0.44, 0.34, 0.46}, 0.4 * (1 - fv) + 0.5 * across);
        colour =
            lit ? window_light(hashed(column, row, building.seed + 2)) * (dim * mix(1.05, 0.85, fv)) : glass;
        if (fu > 0.48 && fu < 0.52) colour = colour * 0.45;
    } else if (fv > 0.92) {
        colour = colour * 0.72;
    }
    return mix(colour, Colour{0.86, 0.50, 0.46}, building.haze);
}

void paint_building(Canvas& canvas, const Building& building) {
    canvas.paint({building.left, building.top, building.right, bank},
                 [&](double x, double y, Colour) { return facade(building, x, y); });
}

void paint_roof(Canvas& canvas, const Building& building, Dice& dice) {
    const double width = building.right - building.left, middle = (building.left + building.right) / 2;
    const Colour dark = mix(building.wall * 0.8, Colour{0.86, 0.50, 0.46}, building.haze);
    const double kind = dice.roll();
    if (kind < 0.35) {
        const double height = dice.roll(0.05, 0.11);
        paint_stroke(canvas, {middle, building.top}, {middle, building.top - height}, 0.0035, 0.0012,
                     [&](double) { return dark; });
        paint_stroke(canvas, {middle, building.top - height}, {middle, building.top - height}, 0.004, 0.004,
                     [](double) {
                         return Colour{1.0, 0.25, 0.18};
                     });
    } else if (kind < 0.62) {
        const double height = dice.roll(0.025, 0.06);
        canvas.paint({building.left, building.top - height, building.right, building.top},
                     [&](double x, double y, Colour there) {
                         const double step = std::floor((building.top - y) / height * 3) / 3;
                         return std::fabs(x - middle) < width * 0.5 * (0.86 - 0.75 * step)
                                    ? dark * mix(1.15, 0.8, x > middle)
                                    : there;
                     });
    } else {
        canvas.paint({building.left - 0.004, building.top - 0.008, building.right + 0.004, building.top},
                     [&](double, double, Colour) { return dark * 0.85; });
    }
}

void paint_row(Canvas& canvas, Dice& dice, double top_low, double top_high, Colour wall, double haze,
               double scale) {
    double left = -0.03;
    while (left < 1) {
        const double columns = std::floor(dice.roll(4, 9)), cell = scale * dice.roll(0.85, 1.25);
        const double tall = dice.roll();
        const Building building{
            left,
            left + columns * cell,
            mix(top_low, top_high, tall * tall),
            cell,
            cell * dice.roll(1.1, 1.6),
            wall * Colour{dice.roll(0.8, 1.25), dice.roll(0.85, 1.15), dice.roll(0.85, 1.2)},
            haze,
            dice.roll(0.22, 0.62),
            static_cast<std::uint32_t>(dice.roll(600, 9000))};
        paint_roof(canvas, building, dice);
        paint_building(canvas, building);
        left = building.right + dice.roll(-0.004, 0.018);
    }
}

// The river repeats the picture above it, darker and broken into bands by its waves.
void paint_river(Canvas& canvas) {
    canvas.paint({0, bank, 1, 1}, [&](double x, double y, Colour) {
        const double depth = y - bank;
        const double bands = fractal(x * 7, y * 110, 3, 541) - 0.5,
                     drift = fractal(x * 16, y * 46, 3, 547) - 0.5;
        const double shift = (0.006 + 0.15 * depth) * drift;
        const Colour mirrored = canvas.at(x + shift, bank - 0.004 - depth * 1.9 - 0.10 * depth * bands * 4);
        const Colour water = mirrored * (0.74 - 1.0 * depth + 0.5 * bands);
        return mix(water, Colour{0.08, 0.09, 0.20}, 0.25 + 0.8 * depth);
    });
    canvas.paint({0, bank - 0.012, 1, bank + 0.006}, [](double x, double y, Colour) {
        const double post = x * 46 - std::floor(x * 46);
        if (y < bank - 0.007) return post < 0.10 ? Colour{1.0, 0.86, 0.56} : Colour{0.12, 0.10, 0.18};
        return Colour{0.09, 0.08, 0.14};
    });
}

}  // namespace

Image draw_city() {
    Canvas canvas;
    Dice dice(577);
    canvas.fill(sky);
    paint_row(canvas, dice, 0.62, 0.30, {0.40, 0.34, 0.52}, 0.58, 0.0115);
    paint_row(canvas, dice, 0.64, 0.26, {0.30, 0.26, 0.44}, 0.26, 0.0165);
    paint_row(canvas, dice, 0.74, 0.42, {0.20, 0.18, 0.32}, 0.05, 0.0235);
    paint_river(canvas);
    return canvas.finish();
}

}  // namespace shadenet
