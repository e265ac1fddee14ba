// A damaged model file is read or refused; nothing else may happen, whichever byte is wrong.
#include <algorithm>
#include <cstring>
#include <random>

#include "base/file.h"
#include "catch.h"
#include "model/model_file.h"
#include "model/model_test_tools.h"

namespace shadenet {

namespace {

constexpr std::uint64_t seed = 20240229;

std::vector<std::byte> model_bytes() {
    const test::Scratch folder;
    Model model = test::fresh_model({.hidden = 2, .kernel = 1}, 1);
    model.sets = {statistics_of(model.parameters, "night")};
    model.norm_updates = 7;
    write_model(folder / "m", model);
    return read_file(folder / "m", 1 << 20);
}

/// False when it is refused with an InputError. Any other exception fails the test.
bool is_read(const std::vector<std::byte>& bytes) {
    try {
        model_from(parse_safetensors(bytes, "damaged"), "damaged");
        return true;
    } catch (const InputError&) {
        return false;
    }
}

std::size_t header_size(const std::vector<std::byte>& bytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof(length));
    return sizeof(length) + length;
}

}  // namespace

TEST_CASE("a model file cut off anywhere is refused") {
    const std::vector<std::byte> whole = model_bytes();
    REQUIRE(is_read(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        REQUIRE_FALSE(is_read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
    std::vector<std::byte> longer = whole;
    longer.push_back(std::byte{0});
    CHECK_FALSE(is_read(longer));
}

TEST_CASE("a model file with wrong bytes is read or refused") {
    const std::vector<std::byte> whole = model_bytes();
    const std::size_t header = header_size(whole);
    REQUIRE(header < whole.size());
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    int read = 0, refused = 0;
    for (int round = 0; round < 20000; ++round) {
        CAPTURE(seed, round);
        std::vector<std::byte> bytes = whole;
        const std::size_t range = round % 2 == 0 ? header : bytes.size();
        for (std::size_t flips = 1 + below(3); flips > 0; --flips) {
            std::byte& byte = bytes[below(range)];
            byte = round % 4 < 2 ? byte ^ std::byte{1} << below(8) : static_cast<std::byte>(random() & 0xff);
        }
        bool result = false;
        REQUIRE_NOTHROW(result = is_read(bytes));
        ++(result ? read : refused);
    }
    // Both must happen often, or the damage is not where the reader looks.
    CHECK(read > 500);
    CHECK(refused > 5000);
}

TEST_CASE("a header of text exchanged for other text is read or refused") {
    const std::vector<std::byte> whole = model_bytes();
    const std::size_t header = header_size(whole);
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    const std::string alphabet = "{}[]\",:0123456789-eE.\\ untfsF";
    int refused = 0;
    for (int round = 0; round < 5000; ++round) {
        CAPTURE(seed, round);
        std::vector<std::byte> bytes = whole;
        const std::size_t begin = 8 + below(header - 8);
        const std::size_t end = std::min(header, begin + 1 + below(6));
        for (std::size_t i = begin; i < end; ++i)
            bytes[i] = static_cast<std::byte>(alphabet[below(alphabet.size())]);
        bool result = false;
        REQUIRE_NOTHROW(result = is_read(bytes));
        refused += result ? 0 : 1;
    }
    CHECK(refused > 4000);
}

}  // namespace shadenet
