// A planted fault for every finding, and none without a fault.
#include "statistics/quality.h"

#include <algorithm>
#include <cmath>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t side = 96;

/// Edges, gradients and fine detail in all tones.
Image scene() {
    Image image{side, side + 5, std::vector<float>(std::size_t{3} * side * (side + 5))};
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < image.height; ++y) {
            for (std::uint32_t x = 0; x < image.width; ++x) {
                const double slope = 0.05 + 0.9 * y / image.height;
                const double square = (x / 12 + y / 9) % 2 == 0 ? 0.08 : -0.08;
                const double fine = 0.05 * std::sin(1.9 * x + 0.3 * c) * std::cos(1.3 * y);
                image.at(c, y, x) = static_cast<float>(std::clamp(slope + square + fine, 0.0, 1.0));
            }
        }
    }
    return image;
}

/// A blur by [part, 1 − 2·part, part] in both directions, of the inside; a negative part sharpens.
Image blurred(const Image& image, float part) {
    Image across = image, both = image;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 1; y + 1 < image.height; ++y) {
            for (std::uint32_t x = 1; x + 1 < image.width; ++x) {
                across.at(c, y, x) = (1 - 2 * part) * image.at(c, y, x) +
                                     part * (image.at(c, y, x - 1) + image.at(c, y, x + 1));
            }
        }
    }
    both = across;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 1; y + 1 < image.height; ++y) {
            for (std::uint32_t x = 1; x + 1 < image.width; ++x) {
                both.at(c, y, x) = (1 - 2 * part) * across.at(c, y, x) +
                                   part * (across.at(c, y - 1, x) + across.at(c, y + 1, x));
            }
        }
    }
    return both;
}

template <class Change>
Image changed(Image image, const Change& change) {
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < image.height; ++y) {
            for (std::uint32_t x = 0; x < image.width; ++x) change(image.at(c, y, x), c, y, x);
        }
    }
    return image;
}

constexpr double untouched = 0.01;  // 20 dB

QualityFigures figures(const Image& result, const Image& target = scene()) {
    return figures_of(compare_pictures(to_picture8(result), to_picture8(target)), untouched);
}

QualityVerdict verdict_on(const Image& result, const Image& target = scene()) {
    return judge({.all = figures(result, target), .pictures = {}, .of = 1});
}

std::vector<QualityKind> kinds_of(const QualityVerdict& verdict) {
    std::vector<QualityKind> kinds;
    for (const QualityFinding& finding : verdict.findings) kinds.push_back(finding.kind);
    return kinds;
}

using Kinds = std::vector<QualityKind>;

/// The verdict on figures alone, of a network that stands so to the best linear filter.
QualityVerdict learned(double loss, double floor, double reached, bool has_activation) {
    QualityFacts facts;
    facts.all.loss = loss;
    facts.all.levels = 255 * std::sqrt(loss) / 1.5;
    facts.all.off = 0.5;
    facts.all.similarity = 0.8;
    facts.all.untouched = untouched;
    facts.floor = Floor{.loss = floor, .pixels = 1000, .side = 5, .reached = reached};
    facts.has_activation = has_activation;
    return judge(facts);
}

}  // namespace

TEST_CASE("quality: equal pictures cannot be told apart, nor such that differ by rounding") {
    QualityVerdict verdict = verdict_on(scene());
    CHECK(verdict.grade == QualityGrade::same);
    CHECK(verdict.findings.empty());
    const Image rounded = changed(scene(), [](float& value, auto c, auto y, auto x) {
        value += (static_cast<float>((7 * c + 3 * y + 5 * x) % 3) - 1) / 255;
    });
    verdict = verdict_on(rounded);
    CHECK(verdict.grade == QualityGrade::same);
    CHECK(verdict.findings.empty());
}

TEST_CASE("quality: a blur is soft, by how much, and its opposite too sharp") {
    QualityVerdict verdict = verdict_on(blurred(scene(), 0.07f));
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::soft});
    CHECK_THAT(verdict.findings[0].text, ContainsSubstring("slightly soft: fine detail has "));
    verdict = verdict_on(blurred(scene(), 0.2f));
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::soft});
    CHECK_THAT(verdict.findings[0].text, Catch::Matchers::StartsWith("soft: "));
    verdict = verdict_on(blurred(scene(), -0.05f));
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::sharp});
    CHECK_THAT(verdict.findings[0].text, Catch::Matchers::StartsWith("slightly too sharp: "));
    CHECK(kinds_of(verdict_on(blurred(scene(), -0.15f))) == Kinds{QualityKind::sharp});
}

