// A square to paint on, nine samples to the pixel, and the shapes that the scenes share.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "image/image.h"
#include "noise.h"

namespace shadenet {

/// Linear arithmetic on display values, about 0..1.
struct Colour {
    double r = 0, g = 0, b = 0;
};

inline Colour operator+(Colour a, Colour b) {
    return {a.r + b.r, a.g + b.g, a.b + b.b};
}
inline Colour operator*(Colour a, Colour b) {
    return {a.r * b.r, a.g * b.g, a.b * b.b};
}
inline Colour operator*(Colour a, double s) {
    return {a.r * s, a.g * s, a.b * s};
}
inline Colour mix(Colour a, Colour b, double t) {
    return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

struct Point {
    double x = 0, y = 0;
};

struct Box {
    double left = 0, top = 0, right = 1, bottom = 1;
};

/// 0..1 in both directions, y down.
class Canvas {
  public:
    static constexpr int pixels = 512, samples = 3, side = pixels * samples;

    Canvas() : colours_(std::size_t{side} * side) {}

    /// colour(x, y) everywhere.
    template <typename F>
    void fill(F colour) {
        paint({}, [&](double x, double y, Colour) { return colour(x, y); });
    }

    /// colour(x, y, what is there) inside the box.
    template <typename F>
    void paint(Box box, F colour) {
        const int left = first_sample(box.left), right = first_sample(box.right);
        const int top = first_sample(box.top), bottom = first_sample(box.bottom);
        for (int row = top; row < bottom; ++row) {
            for (int column = left; column < right; ++column) {
                Colour& there =
                    colours_[static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column)];
                there = colour((column + 0.5) / side, (row + 0.5) / side, there);
            }
        }
    }

    /// What is there. Outside the square, the nearest sample.
    Colour at(double x, double y) const;

    /// The mean of each pixel's samples, rounded to n/255: exactly what an 8-bit file holds.
    Image finish() const;

  private:
    static int first_sample(double edge) { return static_cast<int>(clamp01(edge) * side + 0.5); }

    std::vector<Colour> colours_;  // (side, side)
};

/// How much of the way from a to b the point nearest to p lies, and how far from it p is.
struct Along {
    double t, distance;
};
Along along_segment(Point p, Point a, Point b);

/// Paints a line from a to b whose half width goes from `width_a` to `width_b`; colour(t) along it.
template <typename F>
void paint_stroke(Canvas& canvas, Point a, Point b, double width_a, double width_b, F colour) {
    const double reach = std::max(width_a, width_b);
    const Box box{std::min(a.x, b.x) - reach, std::min(a.y, b.y) - reach, std::max(a.x, b.x) + reach,
                  std::max(a.y, b.y) + reach};
    canvas.paint(box, [&](double x, double y, Colour there) {
        const Along on = along_segment({x, y}, a, b);
        return on.distance < mix(width_a, width_b, on.t) ? colour(on.t) : there;
    });
}

}  // namespace shadenet
