// Which pictures a report shows, and how large.
#include "report/pictures.h"

#include <cstddef>
#include <cstdint>

#include "catch.h"
#include "made_run.h"
#include "report/sections.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("pictures become fewer and smaller until they fit") {
    const MadeRun run({.pairs = 8, .tests = 4, .side = 200});
    const RunRecord record = read_run(run.path());
    const auto bytes_of = [](const ShownPictures& pictures) {
        std::size_t bytes = 0;
        for (const auto* sets : {&pictures.pairs, &pictures.tests}) {
            for (const ShownSet& set : *sets) {
                for (const auto* picture : {&set.input, &set.before, &set.after, &set.target}) {
                    if (*picture) bytes += (*picture)->uri.size();
                }
            }
        }
        return bytes;
    };
    const ShownPictures all = show_pictures(record, 6'000'000);
    REQUIRE(all.pairs.size() == 8);
    CHECK(all.tests.size() == 4);
    CHECK(all.pairs[0].input->width == 200);  // as training has resized it
    const ShownPictures fewer = show_pictures(record, bytes_of(all) - 1);
    CHECK(bytes_of(fewer) < bytes_of(all));
    CHECK(fewer.pairs.size() == 6);
    CHECK(fewer.pairs[0].after->width == 200);
    const ShownPictures few = show_pictures(record, 60'000);
    CHECK(bytes_of(few) <= 60'000);
    CHECK(few.pairs.at(0).after->width < 200);
    CHECK(show_pictures(record, 10).pairs.empty());
}

TEST_CASE("pictures are read up to a number of pixels, and what is left out for its size is said") {
    // A pair has 2 × 100 pixels by the run and 2 × 169 of the user's, a test picture 100 and 100.
    const MadeRun run({.pairs = 2, .tests = 1, .side = 10});
    const RunRecord record = read_run(run.path());
    const auto shown_within = [&](std::uint64_t pixels) { return show_pictures(record, 6'000'000, pixels); };
    const auto words_within = [&](std::uint64_t pixels) {
        return picture_sections(record, shown_within(pixels));
    };
    const ShownPictures all = shown_within(2 * (2 * 338 + 100));
    CHECK(all.pairs.at(1).target);
    CHECK(all.tests.at(0).input);
    CHECK_THAT(picture_sections(record, all), !ContainsSubstring("too large"));
    SECTION("the user's are left out one set after the other") {
        const ShownPictures some = shown_within(2 * (2 * 338 + 100) - 2);
        CHECK(some.pairs.at(0).target);
        CHECK_FALSE(some.pairs.at(1).target);
        CHECK_FALSE(some.pairs.at(1).input);
        CHECK(some.pairs.at(1).before);
        CHECK(some.tests.at(0).input);
        CHECK_THAT(picture_sections(record, some),
                   ContainsSubstring("Of 1 pair the pictures that the run was given are too large"));
    }
    SECTION("pairs and tests take turns") {
        const ShownPictures some = shown_within(2 * 300);
        CHECK(some.pairs.size() == 1);
        CHECK(some.pairs_too_large == 1);
        CHECK(some.tests.size() == 1);
        CHECK_THAT(words_within(2 * 300), ContainsSubstring("1 of 2 pairs is shown. 1 pair is too large"));
    }
    SECTION("nothing fits") {
        CHECK(shown_within(0).pairs.empty());
        CHECK_THAT(words_within(0), ContainsSubstring("2 pairs are too large for this page") &&
                                        ContainsSubstring("1 test picture is too large"));
    }
}
