// Dunes under a low sun: long smooth slopes, knife-sharp crests, and ripples that fade with distance.
#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

Colour sky(double x, double y) {
    Colour colour = mix(Colour{0.16, 0.36, 0.66}, Colour{0.56, 0.76, 0.88}, smooth_step(0, 0.34, y));
    colour = mix(colour, Colour{0.98, 0.88, 0.72}, smooth_step(0.18, 0.46, y));
    const double veil = fractal(x * 3 + 2, y * 14 - x * 3, 5, 1009);
    return mix(colour, Colour{1, 0.98, 0.94},
               0.55 * smooth_step(0.50, 0.80, veil) * smooth_step(0.42, 0.15, y));
}

struct Dune {
    double top, height, turns, phase;
    double ripple;  // waves per unit at the crest
    double haze;
};

// Height of the crest line: steep on the lee side, long on the windward side. Both reach the same height
// where one dune meets the next.
double crest(const Dune& dune, double x) {
    const double s = dune.turns * x + dune.phase + 0.10 * wave(0.7 * x + dune.phase * 3);
    const double t = s - std::floor(s);
    const double rise = t < 0.68 ? smooth_step(-0.25, 0.68, t) : smooth_step(1.1177, 0.68, t);
    return dune.top - dune.height * (rise - 0.3) + 0.006 * (noise(x * 6, dune.phase * 9, 1013) - 0.5);
}

// The line between light and shade winds down from each peak.
double shade(const Dune& dune, double x, double below) {
    const double bend = 0.55 * below + 0.05 * wave(3.1 * below + dune.phase) +
                        0.016 * (fractal(below * 22, 1, 4, 1019) - 0.5);
    const double s = dune.turns * (x - bend) + dune.phase + 0.10 * wave(0.7 * (x - bend) + dune.phase * 3);
    const double t = s - std::floor(s);
    return smooth_step(0.675, 0.69, t) * smooth_step(1.0, 0.86, t) * smooth_step(0.62, 0.30, below);
}

void paint_dune(Canvas& canvas, const Dune& dune) {
    canvas.paint({0, 0.3, 1, 1}, [&](double x, double y, Colour there) {
        const double below = y - crest(dune, x);
        if (below < 0) return there;
        const double dark = shade(dune, x, below);
        const double bend = 0.05 * fractal(x * 3, y * 3, 3, 1021);
        const double density = dune.ripple * (1 - 0.9 * std::min(below, 0.55));
        const double ripples = wave(density * (below + 0.30 * x + bend));
        const double fade = smooth_step(0.0, 0.16, below) * (1 - 0.7 * dark);
        const double grain = fractal(x * 180, y * 180, 2, 1031) - 0.5;
        const Colour lit =
            mix(Colour{0.97, 0.72, 0.42}, Colour{0.86, 0.52, 0.26}, smooth_step(0, 0.5, below));
        const Colour shadow =
            mix(Colour{0.46, 0.26, 0.25}, Colour{0.30, 0.17, 0.20}, smooth_step(0, 0.35, below));
        const double detail = 1 + 0.10 * fade * ripples + 0.04 * grain * smooth_step(0.0, 0.25, below);
        return mix(mix(lit, shadow, dark) * detail, Colour{0.95, 0.82, 0.68}, dune.haze);
    });
}

// Two rows of steps over the near dune.
void paint_footprints(Canvas& canvas) {
    for (int i = 0; i < 34; ++i) {
        const double t = i / 33.0, size = mix(0.0022, 0.0105, t * t);
        const Point at{0.33 - 0.15 * t * t - 0.04 * wave(0.6 * t) + (i % 2 == 0 ? -1 : 1) * size * 0.75,
                       mix(0.725, 0.985, t * t)};
        canvas.paint({at.x - 2 * size, at.y - size, at.x + 2 * size, at.y + size},
                     [&](double x, double y, Colour there) {
                         const double dx = (x - at.x) / size, dy = (y - at.y) / (0.55 * size);
                         const double inside = smooth_step(1.0, 0.6, dx * dx + dy * dy);
                         return there * mix(1.0, mix(0.58, 1.12, smooth_step(-0.4, 0.9, dx)), inside);
                     });
    }
}

}  // namespace

Image draw_dunes() {
    Canvas canvas;
    canvas.fill(sky);
    paint_dune(canvas, {0.475, 0.050, 2.6, 0.35, 260, 0.52});
    paint_dune(canvas, {0.535, 0.090, 1.7, 0.80, 190, 0.28});
    paint_dune(canvas, {0.610, 0.170, 1.05, 0.14, 120, 0.10});
    paint_dune(canvas, {0.800, 0.150, 0.75, 0.42, 62, 0.0});
    paint_footprints(canvas);
    return canvas.finish();
}

}  // namespace shadenet
