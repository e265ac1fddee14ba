// What the safetensors reader refuses, and that it says why.
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "model/model_test_tools.h"
#include "model/safetensors.h"

namespace shadenet {

namespace {

using test::contains;
using test::raw_file;
using test::refusal;

struct Case {
    const char* header;
    std::size_t data_bytes;
    const char* reason;
};

std::string parse_refusal(const std::vector<std::byte>& bytes) {
    return refusal([&] { parse_safetensors(bytes, "some.file"); });
}

void check_refused(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        const std::string message = parse_refusal(raw_file(c.header, c.data_bytes));
        CAPTURE(c.header, c.data_bytes, message);
        CHECK(message.starts_with("some.file: "));
        CHECK(contains(message, c.reason));
        CHECK_FALSE(contains(message, "\n"));
        CHECK_FALSE(contains(message, "exception"));
    }
}

}  // namespace

TEST_CASE("bad ranges of bytes are refused") {
    check_refused({
        {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "there are 4"},
        {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 9, "9 bytes of data"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8, "begins at byte 4"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}})",
         9, "the one before it ends at 4"},
        {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
         12, "the one before it ends at 8"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
         4, "the one before it ends at 4"},
        {R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}})", 8, "the bytes 4 to 0"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551615]}})", 4,
         "there are 4"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551614,2]}})", 4, "there are 4"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551620]}})", 4,
         "too large a number"},
        {R"({})", 1, "1 bytes of data"},
    });
}

TEST_CASE("shapes that are not of the bytes are refused") {
    check_refused({
        {R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}})", 20, "of shape [2,3] has 20 bytes"},
        {R"({"a":{"dtype":"F64","shape":[2,3],"data_offsets":[0,24]}})", 24, "of shape [2,3] has 24 bytes"},
        {R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,0]}})", 0, "of shape [] has 0 bytes"},
        {R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}})", 4, "of shape [0] has 4 bytes"},
        {R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0, "has 0 bytes"},
        {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0, "has 0 bytes"},
        {R"({"a":{"dtype":"F32","shape":[4294967297,4294967295,4294967297],"data_offsets":[0,4]}})", 4,
         "has 4 bytes"},
        {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "a negative number at \"shape\""},
        {R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4, "a fraction"},
    });
    std::string many = R"({"a":{"dtype":"F32","shape":[1)";
    for (int i = 0; i < 64; ++i) many += ",1";
    CHECK(contains(parse_refusal(raw_file(many + R"(],"data_offsets":[0,4]}})", 4)), "more than 64"));
}

TEST_CASE("a header of another form is refused") {
    check_refused({
        {R"()", 0, "is a file of zeros"},
        {R"([])", 0, "is no safetensors file"},
        {R"( {})", 0, "is no safetensors file"},
        {"\xef\xbb\xbf{}", 0, "is no safetensors file"},
        {R"({)", 0, "not valid JSON"},
        {R"({}{})", 0, "not valid JSON"},
        {R"({"a":1e999})", 0, "not valid JSON"},
        {"{\"\xff\":{}}", 0, "not valid JSON"},
        {R"({"a":5})", 0, "a number at \"a\""},
        {R"({"a":null})", 0, "null at \"a\""},
        {R"({"a":true})", 0, "true or false at \"a\""},
        {R"({"a":"x"})", 0, "text at \"a\""},
        {R"({"a":[]})", 0, "a list at \"a\""},
        {R"({"a":{}})", 0, "without dtype, shape or data_offsets"},
        {R"({"a":{"dtype":"F32","shape":[1]}})", 0, "without dtype, shape or data_offsets"},
        {R"({"a":{"dtype":"F32","shape":[1],"more":[0,4]}})", 4, "without dtype, shape or data_offsets"},
        {R"({"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}})", 4, "a number at \"dtype\""},
        {R"({"a":{"dtype":"F32","shape":[null],"data_offsets":[0,4]}})", 4, "null at \"shape\""},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "not two numbers"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}})", 4, "not two numbers"},
        {R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})", 4, "a list at \"shape\""},
        {R"({"a":{"dtype":"F32","shape":[{}],"data_offsets":[0,4]}})", 4, "an object at \"shape\""},
        {R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})", 4, "text at \"shape\""},
        {R"({"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}})", 4, "a number at \"shape\""},
        {R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})", 4, "a list at \"dtype\""},
        {R"({"a":{"dtype":{"F32":1},"shape":[1],"data_offsets":[0,4]}})", 4, "an object at \"dtype\""},
    });
}

