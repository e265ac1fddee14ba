#include "canvas.h"

namespace shadenet {

Colour Canvas::at(double x, double y) const {
    const int column = std::clamp(static_cast<int>(std::floor(x * side)), 0, side - 1);
    const int row = std::clamp(static_cast<int>(std::floor(y * side)), 0, side - 1);
    return colours_[static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column)];
}

Image Canvas::finish() const {
    Image image{pixels, pixels, std::vector<float>(3 * std::size_t{pixels} * pixels)};
    const auto quantised = [](double sum) {
        const double level = std::floor(clamp01(sum / (samples * samples)) * 255 + 0.5);
        return static_cast<float>(level) / 255.0f;
    };
    for (std::uint32_t y = 0; y < image.height; ++y) {
        for (std::uint32_t x = 0; x < image.width; ++x) {
            Colour sum;
            for (int i = 0; i < samples * samples; ++i) {
                const std::size_t row = y * std::size_t{samples} + static_cast<std::size_t>(i / samples);
                const std::size_t column = x * std::size_t{samples} + static_cast<std::size_t>(i % samples);
                sum = sum + colours_[row * side + column];
            }
            image.at(0, y, x) = quantised(sum.r);
            image.at(1, y, x) = quantised(sum.g);
            image.at(2, y, x) = quantised(sum.b);
        }
    }
    return image;
}

Along along_segment(Point p, Point a, Point b) {
    const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    const double t = length2 == 0 ? 0 : clamp01(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2);
    const double ox = p.x - a.x - t * dx, oy = p.y - a.y - t * dy;
    return {t, std::sqrt(ox * ox + oy * oy)};
}

}  // namespace shadenet