TEST_CASE("quality: noise is grain and not sharpness") {
    std::mt19937_64 random = random_stream(3, 1);
    const Image target = blurred(blurred(scene(), 0.3f), 0.3f);
    const Image noisy = changed(target, [&](float& value, auto, auto, auto) {
        value += static_cast<float>(0.06 * (uniform(random) - 0.5));
    });
    const std::vector<QualityKind> kinds = kinds_of(verdict_on(noisy, target));
    CHECK(kinds == Kinds{QualityKind::grain});
    // A flat target has no detail at all: exactly none where it is black.
    for (const float level : {0.0f, 0.5f}) {
        const Image flat = changed(scene(), [&](float& value, auto, auto, auto) { value = level; });
        const Image dotted = changed(flat, [](float& value, auto, std::uint32_t y, std::uint32_t x) {
            if (y % 2 == 0 && x % 2 == 0) value += 5.0f / 255;
        });
        CHECK(kinds_of(verdict_on(dotted, flat)) == Kinds{QualityKind::grain});
        CHECK(figures(dotted, flat).bands[0].strength == 1);
        CHECK(figures(flat, flat).bands[0].energy == 1);
    }
}

TEST_CASE("quality: a tint has its colour and size, and a brightness its way") {
    const auto shifted = [](std::array<float, 3> levels) {
        return verdict_on(
            changed(scene(),
                    [&](float& value, auto c, auto, auto) {
                        value = 0.8f * value + 0.1f;
                        value += levels[c] / 255;
                    }),
            changed(scene(), [](float& value, auto, auto, auto) { value = 0.8f * value + 0.1f; }));
    };
    const std::vector<std::pair<std::array<float, 3>, const char*>> tints = {
        {{0, 2, 0}, "a greenish tint of 2 levels"}, {{3, 0, 0}, "a reddish tint of 3 levels"},
        {{0, 0, 4}, "a bluish tint of 4 levels"},   {{-3, 0, 0}, "a cyan tint of 3 levels"},
        {{0, -3, 0}, "a magenta tint of 3 levels"}, {{0, 0, -3}, "a yellowish tint of 3 levels"}};
    for (const auto& [levels, text] : tints) {
        const QualityVerdict verdict = shifted(levels);
        CHECK(verdict.grade == QualityGrade::close);
        REQUIRE(kinds_of(verdict) == Kinds{QualityKind::tint});
        CHECK(verdict.findings[0].text == text);
    }
    QualityVerdict verdict = shifted({3, 3, 3});
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::brightness});
    CHECK(verdict.findings[0].text == "too bright by 3 levels");
    verdict = shifted({-6, -6, -6});
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::brightness});
    CHECK(verdict.findings[0].text == "too dark by 6 levels");
}

TEST_CASE("quality: clipped lights and lifted shadows are named by their tone") {
    const QualityVerdict clipped = verdict_on(changed(scene(), [](float& value, auto, auto, auto) {
        if (value > 0.75f) value = 0.75f;
    }));
    const auto lights = std::ranges::find(clipped.findings, QualityKind::tone, &QualityFinding::kind);
    REQUIRE(lights != clipped.findings.end());
    CHECK_THAT(lights->text, Catch::Matchers::StartsWith("lights are off by ") &&
                                 ContainsSubstring(", too dark; the other tones by 0.0"));
    const QualityVerdict lifted =
        verdict_on(changed(scene(), [](float& value, auto, auto, auto) { value = std::max(value, 0.2f); }));
    const auto shadows = std::ranges::find(lifted.findings, QualityKind::tone, &QualityFinding::kind);
    REQUIRE(shadows != lifted.findings.end());
    CHECK_THAT(shadows->text,
               Catch::Matchers::StartsWith("shadows are off by ") && ContainsSubstring(", too bright"));
}

