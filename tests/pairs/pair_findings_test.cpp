#include "pairs/pair_findings.h"

#include <cmath>

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

using Weight = PairFinding::Weight;

namespace {

/// The only finding, which says `part` of these pairs.
void check_only(const LookedPairs& pairs, Weight weight, const std::string& part,
                const std::vector<std::uint32_t>& which) {
    const std::vector<PairFinding> findings = pairs.findings();
    for (const PairFinding& finding : findings) UNSCOPED_INFO(finding.what);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].weight == weight);
    CHECK_THAT(findings[0].what, ContainsSubstring(part));
    CHECK_FALSE(findings[0].remedy.empty());
    std::vector<std::uint32_t> found = findings[0].pairs;
    std::ranges::sort(found);
    CHECK(found == which);
}

const std::vector<std::uint32_t> all_seven = {0, 1, 2, 3, 4, 5, 6};

/// Dark in one picture, bright in another: what automatic exposure makes.
Image exposed(const Image& image) {
    double sum = 0;
    for (const float value : image.values) sum += value;
    const auto mean = static_cast<float>(sum / static_cast<double>(image.values.size()));
    return each_value(image, [&](float value) { return 0.5f * value / mean; });
}

Image vignetted(const Image& image) {
    return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
        const float u = static_cast<float>(x) / static_cast<float>(image.width) - 0.5f;
        const float v = static_cast<float>(y) / static_cast<float>(image.height) - 0.5f;
        return pixel(image, c, y, x) * (1 - u * u - v * v);
    });
}

}  // namespace

TEST_CASE("nothing is found in the sample pairs, nor in pairs of other filters") {
    for (const char* folder : {"grey", "sharpen", "warm"}) {
        LookedPairs pairs;
        const std::vector<Sample> inputs = sample_pictures("pairs/input", true);
        const std::vector<Sample> targets = sample_pictures("pairs/" + std::string(folder), true);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            pairs.add(inputs[i].name, inputs[i].image, targets[i].image);
        }
        for (const PairFinding& finding : pairs.findings()) FAIL_CHECK(folder << ": " << finding.what);
    }
    for (const Filter& filter : {Filter(negative), Filter(blurred), Filter(curved), Filter(edges)}) {
        for (const PairFinding& finding : looked(filter).findings()) FAIL_CHECK(finding.what);
    }
}

TEST_CASE("targets that lie beside their inputs are told, with their shift") {
    const Filter moved = [](const Image& image) { return negative(shifted(image, 3, -2)); };
    check_only(
        looked(moved), Weight::fault,
        "in all 7 pairs the target lies beside its input, 3.0 pixels to the right and 2.0 up: ", all_seven);
    check_only(looked(negative, {4}, moved), Weight::fault,
               "in 1 of 7 pairs the target lies beside its input", {4});
    LookedPairs different = looked(negative, {4}, moved);
    different.looks[1] = look_at_pair(sample_pictures()[1].image, shifted(sample_pictures()[1].image, 0, 9));
    const PairFinding finding = different.findings().front();
    CHECK_THAT(finding.what, ContainsSubstring("by different shifts, coast by 9.0 pixels down: coast, "));
    CHECK(finding.pairs == std::vector<std::uint32_t>{1, 4});
}

TEST_CASE("half a pixel is told where all targets have it") {
    const Filter half = [](const Image& image) {
        return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
            return (pixel(image, c, y, x) + pixel(image, c, y, x - 1)) / 2;
        });
    };
    const std::vector<PairFinding> findings = looked(half).findings();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].weight == Weight::warning);
    CHECK_THAT(findings[0].what,
               ContainsSubstring("a part of a pixel beside its input: 0.5 pixels to the right"));
}

