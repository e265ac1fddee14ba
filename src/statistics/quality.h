// How good a trained filter is, in people's words: from figures to a verdict. Pure: no device, no files.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/words.h"
#include "statistics/picture_quality.h"
#include "train/logs/floor.h"

namespace shadenet {

/// What sums over pictures come to. Levels are 255ths of white; errors with a sign are result − target.
struct QualityFigures {
    struct Band {
        double detail = 0;    ///< of the target: root mean square in levels
        double error = 0;     ///< likewise
        double strength = 1;  ///< the target's detail in the result: 1 is all, 0 none; 1 where there is none
        /// Of all that is there, as a part of the target's. A target without any counts as one of 0.01
        /// levels, and the energy as 1 where the result has none either.
        double energy = 1;
        bool operator==(const Band&) const = default;
    };
    struct Tone {
        double share = 0;                ///< of the pixels
        double levels = 0;               ///< mean absolute error
        std::array<double, 3> colour{};  ///< mean error of each
        bool operator==(const Tone&) const = default;
    };
    double loss = 0;        ///< mean squared error of values 0..1
    double levels = 0;      ///< mean absolute error
    double off = 0;         ///< part of the values that are off by more than visible_levels
    double similarity = 1;  ///< structural similarity, mean over windows
    double untouched = 0;   ///< the loss of the inputs as they are
    std::array<Band, band_count> bands{};
    std::array<Tone, tone_count> tones{};
    std::array<double, 3> colour{};          ///< mean error of each colour
    std::array<double, ring_count> rings{};  ///< mean absolute error in each ring, from the edge on
    std::optional<double> inside{};          ///< likewise; none in pictures too small to have an inside
    bool operator==(const QualityFigures&) const = default;
};

/// Of one picture or more.
QualityFigures figures_of(const QualitySums& sums, double untouched);

struct PictureQuality {
    std::string name;
    double loss = 0, levels = 0, similarity = 1, untouched = 0;
    bool operator==(const PictureQuality&) const = default;
};

enum class QualityGrade {
    same,     ///< cannot be told from the target
    close,    ///< seen where both lie over each other
    visible,  ///< seen side by side
    far,
};

enum class QualityKind {
    nothing_gained,   ///< no better than the inputs
    not_learned,      ///< no linear filter does this, and the network is one
    not_learned_yet,  ///< the best linear filter is better
    further,          ///< better than that, and not there
    soft,
    sharp,
    grain,
    tint,
    brightness,
    tone,
    rim,
    worst,  ///< a picture that is worse than the others
};

struct QualityFinding {
    QualityKind kind;
    std::string text;    ///< "slightly soft: fine detail has 93 % of its strength in the target"
    std::string remedy;  ///< what to do; empty where nothing is advised
    bool operator==(const QualityFinding&) const = default;
};

/// What is known of a trained network's results.
struct QualityFacts {
    QualityFigures all;
    std::vector<PictureQuality> pictures;  ///< those that were looked at
    std::uint32_t of = 0;                  ///< of how many
    bool validation = false;               ///< pictures that were not learned from
    std::optional<Floor> floor{};          ///< with what the network reached
    bool has_activation = false;
    bool pads_zeros = false;
    bool two_layer = true;  ///< shaped by --kernel, --hidden and --activation
};

struct QualityVerdict {
    QualityGrade grade = QualityGrade::same;
    std::vector<QualityFinding> findings;  ///< what matters most first
    bool operator==(const QualityVerdict&) const = default;
};

/// Within the bounds of quality_bounds.h.
QualityVerdict judge(const QualityFacts& facts);

inline constexpr auto quality_grades = words_of<QualityGrade>("same", "close", "visible", "far");
inline constexpr auto quality_kinds =
    words_of<QualityKind>("nothing_gained", "not_learned", "not_learned_yet", "further", "soft", "sharp",
                          "grain", "tint", "brightness", "tone", "rim", "worst");

/// "cannot be told from the target".
std::string grade_text(QualityGrade grade);
/// "48.9 dB, 0.6 grey levels": of a mean squared error of values 0..1, and a mean error in levels.
std::string error_text(double loss, double levels);
/// "48.9 dB, 0.6 grey levels, SSIM 0.998".
std::string figures_text(const QualityFigures& figures);
/// "cannot be told from the target (48.9 dB, 0.6 grey levels)".
std::string verdict_text(QualityGrade grade, const QualityFigures& figures);
/// What is so, and what to do.
std::string quality_line(const QualityFinding& finding);

}  // namespace shadenet
