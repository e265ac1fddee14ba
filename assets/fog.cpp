// Spruces in fog above a still lake: low contrast, dull colours, everything soft but the nearest trees.
#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

constexpr double shore = 0.74;
constexpr Colour mist{0.735, 0.755, 0.765};

Colour air(double x, double y) {
    const double drift = fractal(x * 2.0, y * 4.5, 4, 701) - 0.5;
    const Colour colour =
        mix(Colour{0.665, 0.695, 0.725}, Colour{0.785, 0.785, 0.770}, smooth_step(0, 0.62, y));
    const double glow = bell(std::sqrt((x - 0.36) * (x - 0.36) + (y - 0.24) * (y - 0.24)) / 0.22);
    return colour + Colour{0.10, 0.095, 0.075} * glow + Colour{0.05, 0.05, 0.05} * drift;
}

// One spruce: a trunk and tiers of drooping branches whose edge noise makes needles.
void paint_spruce(Canvas& canvas, Point foot, double height, Colour colour, std::uint32_t seed) {
    const double width = height * 0.19;
    canvas.paint(
        {foot.x - width, foot.y - height, foot.x + width, foot.y}, [&](double x, double y, Colour there) {
            const double t = (y - (foot.y - height)) / height;  // 0 at the tip
            const double side = x < foot.x ? -1 : 1;
            const double out = std::fabs(x - foot.x) / width;
            const double tiers = t * 15 - out * 1.3 + 0.5 * hashed(static_cast<std::int64_t>(side), 0, seed);
            const double tier = tiers - std::floor(tiers);
            const double needles = fractal(x / height * 95, y / height * 60, 3, seed + 3);
            const double reach = (0.05 + 0.95 * t) * (0.45 + 0.50 * tier) * (0.60 + 0.75 * needles);
            const bool branch = t < 0.95 && out < reach;
            const bool trunk = out < 0.035 + 0.03 * t;
            if (!branch && !trunk) return there;
            return mix(colour * (0.86 + 0.30 * needles), mist, 0.35 * smooth_step(0.55, 1.0, t));
        });
}

void paint_trees(Canvas& canvas, Dice& dice, int count, double foot, double size, Colour colour) {
    for (int i = 0; i < count; ++i) {
        const double x = (i + dice.roll(-0.3, 1.3)) / count;
        const double clearing = 1 - 0.5 * bell((x - 0.36) / 0.14);
        const Point at{x, foot + dice.roll(-0.012, 0.012)};
        const auto seed = static_cast<std::uint32_t>(dice.roll(720, 9000));
        paint_spruce(canvas, at, size * clearing * dice.roll(0.65, 1.15), colour, seed);
    }
}

void paint_veil(Canvas& canvas, double top, double bottom, double strength, std::uint32_t seed) {
    canvas.paint({0, top - 0.25, 1, bottom}, [&](double x, double y, Colour there) {
        const double wisps = fractal(x * 2.6, y * 7, 4, seed);
        const double cover = smooth_step(top - 0.22, bottom, y + 0.22 * (wisps - 0.5));
        return mix(there, mist, strength * cover);
    });
}

void paint_lake(Canvas& canvas) {
    canvas.paint({0, shore, 1, 1}, [&](double x, double y, Colour) {
        const double depth = y - shore;
        const double ripple = fractal(x * 5, y * 90, 3, 761) - 0.5;
        const Colour mirrored =
            canvas.at(x + 0.03 * ripple * depth * 8, shore - depth * 1.25 - 0.03 * ripple * depth * 6);
        const Colour water = mix(mirrored, Colour{0.60, 0.635, 0.655}, 0.30 + 0.35 * depth);
        return mix(water, mist, 0.55 * smooth_step(0.10, 0.0, depth)) + Colour{0.02, 0.02, 0.02} * ripple;
    });
}

// The near shore, at the lower right.
void paint_bank(Canvas& canvas) {
    canvas.paint({0.4, 0.8, 1, 1}, [](double x, double y, Colour there) {
        const double top =
            1.0 - 0.115 * smooth_step(0.50, 0.95, x) + 0.022 * (fractal(x * 14, 3, 4, 773) - 0.5);
        const double tuft = fractal(x * 70, y * 26, 3, 787);
        const Colour grass = mix(Colour{0.30, 0.32, 0.28}, Colour{0.46, 0.45, 0.38}, tuft);
        return mix(there, mix(grass, mist, 0.12), smooth_step(0.0, 0.012, y - top + 0.02 * (tuft - 0.5)));
    });
}

void paint_reeds(Canvas& canvas, Dice& dice) {
    for (int i = 0; i < 120; ++i) {
        const double spread = dice.roll();
        const Point foot{1.02 - 0.42 * spread * spread, 1.01 - 0.03 * dice.roll()};
        const double height = dice.roll(0.07, 0.24) * (1 - 0.55 * spread);
        const Point tip{foot.x + dice.roll(-0.045, 0.03), foot.y - height};
        const Colour straw = mix(Colour{0.36, 0.35, 0.30}, Colour{0.52, 0.49, 0.40}, dice.roll());
        paint_stroke(canvas, foot, tip, 0.0022, 0.0006, [&](double t) { return mix(straw, mist, 0.25 * t); });
        if (dice.roll() < 0.25) {
            const Point head{mix(tip.x, foot.x, 0.14), mix(tip.y, foot.y, 0.14)};
            paint_stroke(canvas, tip, head, 0.0042, 0.0046, [](double) { return Colour{0.37, 0.31, 0.26}; });
        }
    }
}

}  // namespace

Image draw_fog() {
    Canvas canvas;
    Dice dice(709);
    canvas.fill(air);
    paint_trees(canvas, dice, 26, 0.70, 0.24, {0.660, 0.690, 0.705});
    paint_veil(canvas, 0.56, shore, 0.75, 731);
    paint_trees(canvas, dice, 18, 0.72, 0.36, {0.560, 0.595, 0.605});
    paint_veil(canvas, 0.60, shore, 0.70, 737);
    paint_trees(canvas, dice, 9, 0.735, 0.52, {0.425, 0.465, 0.465});
    paint_veil(canvas, 0.68, shore, 0.60, 743);
    paint_lake(canvas);
    paint_bank(canvas);
    paint_spruce(canvas, {0.90, 0.925}, 0.86, {0.30, 0.345, 0.335}, 751);
    paint_reeds(canvas, dice);
    return canvas.finish();
}

}  // namespace shadenet