TEST_CASE("quality: a rim is a line at the edges, and padding its remedy") {
    const Image rim = changed(scene(), [](float& value, auto, auto y, auto x) {
        if (y == 1 && x >= 1 && x + 1 < side) value += (value > 0.5f ? -26.0f : 26.0f) / 255;
    });
    QualityFacts facts{.all = figures(rim), .pictures = {}, .of = 1, .pads_zeros = true};
    // One row of a ring of four sides.
    CHECK(facts.all.rings[1] == Approx(26.0 * (side - 2) / (2 * (side - 2 + side + 5 - 4))).epsilon(0.02));
    CHECK(facts.all.inside == 0.0);
    QualityVerdict verdict = judge(facts);
    const auto found = std::ranges::find(verdict.findings, QualityKind::rim, &QualityFinding::kind);
    REQUIRE(found != verdict.findings.end());
    CHECK(found->text == "a line along the edges is off by 6 levels; the inside by 0.0");
    CHECK_THAT(found->remedy, ContainsSubstring("--padding edge"));
    facts.pads_zeros = false;
    verdict = judge(facts);
    CHECK(std::ranges::find(verdict.findings, QualityKind::rim, &QualityFinding::kind)->remedy.empty());
    // Errors that are everywhere are no rim.
    facts.all.inside = 5;
    verdict = judge(facts);
    CHECK(std::ranges::find(verdict.findings, QualityKind::rim, &QualityFinding::kind) ==
          verdict.findings.end());
}

TEST_CASE("quality: a picture that is worse than the others is named") {
    QualityFacts facts{.all = figures(scene()), .pictures = {}, .of = 3};
    facts.pictures = {{"coast", 1e-4, 2, 0.99, untouched},
                      {"city", 1e-3, 6, 0.9, untouched},
                      {"fog", 3e-4, 3, 0.98, untouched}};
    const QualityVerdict verdict = judge(facts);
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::worst});
    CHECK(verdict.findings[0].text == "worst picture: city, 30.0 dB against 37.0 dB of the others");
    facts.pictures[1].loss = 4e-4;  // 3 dB
    CHECK(judge(facts).findings.empty());
    facts.pictures = {{"coast", 1e-6, 0, 1, untouched}, {"city", 1e-4, 2, 0.99, untouched}};
    CHECK(judge(facts).findings.empty());  // 40 dB is close all the same
    facts.pictures.resize(1);
    CHECK(judge(facts).findings.empty());
}

TEST_CASE("quality: a linear network at the best filter has not learned, and cannot") {
    const QualityVerdict verdict = learned(0.0269, 0.0268, 0.027, false);
    CHECK(verdict.grade == QualityGrade::far);
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::nothing_gained, QualityKind::not_learned});
    CHECK(verdict.findings[1].text ==
          "not learned: no linear filter of 5x5 pixels does this, the best reaches 15.7 dB");
    CHECK(verdict.findings[1].remedy == "try --activation relu, a larger --kernel, or --network dncnn");
    CHECK(learned(1e-4, 1e-4, 1e-4, false).findings.empty());  // 40 dB is near enough
}

TEST_CASE("quality: a network behind the best filter has yet to learn") {
    QualityVerdict verdict = learned(1e-3, 1.7e-7, 1e-3, false);
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::not_learned_yet});
    CHECK(
        verdict.findings[0].text ==
        "not learned yet: the best linear filter of 5x5 pixels reaches 67.7 dB on the training pictures, the "
        "network 30.0 dB");
    CHECK_THAT(verdict.findings[0].remedy, ContainsSubstring("--epochs"));
    verdict = learned(1e-3, 1e-4, 1e-3, true);
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::not_learned_yet});
    CHECK_THAT(verdict.findings[0].text, ContainsSubstring("yet: even the best"));
    verdict = learned(1e-3, 4e-3, 1e-3, true);
    REQUIRE(kinds_of(verdict) == Kinds{QualityKind::further});
    CHECK_THAT(verdict.findings[0].remedy, ContainsSubstring("--network dncnn"));
    CHECK(learned(1e-4, 4e-3, 1e-4, true).findings.empty());
}

TEST_CASE("quality: grades and their words") {
    CHECK(learned(1e-4, 1e-4, 1e-4, true).grade == QualityGrade::close);
    CHECK(learned(1e-3, 1e-3, 1e-3, true).grade == QualityGrade::visible);
    CHECK(learned(2e-3, 1e-3, 1e-3, true).grade == QualityGrade::far);
    QualityFigures all;
    all.loss = 1.288e-5;
    all.levels = 0.62;
    all.similarity = 0.9978;
    CHECK(verdict_text(QualityGrade::same, all) ==
          "cannot be told from the target (48.9 dB, 0.6 grey levels)");
    CHECK(figures_text(all) == "48.9 dB, 0.6 grey levels, SSIM 0.998");
    all.levels = 26.4;
    CHECK(verdict_text(QualityGrade::far, all) == "far from the target (48.9 dB, 26 grey levels)");
    CHECK(error_text(0, 0) == "infinite dB, 0.0 grey levels");
    CHECK(error_text(1, 1) == "0.0 dB, 1.0 grey level");
}
