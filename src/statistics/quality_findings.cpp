// What the figures of quality.h are worth a word for, and the words.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/psnr.h"
#include "statistics/quality.h"
#include "statistics/quality_bounds.h"

namespace shadenet {

namespace {

using Findings = std::vector<QualityFinding>;

/// Faults that have a name are seen however small the errors are otherwise: areas, lines and colours.
QualityGrade grade_of(const QualityFigures& figures, bool has_faults) {
    const bool same = !has_faults && figures.levels <= bounds::same_levels &&
                      figures.off <= bounds::same_off && figures.similarity >= bounds::same_similarity;
    if (same) return QualityGrade::same;
    const double decibels = psnr(figures.loss);
    if (decibels >= bounds::close_decibels) return QualityGrade::close;
    return decibels >= bounds::visible_decibels ? QualityGrade::visible : QualityGrade::far;
}

/// "5x5".
std::string window_text(const Floor& floor) {
    return fmt::format("{0}x{0}", floor.side);
}

std::string larger_network(const QualityFacts& facts) {
    if (!facts.two_layer) return "a network with more layers (--network)";
    return facts.has_activation ? "a larger network (--hidden, --kernel, --network dncnn)"
                                : "--activation relu, a larger --kernel, or --network dncnn";
}

/// How the network stands to the best linear filter: whether it has yet to learn, or cannot.
void add_learned(const QualityFacts& facts, QualityGrade grade, Findings& findings) {
    if (grade == QualityGrade::same) return;
    const double gained = psnr(facts.all.loss) - psnr(facts.all.untouched);
    if (gained < bounds::least_gain) {
        findings.push_back({QualityKind::nothing_gained,
                            fmt::format("no nearer to the target than the input as it is, {}",
                                        psnr_text(facts.all.untouched)),
                            ""});
    }
    if (!facts.floor || !facts.floor->reached) return;
    const Floor& floor = *facts.floor;
    const double behind = psnr(floor.loss) - psnr(*floor.reached);
    const bool is_far = grade >= QualityGrade::visible;
    if (behind >= bounds::below_linear) {
        findings.push_back(
            {QualityKind::not_learned_yet,
             fmt::format("not learned yet: {}the best linear filter of {} pixels reaches {} on the training "
                         "pictures, the network {}",
                         facts.has_activation ? "even " : "", window_text(floor), psnr_text(floor.loss),
                         psnr_text(*floor.reached)),
             "train longer (--epochs)"});
    } else if (is_far && !facts.has_activation && behind <= bounds::at_linear) {
        findings.push_back({QualityKind::not_learned,
                            fmt::format("not learned: no linear filter of {} pixels does this, the best "
                                        "reaches {}",
                                        window_text(floor), psnr_text(floor.loss)),
                            "try " + larger_network(facts)});
    } else if (is_far) {
        findings.push_back({QualityKind::further, "not learned in full",
                            "train longer (--epochs), or try " + larger_network(facts)});
    }
}

std::string percent(double part) {
    return fmt::format("{:.0f} %", 100 * part);
}

const char* slightly(double difference) {
    return std::abs(difference) < bounds::detail_strong ? "slightly " : "";
}

/// Of the finest band: too little of the target's detail, too much of it, or what is none of it.
void add_detail(const QualityFigures& all, Findings& findings) {
    const QualityFigures::Band& finest = all.bands.front();
    if (finest.error < bounds::least_detail_error) return;
    const double strength = finest.strength - 1;
    const bool has_detail = finest.detail >= bounds::least_detail;
    const std::string words =
        fmt::format("fine detail has {} of its strength in the target", percent(finest.strength));
    if (has_detail && strength <= -bounds::detail_slight) {
        findings.push_back({QualityKind::soft, fmt::format("{}soft: {}", slightly(strength), words), ""});
    } else if (has_detail && strength >= bounds::detail_slight) {
        findings.push_back(
            {QualityKind::sharp, fmt::format("{}too sharp: {}", slightly(strength), words), ""});
    } else if (finest.energy >= 1 + bounds::grain) {
        findings.push_back({QualityKind::grain, "grain or patterns that the target has not", ""});
    }
}

/// Which way a colour is off that the mean of all three is not.
const char* tint_word(const std::array<double, 3>& colour) {
    const double mean = (colour[0] + colour[1] + colour[2]) / 3;
    std::size_t most = 0;
    for (std::size_t c = 1; c < 3; ++c) {
        if (std::abs(colour[c] - mean) > std::abs(colour[most] - mean)) most = c;
    }
    constexpr std::array<const char*, 3> more = {"reddish", "greenish", "bluish"};
    constexpr std::array<const char*, 3> less = {"cyan", "magenta", "yellowish"};
    return colour[most] > mean ? more[most] : less[most];
}

std::string level_count(double levels) {
    const std::string text = fmt::format("{:.0f}", levels);
    return fmt::format("{} level{}", text, text == "1" ? "" : "s");
}

void add_colour(const QualityFigures& all, Findings& findings) {
    const auto [least, most] = std::minmax_element(all.colour.begin(), all.colour.end());
    if (*most - *least >= bounds::tint) {
        findings.push_back(
            {QualityKind::tint,
             fmt::format("a {} tint of {}", tint_word(all.colour), level_count(*most - *least)), ""});
    }
    const double mean = (all.colour[0] + all.colour[1] + all.colour[2]) / 3;
    if (std::abs(mean) >= bounds::brightness) {
        findings.push_back(
            {QualityKind::brightness,
             fmt::format("too {} by {}", mean > 0 ? "bright" : "dark", level_count(std::abs(mean))), ""});
    }
}

void add_tones(const QualityFigures& all, Findings& findings) {
    constexpr std::array<const char*, tone_count> names = {"shadows", "middle tones", "lights"};
    for (std::size_t i = 0; i < tone_count; ++i) {
        const QualityFigures::Tone& tone = all.tones[i];
        const double others = 1 - tone.share;
        const double levels_of_others = others > 0 ? (all.levels - tone.share * tone.levels) / others : 0;
        if (tone.share < bounds::least_tone || others < bounds::least_tone) continue;
        if (tone.levels < bounds::tone || tone.levels < bounds::tone_factor * levels_of_others) continue;
        const double mean = (tone.colour[0] + tone.colour[1] + tone.colour[2]) / 3;
        // Errors of both signs make it neither brighter nor darker.
        const char* way = std::abs(mean) < tone.levels / 2 ? "" : mean > 0 ? ", too bright" : ", too dark";
        findings.push_back({QualityKind::tone,
                            fmt::format("{} are off by {}{}; the other tones by {:.1f}", names[i],
                                        level_count(tone.levels), way, levels_of_others),
                            ""});
    }
}

void add_rim(const QualityFacts& facts, Findings& findings) {
    const QualityFigures& all = facts.all;
    if (!all.inside) return;
    const auto worst = std::max_element(all.rings.begin(), all.rings.end());
    if (*worst < bounds::rim || *worst < bounds::rim_factor * *all.inside) return;
    findings.push_back({QualityKind::rim,
                        fmt::format("a line along the edges is off by {}; the inside by {:.1f}",
                                    level_count(*worst), *all.inside),
                        facts.pads_zeros ? "--padding edge or reflect leaves none" : ""});
}

void add_worst(const QualityFacts& facts, Findings& findings) {
    const std::vector<PictureQuality>& pictures = facts.pictures;
    if (pictures.size() < 2) return;
    const auto worst = std::max_element(pictures.begin(), pictures.end(),
                                        [](const auto& a, const auto& b) { return a.loss < b.loss; });
    double others = 0;
    for (const PictureQuality& picture : pictures) others += &picture == &*worst ? 0 : picture.loss;
    others /= static_cast<double>(pictures.size() - 1);
    if (psnr(others) - psnr(worst->loss) < bounds::worst_decibels) return;
    if (psnr(worst->loss) >= bounds::close_decibels) return;
    findings.push_back({QualityKind::worst,
                        fmt::format("worst picture: {}, {} against {} of the others", worst->name,
                                    psnr_text(worst->loss), psnr_text(others)),
                        ""});
}

}  // namespace

QualityVerdict judge(const QualityFacts& facts) {
    Findings faults;
    add_rim(facts, faults);
    add_colour(facts.all, faults);
    add_detail(facts.all, faults);
    add_tones(facts.all, faults);
    QualityVerdict verdict{grade_of(facts.all, !faults.empty()), {}};
    add_learned(facts, verdict.grade, verdict.findings);
    // What is not learned at all is not soft or tinted besides.
    if (verdict.grade != QualityGrade::far || verdict.findings.empty()) {
        verdict.findings.insert(verdict.findings.end(), faults.begin(), faults.end());
    }
    add_worst(facts, verdict.findings);
    return verdict;
}

}  // namespace shadenet
