#include "model/dtype.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace shadenet {

namespace {

static_assert(std::endian::native == std::endian::little,
              "tensors are little-endian, and are copied as they are");

struct DTypeName {
    DType dtype;
    std::string_view name;
    std::size_t width;
};

constexpr auto dtype_names = std::to_array<DTypeName>({{DType::f32, "F32", 4},
                                                       {DType::f64, "F64", 8},
                                                       {DType::f16, "F16", 2},
                                                       {DType::bf16, "BF16", 2},
                                                       {DType::i64, "I64", 8},
                                                       {DType::i32, "I32", 4},
                                                       {DType::i16, "I16", 2},
                                                       {DType::i8, "I8", 1},
                                                       {DType::u64, "U64", 8},
                                                       {DType::u32, "U32", 4},
                                                       {DType::u16, "U16", 2},
                                                       {DType::u8, "U8", 1},
                                                       {DType::boolean, "BOOL", 1}});

const DTypeName& entry_of(DType dtype) {
    const auto found = std::find_if(dtype_names.begin(), dtype_names.end(),
                                    [&](const DTypeName& entry) { return entry.dtype == dtype; });
    if (found == dtype_names.end()) throw std::invalid_argument("a tensor is of no known type");
    return *found;
}

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

template <typename Value>
std::vector<Value> values_of_type(DType dtype, std::span<const std::byte> bytes) {
    switch (dtype) {
        case DType::f32:
            return values_stored_as<Value, float>(bytes);
        case DType::f64:
            return values_stored_as<Value, double>(bytes);
        case DType::f16:
            return values_stored_as<Value, Half>(bytes);
        case DType::bf16:
            return values_stored_as<Value, BrainHalf>(bytes);
        case DType::i64:
            return values_stored_as<Value, std::int64_t>(bytes);
        case DType::i32:
            return values_stored_as<Value, std::int32_t>(bytes);
        case DType::i16:
            return values_stored_as<Value, std::int16_t>(bytes);
        case DType::i8:
            return values_stored_as<Value, std::int8_t>(bytes);
        case DType::u64:
            return values_stored_as<Value, std::uint64_t>(bytes);
        case DType::u32:
            return values_stored_as<Value, std::uint32_t>(bytes);
        case DType::u16:
            return values_stored_as<Value, std::uint16_t>(bytes);
        case DType::u8:
        case DType::boolean:
            return values_stored_as<Value, std::uint8_t>(bytes);
    }
    throw std::invalid_argument("a tensor is of no known type");
}

}  // namespace

std::size_t width(DType dtype) {
    return entry_of(dtype).width;
}

std::string_view name_of(DType dtype) {
    return entry_of(dtype).name;
}

std::optional<DType> dtype_named(std::string_view name) {
    for (const DTypeName& entry : dtype_names) {
        if (entry.name == name) return entry.dtype;
    }
    return std::nullopt;
}

bool is_floating(DType dtype) {
    return dtype == DType::f32 || dtype == DType::f64 || dtype == DType::f16 || dtype == DType::bf16;
}

std::vector<float> to_floats(DType dtype, std::span<const std::byte> bytes) {
    return values_of_type<float>(dtype, bytes);
}

std::vector<double> to_doubles(DType dtype, std::span<const std::byte> bytes) {
    return values_of_type<double>(dtype, bytes);
}

}  // namespace shadenet
