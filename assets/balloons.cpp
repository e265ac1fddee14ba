// Balloons over rolling fields on a clear morning: round shading, stripes, and a patchwork that recedes.
#include <array>

#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

constexpr double horizon = 0.64;

Colour sky(double x, double y) {
    const double t = y / horizon;
    Colour colour = mix(Colour{0.20, 0.47, 0.80}, Colour{0.62, 0.82, 0.94}, smooth_step(0, 0.75, t));
    colour = mix(colour, Colour{0.98, 0.94, 0.84}, 0.85 * smooth_step(0.55, 1.0, t));
    const double depth = 0.20 + horizon - y;
    const double body = fractal((x - 0.5) / depth * 1.3 + 6, 0.9 / depth + 3, 6, 907);
    const double cover = smooth_step(0.52, 0.74, body) * smooth_step(0.0, 0.15, horizon - y);
    return mix(colour, mix(Colour{1, 1, 1}, Colour{0.80, 0.85, 0.91}, smooth_step(0.62, 0.82, body)),
               0.85 * cover);
}

Colour field_colour(double u, double v) {
    const auto row = static_cast<std::int64_t>(std::floor(v));
    const double shift = 0.6 * hashed(row, 1, 911);
    const auto column = static_cast<std::int64_t>(std::floor(u * 0.5 + shift));
    const std::array<Colour, 6> crops = {{{0.33, 0.55, 0.18},
                                          {0.88, 0.76, 0.30},
                                          {0.50, 0.66, 0.24},
                                          {0.62, 0.44, 0.24},
                                          {0.24, 0.45, 0.17},
                                          {0.78, 0.72, 0.42}}};
    const auto crop = static_cast<std::size_t>(hashed(column, row, 919) * 5.999);
    const double furrow = hashed(column, row, 929) < 0.5 ? wave(u * 9) : wave(v * 11 + u);
    return crops[crop] * (1 + 0.10 * furrow + 0.30 * (fractal(u * 6, v * 6, 4, 937) - 0.5));
}

struct Hill {
    double top, swing, turns, phase, far;
};

void paint_hill(Canvas& canvas, const Hill& hill) {
    canvas.paint({0, hill.top - hill.swing - 0.01, 1, 1}, [&](double x, double y, Colour there) {
        const double crest = hill.top + hill.swing * wave(hill.turns * x + hill.phase);
        if (y < crest) return there;
        const double depth = 0.05 + 0.9 * (y - crest);
        const double u = (x - 0.45) / depth * (0.8 + hill.far), v = 0.40 / depth;
        const double slope = wave(hill.turns * x + hill.phase + 0.25);
        Colour colour = field_colour(u + 30, v + 10 * hill.phase) * (1.0 + 0.16 * slope);
        // Hedges at the field's edges.
        const double edge = std::fabs(v - std::floor(v) - 0.5);
        if (edge > 0.46) colour = Colour{0.13, 0.27, 0.12} * (0.8 + 0.6 * noise(u * 14, v * 14, 941));
        colour = mix(colour, Colour{0.12, 0.25, 0.11},
                     0.85 * smooth_step(0.012, 0.004, y - crest + 0.014 * noise(x * 90, 0, 947)));
        return mix(colour, Colour{0.80, 0.87, 0.90}, hill.far * smooth_step(0.30, 0, y - crest));
    });
}

struct Balloon {
    Point at;  // the middle of the envelope
    double radius;
    std::array<Colour, 3> cloth;
    int gores;
    bool zigzag;
};

// The envelope is a ball above its middle and narrows to the mouth below it.
double half_width(double t) {
    if (t < 0) return std::sqrt(std::max(0.0, 1 - t * t));
    return t > 1.35 ? 0
                    : mix(1.0, 0.17, smooth_step(-0.08, 1.42, t) * 1.0) *
                          std::sqrt(std::max(0.0, 1 - 0.10 * t * t));
}

