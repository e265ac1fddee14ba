// A bay at sunset: smooth gradients, a bright sun, haze, and a sea of small highlights.
#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

constexpr double horizon = 0.585;
constexpr Point sun{0.62, 0.505};

double sun_distance(double x, double y) {
    return std::sqrt((x - sun.x) * (x - sun.x) + (y - sun.y) * (y - sun.y));
}

Colour clear_sky(double x, double y) {
    const double t = clamp01(y / horizon);
    Colour colour = mix(Colour{0.13, 0.25, 0.50}, Colour{0.50, 0.55, 0.72}, smooth_step(0, 0.62, t));
    colour = mix(colour, Colour{0.98, 0.70, 0.48}, smooth_step(0.45, 1.0, t));
    const double d = sun_distance(x, y);
    colour = colour + Colour{0.55, 0.36, 0.14} * bell(d / 0.16) + Colour{0.12, 0.07, 0.03} * bell(d / 0.45);
    return mix(colour, Colour{1.0, 0.96, 0.82}, smooth_step(0.040, 0.036, d));
}

Colour sky(double x, double y) {
    const Colour clear = clear_sky(x, y);
    // Seen from below, clouds flatten towards the horizon.
    const double depth = 0.10 + (horizon - y);
    const double u = (x - 0.5) / depth, v = 0.55 / depth;
    const double body = fractal(u * 1.1 + 4.0, v * 2.6, 6, 11);
    const double cover = smooth_step(0.50, 0.74, body) * smooth_step(0.0, 0.16, horizon - y);
    const double thick = smooth_step(0.56, 0.80, body);
    const double near_sun = bell(sun_distance(x, y) / 0.42);
    const Colour rim = mix(Colour{0.86, 0.66, 0.66}, Colour{1.0, 0.80, 0.52}, near_sun);
    const Colour core = mix(Colour{0.42, 0.38, 0.52}, Colour{0.80, 0.50, 0.42}, near_sun);
    return mix(clear, mix(rim, core, thick), 0.85 * cover);
}

struct Range {
    double foot, height, scale, haze;
    std::uint32_t seed;
};

double ridge(const Range& range, double x) {
    const double rise = ridged(x * range.scale, 0.37, 6, range.seed);
    return range.foot - range.height * (0.25 + 0.75 * rise);
}

void paint_range(Canvas& canvas, const Range& range, Colour shade) {
    canvas.paint({0, 0.25, 1, horizon}, [&](double x, double y, Colour there) {
        const double top = ridge(range, x);
        if (y < top) return there;
        // Light comes from the sun's side: a slope that faces it is brighter.
        const double relief = fractal(x * 26, (y - top) * 40 + x * 9, 5, range.seed + 40);
        const double lit = 0.80 + 0.55 * (relief - 0.5) + 0.25 * smooth_step(0.04, 0, y - top);
        const Colour rock = shade * lit;
        const Colour haze = mix(Colour{0.78, 0.62, 0.60}, Colour{1.0, 0.74, 0.50}, bell((x - sun.x) / 0.3));
        return mix(rock, haze, range.haze + 0.25 * smooth_step(0.10, 0, horizon - y));
    });
}

Colour sea(double x, double y) {
    const double depth = 0.012 + (y - horizon);
    const double u = (x - 0.5) / depth, v = 1 / depth;
    const double swell = fractal(u * 0.9 + 9, v * 1.8, 4, 71);
    const double ripple = fractal(u * 3.2, v * 5.0 + 7, 3, 83);
    const double tilt = (swell - 0.5) * 0.9 + (ripple - 0.5) * 0.7;
    const double near = smooth_step(0, 0.40, y - horizon);
    const double mirrored = horizon - (y - horizon) * 0.9 - 0.10 * std::fabs(tilt);
    const Colour reflection = clear_sky(x + 0.02 * tilt, std::max(0.0, mirrored)) * 0.86;
    const Colour deep = mix(Colour{0.20, 0.34, 0.42}, Colour{0.04, 0.17, 0.26}, near);
    Colour colour = mix(reflection, deep, clamp01(0.22 + 0.42 * near + 0.9 * tilt));
    const double column = bell((x - sun.x) / (0.035 + 0.32 * (y - horizon)));
    const double sparkle = smooth_step(0.50, 0.68, ripple * 0.6 + swell * 0.4 + 0.10 * column);
    return colour + Colour{0.95, 0.66, 0.36} * (column * (0.18 + 0.85 * sparkle));
}

// The height of the near headland's outline at x, and where its foot meets the water at y.
double headland_top(double x) {
    const double steps = ridged(x * 5.5, 4.2, 6, 151);
    return 0.395 + 1.10 * x * x + 0.20 * x - 0.085 * (steps - 0.5) * (1 + x);
}

double headland_foot(double y) {
    const double t = (y - 0.45) / 0.55;
    return 0.17 + 0.30 * t + 0.13 * (ridged(y * 4.5, 2.5, 6, 131) - 0.5);
}

// Rock with the light behind it: dark, with warm edges where the sun grazes the facets.
Colour rock(double x, double y, double inside) {
    const double u = 0.9 * x - 0.35 * y, v = 0.35 * x + 0.9 * y;
    const double facet = ridged(u * 9, v * 7, 4, 191), other = ridged((u + 0.012) * 9, v * 7, 4, 191);
    const double grazed = clamp01(0.40 + 3.2 * (facet - other) + 0.30 * smooth_step(0.10, 0, inside));
    const double strata = fractal(x * 6, y * 50 + x * 22, 4, 197);
    return mix(Colour{0.13, 0.10, 0.13}, Colour{0.72, 0.44, 0.31}, grazed * (0.45 + 0.75 * strata));
}

// The headland at the left, with surf at its foot.
void paint_headland(Canvas& canvas) {
    canvas.paint({0, 0.30, 0.75, 1}, [](double x, double y, Colour there) {
        const double below = y - headland_top(x), inside = headland_foot(y) - x;
        if (below < 0 || inside < 0) {
            if (y < horizon + 0.02) return there;
            const double gap = std::min(inside, 0.6 * below);
            const double foam = smooth_step(0.42, 0.62, fractal(x * 30, y * 52, 4, 171));
            return mix(there, Colour{0.97, 0.86, 0.78}, 0.85 * foam * smooth_step(-0.06, -0.002, gap));
        }
        const double blades = fractal(x * 60, y * 34, 3, 223);
        const Colour grass = mix(Colour{0.15, 0.19, 0.08}, Colour{0.56, 0.50, 0.20},
                                 blades * smooth_step(0.05, 0, below) + 0.1);
        const double turf = smooth_step(0.060, 0.015, below + 0.09 * (fractal(x * 15, y * 15, 4, 227) - 0.4));
        return mix(rock(x, y, inside), grass, turf);
    });
}

}  // namespace

Image draw_coast() {
    Canvas canvas;
    canvas.fill([](double x, double y) { return y < horizon ? sky(x, y) : sea(x, y); });
    paint_range(canvas, {0.60, 0.16, 2.3, 0.52, 23}, {0.42, 0.38, 0.52});
    paint_range(canvas, {0.615, 0.12, 3.9, 0.26, 37}, {0.30, 0.27, 0.40});
    paint_headland(canvas);
    return canvas.finish();
}

}  // namespace shadenet