TEST_CASE("targets that are turned, mirrored, cropped or of other pictures are told") {
    check_only(looked(curved, {2}, turned_image), Weight::fault, "flowers is turned by 90 degrees", {2});
    check_only(looked(curved, {5}, mirrored), Weight::fault, "is mirrored left to right", {5});
    check_only(looked(curved, {1}, [](const Image& image) { return cropped(image, 0.8); }), Weight::fault,
               "in 1 of 7 pairs the target is another crop, or in another scale: coast", {1});
    check_only(looked(curved, {3}, [](const Image&) { return sample_pictures()[4].image; }), Weight::fault,
               "in 1 of 7 pairs the target shows something else than its input: fog", {3});
    const LookedPairs other_size =
        looked(curved, {6}, [](const Image& image) { return resize(image, 128, 128); });
    check_only(other_size, Weight::fault, " is 256x256 before and 128x128 after", {6});
}

TEST_CASE(
    "pictures that share a fine pattern and nothing else are no pair, and with the same picture they are") {
    const std::vector<Sample> all = sample_pictures();
    const std::pair<const char*, std::function<bool(std::int64_t, std::int64_t)>> patterns[] = {
        {"canvas", [](std::int64_t y, std::int64_t x) { return y % 8 == 0 || x % 8 == 0; }},
        {"squares", [](std::int64_t y, std::int64_t x) { return (y / 4 + x / 4) % 2 == 0; }},
        {"stripes", [](std::int64_t y, std::int64_t x) { return (y + x) % 16 < 3; }},
        {"grain", [](std::int64_t y, std::int64_t x) { return (y * y * 7 + x * x * 13 + x * y) % 31 < 12; }}};
    for (const auto& [name, pattern] : patterns) {
        // Up to what a picture is hardly seen through.
        for (const float strength : {0.4f, 0.8f}) {
            INFO(name << " " << strength);
            const Filter seen = [&](const Image& image) {
                return drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
                    return 0.7f * pixel(image, c, y, x) + 0.3f - (pattern(y, x) ? strength : 0);
                });
            };
            for (const std::size_t i : {1u, 2u, 5u}) {
                const PairLook other = look_at_pair(seen(all[i].image), seen(all[(i + 1) % 7].image));
                CHECK(other.is_foreign());
                CHECK_FALSE(other.is_sound());
                CHECK_FALSE(look_at_pair(seen(all[i].image), negative(seen(all[i].image))).is_foreign());
            }
        }
    }
}

TEST_CASE("pairs that another filter has made are told, and those without any") {
    check_only(looked(curved, {3}, negative), Weight::warning,
               "in 1 of 7 pairs another filter seems to have made the target: fog", {3});
    check_only(looked(negative, {0}, [](const Image& image) { return image; }), Weight::warning,
               "in 1 of 7 pairs the target is the input itself", {0});
    check_only(looked([](const Image& image) { return image; }), Weight::fault,
               "the target is the input itself", all_seven);
}

TEST_CASE("targets that depend on the whole picture, or on the place in it, are told") {
    check_only(looked(exposed), Weight::warning, "the targets depend on the whole picture", {});
    check_only(looked(vignetted), Weight::warning, "the targets depend on the place in the picture", {});
}

TEST_CASE("pictures that are there twice are told, by content") {
    LookedPairs pairs = looked(negative);
    const Image again = sample_pictures()[2].image;
    // As another encoder leaves it.
    const Image encoded = each_value(
        again, [n = 0](float value) mutable { return value + static_cast<float>(n++ % 3 - 1) / 255; });
    pairs.add("again", encoded, negative(again));
    check_only(pairs, Weight::note, "in 1 of 8 pairs the pictures are there again, as flowers and again",
               {7});
    LookedPairs contrary = looked(negative);
    contrary.add("again", again, curved(again));
    const std::vector<PairFinding> findings = contrary.findings();
    REQUIRE_FALSE(findings.empty());
    CHECK(std::ranges::any_of(findings, [](const PairFinding& finding) {
        return finding.what.find("with another target, as flowers and again") != std::string::npos;
    }));
}

