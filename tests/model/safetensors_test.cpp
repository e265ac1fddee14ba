#include "model/safetensors.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "catch.h"
#include "model/model_test_tools.h"

namespace shadenet {

namespace {

using test::raw_file;
using test::refusal;
using test::Scratch;

template <typename Value>
SafeTensor tensor_of(std::string name, DType dtype, std::vector<std::uint64_t> shape,
                     const std::vector<Value>& values) {
    const auto bytes = std::as_bytes(std::span(values));
    return {std::move(name), dtype, std::move(shape), {bytes.begin(), bytes.end()}};
}

}  // namespace

TEST_CASE("a safetensors file is, byte for byte, what the format says") {
    const Scratch folder;
    const std::vector<float> values = {1.0f, -2.5f};
    SafeTensors file;
    file.metadata = {{"b", "2"}, {"a", "\"1\""}};
    file.tensors = {SafeTensor::floats("z", {1, 2}, values)};
    write_safetensors(folder / "f", file);

    const std::string header =
        R"({"__metadata__":{"a":"\"1\"","b":"2"},"z":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})"
        "   ";
    REQUIRE(header.size() % 8 == 0);
    const auto expected = raw_file(header, std::as_bytes(std::span(values)), header.size());
    CHECK(read_file(folder / "f", 1000) == expected);
    CHECK(expected[expected.size() - 5] == std::byte{0x3f});  // little-endian: 1.0f ends in its exponent
}

TEST_CASE("a safetensors file reads back as it was written") {
    const Scratch folder;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    SafeTensors file;
    file.metadata = {{"empty", ""}, {"text", "two\nlines, \xc3\xa9 and \\"}};
    file.tensors = {
        SafeTensor::floats("second", {3, 1, 2}, std::vector<float>{1, 2, 3, 4, 5, -0.0f}),
        SafeTensor::floats("a scalar", {}, std::vector<float>{7}),
        SafeTensor::floats("empty", {3, 0, 5}, {}),
        tensor_of<double>("double", DType::f64, {3}, {0.1, -1e300, 3}),
        tensor_of<std::int64_t>("integer", DType::i64, {2}, {-5, std::int64_t{1} << 40}),
        SafeTensor::floats("empty too", {0}, {}),
        SafeTensor::floats("first", {1}, std::vector<float>{nan}),
    };
    write_safetensors(folder / "f", file);
    const SafeTensors read = read_safetensors(folder / "f");
    CHECK(read.metadata == file.metadata);
    REQUIRE(read.tensors.size() == file.tensors.size());
    for (const SafeTensor& tensor : file.tensors) {
        CAPTURE(tensor.name);
        const SafeTensor* found = read.find(tensor.name);
        REQUIRE(found != nullptr);
        CHECK(found->dtype == tensor.dtype);
        CHECK(found->shape == tensor.shape);
        CHECK(found->bytes == tensor.bytes);
    }
    CHECK(read.find("First") == nullptr);
    CHECK(read.tensors.front().name == "second");
    CHECK(read.tensors.back().name == "first");
    CHECK(read.find("double")->as_doubles() == std::vector<double>{0.1, -1e300, 3});
    CHECK(read.find("integer")->as_doubles() == std::vector<double>{-5, 1099511627776.0});
    CHECK(read.find("integer")->as_floats() == std::vector<float>{-5, 1099511627776.0f});
    CHECK(read.find("second")->as_doubles() == std::vector<double>{1, 2, 3, 4, 5, 0});
    CHECK(read.find("a scalar")->values() == 1);
    CHECK(read.find("empty")->values() == 0);
    CHECK(read.find("empty")->as_floats().empty());
    CHECK(std::isnan(read.find("first")->as_floats().at(0)));
}

TEST_CASE("a file of nothing is a safetensors file") {
    const Scratch folder;
    write_safetensors(folder / "f", {});
    const SafeTensors read = read_safetensors(folder / "f");
    CHECK((read.metadata.empty() && read.tensors.empty()));
    CHECK(read_file(folder / "f", 100) == raw_file("{}      ", 0));
}

TEST_CASE("tensors are ordered by their bytes, and need no alignment") {
    // Over three lengths of the header, the values lie at every kind of odd place.
    const std::string header =
        R"({"b":{"shape":[1],"data_offsets":[4,12],"dtype":"F64"},)"
        R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"none":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})";
    std::vector<std::byte> data(12);
    const float a = 1.5f;
    const double b = -0.1;
    std::memcpy(data.data(), &a, sizeof(a));
    std::memcpy(data.data() + 4, &b, sizeof(b));
    for (const char* padding : {"", " ", "  "}) {
        const std::string padded = header + padding;
        const SafeTensors file = parse_safetensors(raw_file(padded, data, padded.size()), "f");
        REQUIRE(file.tensors.size() == 3);
        CHECK(file.tensors[0].name == "a");
        CHECK(file.tensors[1].name == "none");
        CHECK(file.tensors[2].name == "b");
        CHECK(file.tensors[0].as_floats() == std::vector<float>{a});
        CHECK(file.tensors[2].as_doubles() == std::vector<double>{b});
    }
}

