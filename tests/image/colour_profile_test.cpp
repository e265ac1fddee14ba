#include "image/colour_profile.h"

#include <cmath>
#include <random>

#include "catch.h"
#include "image/icc_profile.h"
#include "image/made_icc.h"

namespace shadenet::test {

namespace {

ColourProfile of_icc(const IccBytes& icc, const std::string& png_name = "") {
    Metadata metadata;
    metadata.icc = icc;
    metadata.icc_name = png_name;
    return colour_profile(metadata);
}

PngColourChunk colour_chunk(const std::string& type, const std::vector<std::uint32_t>& values,
                            std::size_t bytes) {
    PngColourChunk chunk;
    std::copy(type.begin(), type.end(), chunk.type.begin());
    for (const std::uint32_t value : values) put_big(chunk.data, value, bytes);
    return chunk;
}

ColourProfile of_chunks(const std::vector<PngColourChunk>& chunks) {
    Metadata metadata;
    metadata.png_colour = chunks;
    return colour_profile(metadata);
}

/// As the profiles of the nineties have it: 1024 entries.
IccBytes srgb_table_tag() {
    IccBytes data;
    put_text(data, std::string("curv\0\0\0\0", 8));
    put_big(data, 1024, 4);
    for (int i = 0; i < 1024; ++i) {
        const double x = i / 1023.0;
        const double y = x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
        put_big(data, static_cast<std::uint64_t>(y * 65535 + 0.5), 2);
    }
    return data;
}

const std::vector<std::uint32_t> srgb_chromaticities = {31270, 32900, 64000, 33000,
                                                        30000, 60000, 15000, 6000};

}  // namespace

TEST_CASE("sRGB is what has its colours, whatever it is called") {
    const ColourProfile srgb;
    CHECK(colour_profile({}) == srgb);
    CHECK(to_string(srgb) == "sRGB");
    const IccBytes name = description_tag("c2");
    CHECK(of_icc(rgb_profile(name, srgb_primaries, srgb_curve_tag())) == srgb);
    CHECK(of_icc(rgb_profile(name, srgb_primaries, srgb_table_tag())) == srgb);
    CHECK(of_icc(icc_profile("GRAY", {{"desc", name}, {"kTRC", srgb_curve_tag()}})) == srgb);
    const IccBytes srgb_name = description_tag("sRGB IEC61966-2.1");
    CHECK_FALSE(of_icc(rgb_profile(srgb_name, srgb_primaries, gamma_tag(2.2))) == srgb);
    CHECK_FALSE(of_icc(rgb_profile(srgb_name, srgb_primaries, gamma_tag(1))) == srgb);
    CHECK_FALSE(of_icc(rgb_profile(srgb_name, adobe_primaries, srgb_curve_tag())) == srgb);
    CHECK_FALSE(of_icc(icc_profile("GRAY", {{"desc", srgb_name}, {"kTRC", gamma_tag(1.8)}})) == srgb);
    CHECK_FALSE(of_icc(icc_profile("RGB ", {{"desc", srgb_name}})) == srgb);
}

TEST_CASE("a profile is known by its colours and called by its description") {
    const ColourProfile adobe = of_icc(wide_profile("Adobe RGB (1998)"));
    CHECK(adobe.name == "Adobe RGB (1998)");
    CHECK(to_string(adobe) == "\"Adobe RGB (1998)\"");
    CHECK(adobe.id.starts_with("ICC "));
    // Another description, in another kind of tag, and another date.
    IccBytes other =
        rgb_profile(languages_tag({{"deDE", u"Adobe-Farben"}, {"enUS", u"compatible \u2248 \U0001d11e"}}),
                    adobe_primaries, gamma_tag(2.19921875));
    other[24] = std::byte{7};
    CHECK(of_icc(other) == adobe);
    CHECK(of_icc(other).name == "compatible \xe2\x89\x88 \xf0\x9d\x84\x9e");
    CHECK_FALSE(of_icc(rgb_profile(description_tag("Adobe RGB (1998)"), adobe_primaries, gamma_tag(1.8))) ==
                adobe);
    CHECK(of_icc(rgb_profile(languages_tag({{"deDE", u"nur deutsch"}}), adobe_primaries, gamma_tag(1.8)))
              .name == "nur deutsch");
    // Names are shown on one line, whatever is in them.
    CHECK(of_icc(wide_profile(" a\nb\x1b[31m \"c\" \xff\xe2\x80\xae")).name == "ab[31m c ?");
    CHECK(of_icc(wide_profile(std::string(500, 'x'))).name.size() == 80);
    CHECK(of_icc(wide_profile(""), "of the PNG").name == "of the PNG");
    CHECK(of_icc(wide_profile("")).name == "a profile without a name");
}

TEST_CASE("bytes that are no profile have an id of their own") {
    const IccBytes noise(1000, std::byte{0x55});
    CHECK(of_icc(noise).id.starts_with("ICC "));
    CHECK_FALSE(of_icc(noise) == of_icc(IccBytes(999, std::byte{0x55})));
    CHECK(of_icc({std::byte{1}}).name == "a profile without a name");
}

TEST_CASE("a profile may be cut off anywhere, and have any bytes changed") {
    const std::vector<IccBytes> profiles = {
        rgb_profile(description_tag("name"), srgb_primaries, srgb_table_tag()),
        rgb_profile(languages_tag({{"enUS", u"name"}}), srgb_primaries, srgb_curve_tag())};
    std::mt19937 random(5);
    for (const IccBytes& whole : profiles) {
        for (std::size_t size = 0; size < whole.size(); size += 1 + size / 64) {
            of_icc(IccBytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        }
        for (int round = 0; round < 2000; ++round) {
            IccBytes changed = whole;
            for (int i = 0; i < 3; ++i) {
                const std::size_t at = 128 + random() % (std::min<std::size_t>(changed.size(), 600) - 128);
                changed[at] = static_cast<std::byte>(random() % 2 == 0 ? 0xff : random());
            }
            of_icc(changed);
        }
    }
    SUCCEED("nothing crashed");
}

TEST_CASE("a PNG's own chunks say what its numbers mean, in the order of the standard") {
    const ColourProfile srgb;
    CHECK(of_chunks({colour_chunk("gAMA", {45455}, 4)}) == srgb);
    CHECK(of_chunks({colour_chunk("gAMA", {45000}, 4), colour_chunk("cHRM", srgb_chromaticities, 4)}) ==
          srgb);
    CHECK(of_chunks({colour_chunk("cICP", {1, 13, 0, 1}, 1)}) == srgb);
    const ColourProfile linear = of_chunks({colour_chunk("gAMA", {100000}, 4)});
    CHECK(linear.name == "gamma 1");
    CHECK(linear.id == "gAMA 100000");
    CHECK(of_chunks({colour_chunk("gAMA", {100000}, 4), colour_chunk("sRGB", {0}, 1)}) == srgb);
    std::vector<std::uint32_t> wide = srgb_chromaticities;
    wide[4] = 21000;
    CHECK(of_chunks({colour_chunk("cHRM", wide, 4)}).name == "primaries of its own");
    const ColourProfile p3 =
        of_chunks({colour_chunk("cICP", {12, 13, 0, 1}, 1), colour_chunk("sRGB", {0}, 1)});
    CHECK(p3.name == "Display P3");
    CHECK(of_chunks({colour_chunk("cICP", {5, 6, 7, 0}, 1)}).name == "cICP 5/6/7/0");
    CHECK(of_chunks({colour_chunk("gAMA", {}, 4)}) == srgb);  // too short to say anything
    Metadata both;
    both.icc = wide_profile("wide");
    both.png_colour = {colour_chunk("sRGB", {0}, 1)};
    CHECK(colour_profile(both).name == "wide");
    both.png_colour = {colour_chunk("cICP", {1, 13, 0, 1}, 1)};
    CHECK(colour_profile(both) == srgb);
}

TEST_CASE("a profile that is put in is the one that is read, and what was there is gone") {
    Metadata metadata;
    metadata.icc = wide_profile("wide");
    metadata.icc_name = "wide";
    metadata.png_colour = {colour_chunk("gAMA", {100000}, 4)};
    const std::vector<ColourProfile> profiles = {
        {},
        of_chunks({colour_chunk("cICP", {9, 16, 0, 1}, 1)}),
        of_chunks(
            {colour_chunk("gAMA", {100000}, 4), colour_chunk("cHRM", std::vector<std::uint32_t>(8, 7), 4)})};
    for (const ColourProfile& profile : profiles) {
        CAPTURE(profile.id);
        CHECK(put_profile(metadata, profile, {}, false));
        CHECK(metadata.icc.empty());
        CHECK(colour_profile(metadata) == profile);
    }
    const IccBytes icc = wide_profile("other");
    CHECK(put_profile(metadata, of_icc(icc), icc, false));
    CHECK(metadata.icc == icc);
    CHECK(metadata.icc_name == "other");
    CHECK(metadata.png_colour.empty());
    // One for colours says nothing of a picture in grey, and the other way round.
    CHECK_FALSE(put_profile(metadata, of_icc(icc), icc, true));
    CHECK(metadata.icc.empty());
    const IccBytes grey = icc_profile("GRAY", {{"kTRC", gamma_tag(1.8)}});
    CHECK_FALSE(put_profile(metadata, of_icc(grey), grey, false));
    CHECK(put_profile(metadata, of_icc(grey), grey, true));
    // What is not known cannot be put in.
    for (const char* id : {"ICC 1234", "gAMA", "gAMA 1/2", "cICP 1/2", "cHRM x", "", "XXXX 1"}) {
        CAPTURE(id);
        CHECK_FALSE(put_profile(metadata, {"name", id}, {}, false));
    }
}

}  // namespace shadenet::test
