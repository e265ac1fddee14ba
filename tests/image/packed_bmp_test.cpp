// Run-length coded BMPs.
#include "base/error.h"
#include "catch.h"
#include "round_trip.h"

namespace shadenet::test {

namespace {

/// The palette's indices, from top to bottom.
Bytes indices_of(const Bytes& bmp) {
    const FilePicture picture = decode(bmp, "cat.bmp");
    Bytes indices;
    for (std::size_t i = 0; i < rgb8(picture).size(); i += 3) {
        indices.push_back(rgb8(picture)[i]);
        CHECK(rgb8(picture)[i + 1] == 2 * indices.back());
    }
    CHECK(picture.palette);
    return indices;
}

std::string said_of_bmp(const Bytes& bmp) {
    return message_of<InputError>([&] { decode(bmp, "cat.bmp"); });
}

}  // namespace

TEST_CASE("runs, single pixels, steps and rows of a BMP of 8 bits are read, from the lowest row on") {
    const Bytes runs = {3, 7, 2, 9, 0, 0,               // 7 7 7 9 9
                        0, 3, 1, 2, 3, 0, 2, 5, 0, 0,   // 1 2 3 5 5, three by themselves and a padding byte
                        1, 4, 0, 2, 2, 0, 2, 6, 0, 1};  // 4 . . 6 6
    CHECK(indices_of(encode_packed_bmp(5, 3, 8, runs)) == Bytes{4, 0, 0, 6, 6, 1, 2, 3, 5, 5, 7, 7, 7, 9, 9});
    Bytes downwards = encode_packed_bmp(5, 3, 8, runs);
    for (std::size_t i = 22; i < 26; ++i) downwards[i] = i == 22 ? 0xfd : 0xff;  // minus 3
    CHECK(indices_of(downwards) == Bytes{7, 7, 7, 9, 9, 1, 2, 3, 5, 5, 4, 0, 0, 6, 6});
}

TEST_CASE("a BMP of 4 bits takes the two pixels of a run by turns") {
    const Bytes runs = {5, 0x1f, 0,    0,                    // 1 15 1 15 1
                        0, 5,    0x23, 0x45, 0x60, 0, 0, 0,  // 2 3 4 5 6, padded to an even number of bytes
                        1, 0x70, 0,    2,    1,    0, 2, 0x89, 0, 1};
    CHECK(indices_of(encode_packed_bmp(5, 3, 4, runs)) ==
          Bytes{7, 0, 8, 9, 0, 2, 3, 4, 5, 6, 1, 15, 1, 15, 1});
}

TEST_CASE(
    "a BMP whose runs end early by order has its palette's first colour there, and one that is cut is "
    "truncated") {
    CHECK(indices_of(encode_packed_bmp(2, 2, 8, {1, 5, 0, 1})) == Bytes{0, 0, 5, 0});
    CHECK(indices_of(encode_packed_bmp(2, 2, 8, {2, 5, 0, 0, 2, 6})) ==
          Bytes{6, 6, 5, 5});  // no order to end
    const Bytes runs = {2, 5, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 0, 1};
    for (std::size_t size = 0; size < runs.size() - 2; ++size) {
        INFO(size);
        const Bytes cut(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(said_of_bmp(encode_packed_bmp(4, 9, 8, cut)) == "cat.bmp: is truncated; copy it again");
    }
}

TEST_CASE("runs beyond a row or below the last do no harm, nor does any other change of a byte") {
    CHECK(indices_of(encode_packed_bmp(2, 1, 8, {200, 5, 0, 0, 200, 6})) == Bytes{5, 5});
    for (const unsigned depth : {4u, 8u}) {
        const Bytes bmp = encode_packed_bmp(3, 2, depth, {3, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 0, 1});
        for (std::size_t at = 2; at < bmp.size(); ++at) {
            const bool is_palette = at >= 54 && at + 20 < bmp.size();
            const bool is_huge = at == 20 || at == 21 || at == 24 || at == 25;  // sides of millions
            if (is_palette || is_huge) continue;
            for (const std::uint8_t value :
                 {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{0xff}}) {
                INFO("byte " << at);
                Bytes bad = bmp;
                bad[at] = value;
                const std::string line = said_of_bmp(bad);
                CHECK(line.find('\n') == std::string::npos);
            }
        }
    }
}

}  // namespace shadenet::test
