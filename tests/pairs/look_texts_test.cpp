// What pairs show, on its way from one process to another.
#include "pairs/look_texts.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Every field has a value of its own.
PairLook full_look() {
    PairLook look;
    look.problem = std::string("a\0b\n", 4);
    look.width = 1;
    look.height = 2;
    look.target_width = 3;
    look.target_height = 4'000'000'000;
    look.bits = 16;
    look.target_bits = 32;
    look.profile = {"one", "ICC 1"};
    look.target_profile = {"", "\xff"};
    look.equal = look.fitted = true;
    look.placement = {PairPlacement::Kind::foreign, 3, true, 0.1, 1e-300, -0.0, 7, 0.3};
    look.shift_gain = 1.0 / 3;
    for (std::size_t i = 0; i < FitTerms::rows; ++i) {
        for (std::size_t j = i; j < FitTerms::rows; ++j)
            look.fit.moments.at(i, j) = std::sqrt(static_cast<double>(100 * i + j));
    }
    look.fit.clipped_dark = std::numeric_limits<double>::quiet_NaN();
    look.fit.clipped_bright = INFINITY;
    look.unexplained_means = 0.7;
    look.input.values.fill(200);
    look.input.values.front() = 1;
    look.target.values.fill(100);
    look.target.values.back() = 2;
    look.lights.fill(70'000);
    look.lights.back() = 3;
    return look;
}

bool same_doubles(double a, double b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

bool same_placement(const PairPlacement& a, const PairPlacement& b) {
    return a.kind == b.kind && a.quarter_turns == b.quarter_turns && a.mirrored == b.mirrored &&
           same_doubles(a.scale, b.scale) && same_doubles(a.x, b.x) && same_doubles(a.y, b.y) &&
           same_doubles(a.bend, b.bend) && same_doubles(a.certainty, b.certainty);
}

void check_same(const PairLook& a, const PairLook& b) {
    CHECK(a.problem == b.problem);
    CHECK((a.width == b.width && a.height == b.height));
    CHECK((a.target_width == b.target_width && a.target_height == b.target_height));
    CHECK((a.bits == b.bits && a.target_bits == b.target_bits));
    CHECK((a.profile.name == b.profile.name && a.profile.id == b.profile.id));
    CHECK((a.target_profile.name == b.target_profile.name && a.target_profile.id == b.target_profile.id));
    CHECK((a.equal == b.equal && a.fitted == b.fitted));
    CHECK(same_placement(a.placement, b.placement));
    CHECK(same_doubles(a.shift_gain, b.shift_gain));
    for (std::size_t i = 0; i < FitTerms::rows; ++i) {
        for (std::size_t j = 0; j < FitTerms::rows; ++j)
            CHECK(same_doubles(a.fit.moments.at(i, j), b.fit.moments.at(i, j)));
    }
    CHECK(same_doubles(a.fit.clipped_dark, b.fit.clipped_dark));
    CHECK(same_doubles(a.fit.clipped_bright, b.fit.clipped_bright));
    CHECK(same_doubles(a.unexplained_means, b.unexplained_means));
    CHECK((a.input.values == b.input.values && a.target.values == b.target.values));
    CHECK(a.lights == b.lights);
}

}  // namespace

TEST_CASE("looks come out of their texts with the bits that went in") {
    const Image image = sample_pictures()[0].image;
    const std::vector<PairLook> looks = {full_look(), PairLook{}, look_at_pair(image, shifted(image, 2, 0))};
    std::vector<std::string> texts;
    for (const PairLook& look : looks) append_texts(texts, look);
    std::vector<PairLook> read;
    read_texts(texts, read);
    REQUIRE(read.size() == looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) check_same(read[i], looks[i]);
    CHECK(read.back().is_shifted());
}
