#include "report/contact_sheet.h"

#include "catch.h"
#include "pairs/pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a sheet shows the pairs of the worst findings first, and some of many") {
    std::vector<PairFinding> findings(2);
    findings[0].pairs = {7, 3};
    findings[1].pairs = {3, 100};
    const std::vector<std::uint32_t> order = sheet_order(findings, 500);
    REQUIRE(order.size() == most_sheet_pairs);
    CHECK(std::vector<std::uint32_t>(order.begin(), order.begin() + 5) ==
          std::vector<std::uint32_t>{7, 3, 100, 0, 1});
    CHECK(sheet_order({}, 3) == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("a sheet has its findings, pictures and words, harmless, and loads nothing") {
    const Image image = sample_pictures()[1].image;
    LookedPairs pairs;
    pairs.add("a<b", image, negative(shifted(image, 3, 0)));
    PairLook bad;
    bad.problem = "x&y.png: is empty";
    pairs.looks.push_back(bad);
    pairs.about.names.emplace_back("x&y");
    const std::vector<SheetPair> shown = {sheet_pair(0, image, negative(shifted(image, 3, 0))),
                                          {1, {}, {}, {}}};
    const std::string page =
        contact_sheet("in <1> and out", pairs.findings(), pairs.looks, pairs.about.names, shown);
    for (const char* part : {"in &lt;1&gt; and out", "a&lt;b: <b>shifted</b>",
                             "<b>fault</b>: in 1 of 2 pairs the target lies beside",
                             "3.0 pixels to the right", "x&amp;y.png: is empty", "after less before"}) {
        CHECK_THAT(page, ContainsSubstring(part));
    }
    std::size_t images = 0;
    for (std::size_t at = page.find("<img"); at != page.npos; at = page.find("<img", at + 1)) ++images;
    CHECK(images == 3);
    CHECK(page.find("src=\"data:image/jpeg;base64,") != page.npos);
    CHECK(page.find("http:") == page.npos);
    CHECK_THAT(contact_sheet("in and out", {}, pairs.looks, pairs.about.names, {}),
               ContainsSubstring("Nothing is found") && ContainsSubstring("0 of 2 are shown"));
}

TEST_CASE("a full sheet of busy pictures stays below 6 MB, and pictures of any shape have a place in it") {
    const Image noise = drawn(256, 256, [](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return static_cast<float>((x * 7919 + y * 104729 + x * y * 31 + c * 57) % 256) / 255;
    });
    const SheetPair one = sheet_pair(0, noise, negative(noise));
    CHECK(most_sheet_pairs * (one.input->uri.size() + one.target->uri.size() + one.difference->uri.size()) <
          6'000'000);
    const Image line = drawn(
        900, 1, [](std::uint32_t, std::int64_t, std::int64_t x) { return static_cast<float>(x) / 900; });
    const SheetPair thin = sheet_pair(0, line, noise);
    CHECK(thin.input->height == 1);
    CHECK(thin.difference->width == 224);
}