TEST_CASE("headers as other programs write them are read") {
    const auto metadata_of = [](const std::string& metadata) {
        const std::string tensor = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
        const SafeTensors file = parse_safetensors(
            raw_file(R"({"__metadata__":)" + metadata + "," + tensor + "}   ", 4), "their.file");
        CHECK(file.find("a") != nullptr);
        return file.metadata;
    };
    using Entries = std::map<std::string, std::string>;
    CHECK(metadata_of("null").empty());
    CHECK(metadata_of("{}").empty());
    CHECK(metadata_of(R"({"none":null,"format":"pt"})") == Entries{{"format", "pt"}});
    CHECK(metadata_of(R"({"a":16,"b":-2,"c":0.90,"d":true,"e":false})") ==
          Entries{{"a", "16"}, {"b", "-2"}, {"c", "0.90"}, {"d", "true"}, {"e", "false"}});
    CHECK(metadata_of(R"({"l":[1,[null],{"m":{}}],"o":{"p":1,"p":[]},"q":"r"})") == Entries{{"q", "r"}});
    const SafeTensors more = parse_safetensors(
        raw_file(
            R"({"a":{"x":null,"dtype":"F32","y":{"shape":[9]},"shape":[1],"z":[[1]],"data_offsets":[0,4]}})",
            4),
        "their.file");
    CHECK(more.find("a")->shape == std::vector<std::uint64_t>{1});
}

TEST_CASE("values of every type are read") {
    const auto value = [](DType dtype, const std::vector<std::uint8_t>& bytes) {
        const auto raw = std::as_bytes(std::span(bytes));
        CHECK(dtype_named(name_of(dtype)) == dtype);
        CHECK(raw.size() == width(dtype));
        CHECK(to_doubles(dtype, raw).at(0) == static_cast<double>(to_floats(dtype, raw).at(0)));
        return to_doubles(dtype, raw).at(0);
    };
    CHECK(value(DType::f16, {0x00, 0x3c}) == 1);
    CHECK(value(DType::f16, {0x66, 0xae}) == -0.0999755859375);
    CHECK(value(DType::f16, {0xff, 0x7b}) == 65504);
    CHECK(value(DType::f16, {0x01, 0x00}) == std::ldexp(1, -24));
    CHECK(value(DType::f16, {0xff, 0x03}) == 1023 * std::ldexp(1, -24));
    CHECK(value(DType::f16, {0x00, 0x04}) == std::ldexp(1, -14));
    CHECK(value(DType::f16, {0x00, 0xfc}) == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(to_floats(DType::f16, std::as_bytes(std::span("\x01\x7c", 2))).at(0)));
    CHECK(value(DType::bf16, {0x80, 0x3f}) == 1);
    CHECK(value(DType::bf16, {0x49, 0xc0}) == -3.140625);
    CHECK(value(DType::i32, {0xfe, 0xff, 0xff, 0xff}) == -2);
    CHECK(value(DType::i16, {0xfe, 0xff}) == -2);
    CHECK(value(DType::i8, {0xfe}) == -2);
    CHECK(value(DType::u64, {0, 0, 0, 0, 0, 0, 0, 0x80}) == std::ldexp(1, 63));
    CHECK(value(DType::u32, {0, 0, 0, 0x80}) == std::ldexp(1, 31));
    CHECK(value(DType::u16, {0xfe, 0xff}) == 65534);
    CHECK(value(DType::u8, {0xfe}) == 254);
    CHECK(value(DType::boolean, {1}) == 1);
    CHECK(is_floating(DType::bf16));
    CHECK_FALSE(is_floating(DType::i8));
    CHECK_FALSE(dtype_named("f32"));
}

TEST_CASE("tensors that no file can hold are not written") {
    const Scratch folder;
    const SafeTensor good = SafeTensor::floats("x", {1}, std::vector<float>{1});
    SafeTensor short_of_bytes = good;
    short_of_bytes.shape = {2};
    SafeTensor reserved = good;
    reserved.name = "__metadata__";
    SafeTensor overflowing = SafeTensor::floats("x", {0}, {});
    overflowing.shape = {std::uint64_t{1} << 62};
    using Tensors = std::vector<SafeTensor>;
    for (const Tensors& tensors : {Tensors{good, good}, {short_of_bytes}, {reserved}, {overflowing}}) {
        CHECK_THROWS_AS(write_safetensors(folder / "f", {{}, tensors}), std::invalid_argument);
    }
    CHECK_THROWS_AS(write_safetensors(folder / "f", {{{"key", "\xff"}}, {}}), WorkError);
    CHECK_FALSE(std::filesystem::exists(folder / "f"));
    CHECK_THROWS_AS(SafeTensor::floats("x", {2, 3}, std::vector<float>(5)), std::invalid_argument);
    CHECK_THROWS_AS(write_safetensors(folder / "no such folder/f", {}), WorkError);
    CHECK(test::contains(refusal([&] { read_safetensors(folder / "f"); }), "no such file"));
}

}  // namespace shadenet