TEST_CASE("other types are refused with advice") {
    check_refused({
        {R"({"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}})", 4,
         "\"F8_E4M3\", which is not read; save the model as float32"},
        {R"({"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}})", 8, "save the model as float32"},
        {R"({"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}})", 4, "save the model as float32"},
        {R"({"a\nb":{"dtype":"","shape":[1],"data_offsets":[0,4]}})", 4, "the tensor \"a\\nb\""},
    });
    // A name of any length or content makes one short line.
    const std::string long_name =
        R"({")" + std::string(79, 'n') + "\xc3\xa9" + std::string(5000, 'n') + R"(":1})";
    CHECK(parse_refusal(raw_file(long_name, 0)).size() < 250);
}

TEST_CASE("metadata that is no object is refused") {
    check_refused({
        {R"({"__metadata__":[]})", 0, "a list at \"__metadata__\""},
        {R"({"__metadata__":"x"})", 0, "text at \"__metadata__\""},
        {R"({"__metadata__":1})", 0, "a number at \"__metadata__\""},
        {R"({"__metadata__":false})", 0, "true or false at \"__metadata__\""},
        {R"({"__metadata__":{"k":"1","k":"1"}})", 0, "the name \"k\" twice"},
        {R"({"__metadata__":{},"__metadata__":{}})", 0, "the name \"__metadata__\" twice"},
    });
}

TEST_CASE("a name twice is refused") {
    check_refused({
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
         8, "the name \"a\" twice"},
        {R"({"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}})", 4,
         "the name \"shape\" twice"},
        {R"({"a":{"dtype":"F32","dtype":"F32","shape":[1]}})", 4, "the name \"dtype\" twice"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{}})", 4, "the name \"a\" twice"},
    });
}

TEST_CASE("a header length outside the file is refused") {
    const std::string header = "{}      ";
    const auto message = [&](std::uint64_t length) { return parse_refusal(raw_file(header, {}, length)); };
    CHECK(message(8).empty());
    CHECK(message(2).starts_with("some.file: has 6 bytes of data"));
    CHECK(contains(message(9), "is cut off: its header has 9 bytes, and there are 8"));
    CHECK(contains(message(0), "does not begin with"));
    CHECK(contains(message(std::uint64_t{1} << 39), "asks for a header of 549755813888 bytes"));
    CHECK(contains(message(std::numeric_limits<std::uint64_t>::max()), "asks for a header"));
}

TEST_CASE("a file of another kind is refused by what it is") {
    const auto message = [](std::string_view text) {
        const auto bytes = std::as_bytes(std::span(text));
        return parse_refusal({bytes.begin(), bytes.end()});
    };
    CHECK(message("") == "some.file: is empty; copy or download it again");
    CHECK(message("\x89PNG\r\n\x1a\n and so on") ==
          "some.file: is a PNG picture, not a model; give a model.safetensors as `shadenet train` writes it");
    // The letters of this one would be the length of a header.
    CHECK(message("{\n    \"input\": \"before\"}").starts_with("some.file: is a JSON text, not a model"));
    CHECK(contains(message(std::string("PK\3\4") + std::string(26, 'x') + "m/data.pkl"),
                   "torch.load('some.file', map_location='cpu'), 'some.safetensors')"));
    CHECK(message("\x01\x02\x03") ==
          "some.file: is no safetensors file; give a model.safetensors as `shadenet train` writes it");
    CHECK(refusal([] { read_safetensors("."); }) == ".: is a folder; give the model.safetensors in it");
}

TEST_CASE("a header of 16 MiB is read, a larger one and a deep one are not") {
    constexpr std::size_t limit = std::size_t{16} << 20;
    std::string header = "{}" + std::string(limit - 2, ' ');
    CHECK(parse_refusal(raw_file(header, 0)).empty());
    CHECK(contains(parse_refusal(raw_file(header + " ", 0)), "at most 16777216 are read"));
    CHECK(contains(parse_refusal(raw_file(std::string(limit, '['), 0)), "is no safetensors file"));
    for (const char* opening :
         {R"({"a":)", R"({"a":{"shape":)", R"({"__metadata__":{"a":)", R"({"a":{"more":)"}) {
        std::string deep = opening;
        deep.resize(limit, '[');
        // Where nothing is kept of it, only its end is missing.
        const bool passed_over = contains(opening, "__") || contains(opening, "more");
        CHECK(contains(parse_refusal(raw_file(deep, 0)), passed_over ? "not valid JSON" : "a list at "));
        std::string objects = opening;
        while (objects.size() + 5 <= limit) objects += R"({"a":)";
        CHECK_FALSE(parse_refusal(raw_file(objects, 0)).empty());
    }
}

}  // namespace shadenet