Colour cloth_colour(const Balloon& balloon, double across, double t) {
    // From the visible offset to an angle around the balloon (a polynomial near enough to an arc sine).
    const double around = across * (0.16 + 0.09 * across * across * across * across);
    const double gore = around * balloon.gores + 50 +
                        (balloon.zigzag ? 0.5 * std::fabs(4 * t - 2 * std::floor(2 * t) - 1) : 0);
    const auto index = static_cast<std::size_t>(static_cast<int>(std::floor(gore)) % 3);
    const bool band = t > 0.48 && t < 0.66;
    const Colour base = band ? balloon.cloth[(index + 1) % 3] : balloon.cloth[index];
    const double seam = std::fabs(gore - std::floor(gore) - 0.5);
    return base * mix(1.0, 0.84, smooth_step(0.42, 0.5, seam));
}

void paint_basket(Canvas& canvas, const Balloon& balloon) {
    const double r = balloon.radius, mouth = balloon.at.y + 1.35 * r, top = balloon.at.y + 1.66 * r;
    for (const double side : {-1.0, -0.35, 0.35, 1.0}) {
        paint_stroke(canvas, {balloon.at.x + side * 0.15 * r, mouth}, {balloon.at.x + side * 0.12 * r, top},
                     0.008 * r, 0.008 * r, [](double) {
                         return Colour{0.25, 0.18, 0.12};
                     });
    }
    canvas.paint({balloon.at.x - 0.13 * r, top, balloon.at.x + 0.13 * r, top + 0.20 * r},
                 [&](double x, double y, Colour) {
                     const double across = (x - balloon.at.x) / (0.13 * r),
                                  weave = wave(x / r * 26) * wave(y / r * 26);
                     const double rim = y < top + 0.035 * r ? 0.6 : 1.0;
                     return Colour{0.60, 0.40, 0.20} * (rim * (1 - 0.35 * across + 0.12 * weave));
                 });
}

void paint_balloon(Canvas& canvas, const Balloon& balloon) {
    const double r = balloon.radius;
    paint_basket(canvas, balloon);
    canvas.paint({balloon.at.x - r, balloon.at.y - r, balloon.at.x + r, balloon.at.y + 1.36 * r},
                 [&](double x, double y, Colour there) {
                     const double t = (y - balloon.at.y) / r, half = half_width(t),
                                  across = half > 0 ? (x - balloon.at.x) / (r * half) : 2;
                     if (std::fabs(across) >= 1 || t > 1.35) return there;
                     const double depth = std::sqrt(1 - across * across);
                     const double light = 0.58 + 0.42 * depth - 0.30 * across - 0.14 * t;
                     const double shine = bell((across + 0.38) / 0.30) * bell((t + 0.42) / 0.38);
                     return cloth_colour(balloon, across, t) * light + Colour{0.20, 0.19, 0.16} * shine;
                 });
}

constexpr Colour red{0.88, 0.14, 0.12}, white{0.97, 0.95, 0.90}, navy{0.10, 0.20, 0.48},
    gold{0.99, 0.74, 0.10}, teal{0.05, 0.58, 0.58}, plum{0.52, 0.16, 0.50}, orange{0.97, 0.45, 0.08};

}  // namespace

Image draw_balloons() {
    Canvas canvas;
    canvas.fill(sky);
    paint_hill(canvas, {0.635, 0.018, 1.3, 0.20, 0.75});
    paint_hill(canvas, {0.690, 0.030, 0.9, 0.62, 0.45});
    paint_hill(canvas, {0.790, 0.040, 0.7, 0.05, 0.12});
    paint_balloon(canvas, {{0.115, 0.470}, 0.034, {teal, white, teal}, 24, false});
    paint_balloon(canvas, {{0.915, 0.520}, 0.026, {red, gold, red}, 24, false});
    paint_balloon(canvas, {{0.505, 0.535}, 0.020, {plum, white, gold}, 24, false});
    paint_balloon(canvas, {{0.745, 0.195}, 0.082, {teal, gold, navy}, 30, false});
    paint_balloon(canvas, {{0.845, 0.420}, 0.058, {plum, orange, white}, 30, true});
    paint_balloon(canvas, {{0.340, 0.320}, 0.185, {red, gold, navy}, 36, true});
    return canvas.finish();
}

}  // namespace shadenet
