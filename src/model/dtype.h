// The types of a safetensors file's values.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace shadenet {

enum class DType { f32, f64, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

/// Bytes of one value.
std::size_t width(DType dtype);
/// "F32".
std::string_view name_of(DType dtype);
/// None for a name that the format does not have, and for types that nothing here can convert: those of 4, 6
/// and 8 bits with an exponent, and complex ones.
std::optional<DType> dtype_named(std::string_view name);
/// Whether its values are floating-point numbers, as a network's are.
bool is_floating(DType dtype);

/// Little-endian values, which need not be aligned, converted. Non-finite ones are kept.
std::vector<float> to_floats(DType dtype, std::span<const std::byte> bytes);
std::vector<double> to_doubles(DType dtype, std::span<const std::byte> bytes);

}  // namespace shadenet
