#include "model/dtype.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace shadenet {

namespace {

static_assert(std::endian::native == std::endian::little,
              "tensors are little-endian, and are copied as they are");

/// IEEE 754's 16 bits.
struct Half {
    std::uint16_t bits;
    explicit operator double() const {
        const int exponent = bits >> 10 & 31, digits = bits & 1023;
        double value = std::ldexp(digits + (exponent == 0 ? 0 : 1024), std::max(exponent, 1) - 25);
        if (exponent == 31) {
            value = digits == 0 ? std::numeric_limits<double>::infinity()
                                : std::numeric_limits<double>::quiet_NaN();
        }
        return bits >> 15 != 0 ? -value : value;
    }
    explicit operator float() const { return static_cast<float>(static_cast<double>(*this)); }
};

/// The upper half of a float.
struct BrainHalf {
    std::uint16_t bits;
    explicit operator float() const { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
    explicit operator double() const { return static_cast<double>(static_cast<float>(*this)); }
};

template <typename Value, typename Stored>
std::vector<Value> values_stored_as(std::span<const std::byte> bytes) {
    std::vector<Value> values(bytes.size() / sizeof(Stored));
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
        values[i] = static_cast<Value>(stored);
    }
    return values;
}

struct DTypeFacts {
    std::string_view name;
    std::size_t width;
    std::vector<float> (*floats)(std::span<const std::byte>);
    std::vector<double> (*doubles)(std::span<const std::byte>);
};

template <typename Stored>
constexpr DTypeFacts stored_as(std::string_view name) {
    return {name, sizeof(Stored), values_stored_as<float, Stored>, values_stored_as<double, Stored>};
}

/// In the order of DType.
constexpr std::array all_facts = {
    stored_as<float>("F32"),         stored_as<double>("F64"),        stored_as<Half>("F16"),
    stored_as<BrainHalf>("BF16"),    stored_as<std::int64_t>("I64"),  stored_as<std::int32_t>("I32"),
    stored_as<std::int16_t>("I16"),  stored_as<std::int8_t>("I8"),    stored_as<std::uint64_t>("U64"),
    stored_as<std::uint32_t>("U32"), stored_as<std::uint16_t>("U16"), stored_as<std::uint8_t>("U8"),
    stored_as<std::uint8_t>("BOOL")};

const DTypeFacts& facts_of(DType dtype) {
    return all_facts.at(static_cast<std::size_t>(dtype));
}

}  // namespace

std::size_t width(DType dtype) {
    return facts_of(dtype).width;
}

std::string_view name_of(DType dtype) {
    return facts_of(dtype).name;
}

std::optional<DType> dtype_named(std::string_view name) {
    const auto found = std::ranges::find(all_facts, name, &DTypeFacts::name);
    if (found == all_facts.end()) return std::nullopt;
    return static_cast<DType>(found - all_facts.begin());
}

bool is_floating(DType dtype) {
    return dtype == DType::f32 || dtype == DType::f64 || dtype == DType::f16 || dtype == DType::bf16;
}

std::vector<float> to_floats(DType dtype, std::span<const std::byte> bytes) {
    return facts_of(dtype).floats(bytes);
}

std::vector<double> to_doubles(DType dtype, std::span<const std::byte> bytes) {
    return facts_of(dtype).doubles(bytes);
}

}  // namespace shadenet
