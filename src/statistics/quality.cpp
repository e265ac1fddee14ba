#include "statistics/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/psnr.h"

namespace shadenet {

namespace {

constexpr double levels_of_white = 255;

double part(double sum, double count) {
    return count > 0 ? sum / count : 0;
}

QualityFigures::Band band_of(const QualitySums::Band& sums, double pixels) {
    QualityFigures::Band band;
    const double error = std::max(0.0, sums.result - 2 * sums.both + sums.target);
    band.detail = std::sqrt(part(sums.target, pixels));
    band.error = std::sqrt(part(error, pixels));
    // Of flat pictures sums in float32 leave less than this: it is no detail.
    constexpr double none = 0.01;
    if (band.detail >= none) {
        band.strength = sums.both / sums.target;
        band.energy = sums.result / sums.target;
    } else {
        band.energy = std::max(1.0, part(sums.result, pixels) / (none * none));
    }
    return band;
}

QualityFigures::Tone tone_figures(const QualitySums::Tone& sums, double pixels) {
    QualityFigures::Tone tone;
    tone.share = part(sums.pixels, pixels);
    tone.levels = part(sums.absolute, 3 * sums.pixels);
    for (std::size_t c = 0; c < 3; ++c) tone.colour[c] = part(sums.error[c], sums.pixels);
    return tone;
}

/// "0.6", "26": as many digits as mean something.
std::string levels_text(double levels) {
    return levels < 9.95 ? fmt::format("{:.1f}", levels) : fmt::format("{:.0f}", levels);
}

}  // namespace

QualityFigures figures_of(const QualitySums& sums, double untouched) {
    QualityFigures figures;
    const double values = 3 * sums.pixels;
    figures.loss = part(sums.squares, values * levels_of_white * levels_of_white);
    figures.levels = part(sums.absolute, values);
    figures.off = part(sums.off, values);
    figures.similarity = part(sums.similarity, sums.windows);
    figures.untouched = untouched;
    for (std::size_t i = 0; i < band_count; ++i) figures.bands[i] = band_of(sums.bands[i], sums.pixels);
    for (std::size_t i = 0; i < tone_count; ++i) {
        figures.tones[i] = tone_figures(sums.tones[i], sums.pixels);
        for (std::size_t c = 0; c < 3; ++c) figures.colour[c] += part(sums.tones[i].error[c], sums.pixels);
    }
    for (std::size_t i = 0; i < ring_count; ++i) {
        figures.rings[i] = part(sums.rings[i].absolute, sums.rings[i].values);
    }
    if (sums.inside.values > 0) figures.inside = sums.inside.absolute / sums.inside.values;
    return figures;
}

std::string grade_text(QualityGrade grade) {
    constexpr auto texts = words_of<QualityGrade>("cannot be told from the target", "close to the target",
                                                  "visibly off the target", "far from the target");
    return texts[grade];
}

std::string figures_text(const QualityFigures& figures) {
    return fmt::format("{}, SSIM {:.3f}", error_text(figures.loss, figures.levels), figures.similarity);
}

std::string error_text(double loss, double levels) {
    const std::string text = levels_text(levels);
    return fmt::format("{}, {} grey level{}", psnr_text(loss), text, text == "1.0" ? "" : "s");
}

std::string verdict_text(QualityGrade grade, const QualityFigures& figures) {
    return fmt::format("{} ({})", grade_text(grade), error_text(figures.loss, figures.levels));
}

std::string quality_line(const QualityFinding& finding) {
    return finding.remedy.empty() ? finding.text : fmt::format("{}; {}", finding.text, finding.remedy);
}

}  // namespace shadenet