TEST_CASE("clipped targets are told") {
    const Filter harsh = [](const Image& image) {
        return each_value(image, [](float value) { return 3 * value - 0.4f; });
    };
    const std::vector<PairFinding> findings = looked(harsh).findings();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].weight == Weight::note);
    CHECK_THAT(findings[0].what, ContainsSubstring("the targets clip: "));
}

TEST_CASE("bit depths that differ are told, within pairs and between them") {
    LookedPairs pairs = looked(negative);
    pairs.looks[1].bits = 16;
    check_only(pairs, Weight::note,
               "in 1 of 7 pairs one picture has 16 bits, that before, and the other 8: coast", {1});
    pairs.looks[1].target_bits = 16;
    check_only(pairs, Weight::note, "in 1 of 7 pairs the pictures have 16 bits, and in the others 8: coast",
               {1});
    for (PairLook& look : pairs.looks) look.bits = look.target_bits = 16;
    CHECK(pairs.findings().empty());
    pairs.looks[1].target_bits = 32;
    check_only(pairs, Weight::note,
               "in 1 of 7 pairs one picture has 32 bits, that after, and the other 16: coast", {1});
}

TEST_CASE("too few pixels, too few tones, no detail and too small pictures are told") {
    LookedPairs pairs = looked(negative);
    pairs.about.parameters = 7 * 256 * 256 / 10 + 1;
    check_only(pairs, Weight::note, "there is little to learn from: 458752 pixels in 7 pairs", {});
    pairs.about.parameters -= 1;
    CHECK(pairs.findings().empty());
    const Filter grey = [](const Image& image) {
        return each_value(image, [](float value) { return 0.5f + 0.2f * (value - 0.5f); });
    };
    LookedPairs pale;
    for (const Sample& sample : sample_pictures())
        pale.add(sample.name, grey(sample.image), negative(grey(sample.image)));
    check_only(pale, Weight::note, "have few tones: 98 % of their pixels lie between", {});
    LookedPairs flat;
    for (int i = 0; i < 2; ++i) {
        const Image ramp = drawn(256, 256, [&](std::uint32_t, std::int64_t y, std::int64_t x) {
            return static_cast<float>(i == 0 ? x : y) / 255;
        });
        flat.add(i == 0 ? "across" : "along", ramp, negative(ramp));
    }
    check_only(flat, Weight::note, "are flat: pixels differ by", {});
    LookedPairs small;
    const Image tiny =
        drawn(60, 300, [image = sample_pictures()[2].image](std::uint32_t c, std::int64_t y, std::int64_t x) {
            return pixel(image, c, y, x);
        });
    small.add("tiny", tiny, negative(tiny));
    small.about.parameters = 1;
    check_only(small, Weight::note, "in 1 of 1 pair a picture has fewer than 64 pixels on a side", {0});
}

TEST_CASE("findings come worst first, and a picture that cannot be read stops nothing") {
    LookedPairs pairs =
        looked(negative, {4}, [](const Image& image) { return negative(shifted(image, 3, 3)); });
    PairLook unreadable;
    unreadable.problem = "x.png: is empty";
    pairs.looks.push_back(unreadable);
    pairs.about.names.push_back("x");
    pairs.looks[0].bits = 16;
    const std::vector<PairFinding> findings = pairs.findings();
    REQUIRE(findings.size() == 3);
    CHECK_THAT(findings[0].what,
               ContainsSubstring("in 1 of 8 pairs a picture cannot be read: x.png: is empty"));
    CHECK_THAT(findings[1].what, ContainsSubstring("lies beside its input"));
    CHECK(findings[2].weight == Weight::note);
}

TEST_CASE("names are listed up to some") {
    const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
    CHECK(some_names(std::vector<std::uint32_t>{4, 0}, names) == "e, a");
    CHECK(some_names(std::vector<std::uint32_t>{0, 1, 2, 3, 4}, names) == "a, b, c and 2 more");
}
