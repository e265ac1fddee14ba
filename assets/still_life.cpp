// Glossy balls on a table, traced: smooth shading, soft shadows, highlights and reflections.
#include <array>

#include "canvas.h"
#include "scenes.h"

namespace shadenet {

namespace {

struct Vector {
    double x, y, z;
};
Vector operator+(Vector a, Vector b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
Vector operator-(Vector a, Vector b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
Vector operator*(Vector a, double s) {
    return {a.x * s, a.y * s, a.z * s};
}
double dot(Vector a, Vector b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
Vector unit(Vector a) {
    return a * (1 / std::sqrt(dot(a, a)));
}

struct Ball {
    Vector centre;
    double radius;
    Colour colour;
    int pattern;  // 0 plain, 1 stripes, 2 marble
};

// y up, the table at y = 0, the camera looks towards +z.
constexpr std::array<Ball, 7> balls = {{
    {{-0.95, 0.80, 1.10}, 0.80, {0.80, 0.12, 0.10}, 0},
    {{0.75, 0.95, 1.75}, 0.95, {0.10, 0.30, 0.62}, 2},
    {{0.28, 0.42, -0.10}, 0.42, {0.95, 0.66, 0.08}, 0},
    {{-0.42, 0.27, -0.62}, 0.27, {0.12, 0.52, 0.28}, 1},
    {{1.36, 0.34, 0.10}, 0.34, {0.92, 0.90, 0.85}, 1},
    {{-1.52, 0.30, -0.15}, 0.30, {0.55, 0.20, 0.58}, 0},
    {{0.82, 0.17, -0.85}, 0.17, {0.85, 0.36, 0.30}, 2},
}};
constexpr Vector lamp{-3.4, 5.2, -2.6};

struct Hit {
    double distance;
    const Ball* ball;  // null for the table and for the wall
};

double hit_ball(Vector from, Vector direction, const Ball& ball) {
    const Vector offset = from - ball.centre;
    const double b = dot(offset, direction), c = dot(offset, offset) - ball.radius * ball.radius;
    const double discriminant = b * b - c;
    return discriminant <= 0 ? -1 : -b - std::sqrt(discriminant);
}

Hit first_hit(Vector from, Vector direction) {
    Hit hit{1e9, nullptr};
    if (direction.y < 0) hit.distance = -from.y / direction.y;
    for (const Ball& ball : balls) {
        const double distance = hit_ball(from, direction, ball);
        if (distance > 1e-6 && distance < hit.distance) hit = {distance, &ball};
    }
    return hit;
}

// The part of a square lamp that a point sees: 16 rays, turned from point to point to avoid bands.
double seen_lamp(Vector point) {
    const auto cell = [](double v) { return static_cast<std::int64_t>(std::floor(v * 900)); };
    const double jitter_u = hashed(cell(point.x), cell(point.z), 5),
                 jitter_v = hashed(cell(point.y), cell(point.x), 6);
    int seen = 0;
    for (int i = 0; i < 16; ++i) {
        const double u = (i % 4 + jitter_u) / 4 - 0.5, v = (i / 4 + jitter_v) / 4 - 0.5;
        const Vector direction = unit(lamp + Vector{1.5 * u, 0.4 * v, 1.5 * v} - point);
        const bool blocked = std::any_of(balls.begin(), balls.end(), [&](const Ball& ball) {
            return hit_ball(point, direction, ball) > 1e-6;
        });
        seen += blocked ? 0 : 1;
    }
    return seen / 16.0;
}

// How far neighbours leave a point open to the room: darkens where things touch.
double openness(Vector point, Vector normal, const Ball* self) {
    double open = 1;
    for (const Ball& ball : balls) {
        if (&ball == self) continue;
        const Vector to = ball.centre - point;
        const double distance2 = dot(to, to), facing = dot(normal, unit(to));
        open *= 1 - clamp01(0.5 + 0.5 * facing) * clamp01(ball.radius * ball.radius / distance2) * 0.85;
    }
    if (self != nullptr) open *= mix(0.55, 1.0, smooth_step(0, 0.6, point.y + 0.3 * normal.y));
    return open;
}

Colour ball_colour(const Ball& ball, Vector normal) {
    if (ball.pattern == 1) {
        const double band = wave(1.6 * normal.y + 0.5 * normal.x);
        return mix(ball.colour, Colour{0.96, 0.93, 0.86} * mix(1.0, 0.35, ball.colour.b),
                   smooth_step(-0.05, 0.05, band));
    }
    if (ball.pattern == 2) {
        const double vein = ridged(3 * normal.x + normal.z + 4, 3 * normal.y + 2, 5, 301);
        return mix(ball.colour, Colour{0.85, 0.86, 0.84}, 0.8 * smooth_step(0.62, 0.85, vein));
    }
    return ball.colour;
}

Colour wood(Vector point) {
    const double plank = std::floor(point.x / 0.62 + 20);
    const double across = point.x / 0.62 + 20 - plank;
    const double shift = 7 * hashed(static_cast<std::int64_t>(plank), 3, 311);
    const double grain = fractal(point.x * 11 + shift, point.z * 1.1 + shift, 5, 317);
    const double rings = 0.5 + 0.5 * wave(5 * grain + point.x * 2);
    const Colour light{0.72, 0.50, 0.31}, dark{0.50, 0.30, 0.17};
    const double tone = 0.88 + 0.20 * hashed(static_cast<std::int64_t>(plank), 9, 331);
    const double seam = std::min(smooth_step(0, 0.02, across), smooth_step(1, 0.98, across));
    return mix(light, dark, 0.25 + 0.5 * rings * grain + 0.2 * grain) * (tone * mix(0.45, 1.0, seam));
}

Colour wall(Vector direction) {
    const double glow = bell((direction.x + 0.30) / 0.75) * bell((direction.y - 0.12) / 0.8);
    return mix(Colour{0.13, 0.19, 0.22}, Colour{0.52, 0.62, 0.62}, glow);
}

// The lamp as a bright square above: what glossy things show of it.
Colour room(Vector from, Vector direction) {
    Colour colour = wall(direction) * mix(0.75, 1.25, clamp01(0.5 + 0.5 * direction.y));
    if (direction.y <= 0.05) return colour;
    const double distance = (lamp.y - from.y) / direction.y;
    const Vector at = from + direction * distance - lamp;
    const double u = std::fabs(at.x), v = std::fabs(at.z);
    const double inside = smooth_step(1.10, 0.95, u) * smooth_step(1.10, 0.95, v);
    return mix(colour, Colour{3.2, 3.0, 2.7}, inside);
}

Colour trace(Vector from, Vector direction, int bounces) {
    const Hit hit = first_hit(from, direction);
    if (hit.distance > 1e8) return room(from, direction);
    const Vector point = from + direction * hit.distance;
    const Vector normal =
        hit.ball != nullptr ? (point - hit.ball->centre) * (1 / hit.ball->radius) : Vector{0, 1, 0};
    const Colour paint = hit.ball != nullptr ? ball_colour(*hit.ball, normal) : wood(point);
    const Vector to_lamp = unit(lamp - point);
    const double facing = std::max(0.0, dot(normal, to_lamp));
    const double direct = facing > 0 ? facing * seen_lamp(point + normal * 1e-4) : 0;
    const double open = openness(point, normal, hit.ball);
    Colour colour = paint * (Colour{1.22, 1.12, 0.98} * direct + Colour{0.30, 0.33, 0.36} * open);
    if (bounces > 0) {
        const double cosine = -dot(normal, direction), grazing = 1 - clamp01(cosine);
        const double power = grazing * grazing * grazing * grazing * grazing;
        const double mirror = hit.ball != nullptr ? 0.05 + 0.75 * power : 0.03 + 0.30 * power;
        const Vector bounced = direction + normal * (2 * cosine);
        colour = mix(colour, trace(point + normal * 1e-4, bounced, bounces - 1), mirror);
    }
    // The table fades into the wall's shade with distance.
    if (hit.ball == nullptr) colour = mix(colour, wall(direction), smooth_step(3.0, 10, point.z));
    return colour;
}

// Keeps highlights below white without a hard limit.
double exposed(double v) {
    return v < 0.7 ? v : 0.7 + 0.3 * (v - 0.7) / (v - 0.4);
}

}  // namespace

Image draw_still_life() {
    Canvas canvas;
    canvas.fill([](double x, double y) {
        const Vector eye{0, 1.75, -4.6};
        const Vector direction = unit({(x - 0.5) * 0.92, (0.5 - y) * 0.92 - 0.21, 1});
        const Colour colour = trace(eye, direction, 2);
        return Colour{exposed(colour.r), exposed(colour.g), exposed(colour.b)};
    });
    return canvas.finish();
}

}  // namespace shadenet
