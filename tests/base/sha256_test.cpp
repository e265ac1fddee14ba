#include "base/sha256.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "catch.h"

namespace shadenet::test {

namespace {

std::span<const std::byte> bytes_of_text(std::string_view text) {
    return std::as_bytes(std::span(text));
}

}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
    CHECK(sha256({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256(bytes_of_text("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256(bytes_of_text(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("Base64 gives the texts of RFC 4648, and takes them back") {
    const std::string plain = "foobar";
    const std::string texts[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (std::size_t length = 0; length <= plain.size(); ++length) {
        const auto bytes = bytes_of_text(plain).first(length);
        CHECK(to_base64(bytes) == texts[length]);
        const auto back = from_base64(texts[length]);
        REQUIRE(back);
        CHECK(std::equal(back->begin(), back->end(), bytes.begin(), bytes.end()));
    }
    // Longer than what is encoded in one piece.
    std::string large(4'000'003, 'x');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i >> 3);
    const auto back = from_base64(to_base64(bytes_of_text(large)));
    REQUIRE(back);
    CHECK(std::equal(back->begin(), back->end(), bytes_of_text(large).begin(), bytes_of_text(large).end()));
}

TEST_CASE("what is no Base64 is not taken for some") {
    for (const char* text : {"Zg", "Zg=", "Zg===", "====", "Z===", "Zm9v\n", " Zm9v", "Zm9vZg=v",
                             "Zh==", "Zm-v", "Zm9\xc3", "=Zm9"}) {
        INFO(text);
        CHECK_FALSE(from_base64(text));
    }
}

}  // namespace shadenet::test
