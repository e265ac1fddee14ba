// The safetensors container: an 8-byte little-endian header length, a JSON header, and raw tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/dtype.h"

namespace shadenet {

struct SafeTensor {
    std::string name;
    DType dtype = DType::f32;
    std::vector<std::uint64_t> shape;
    std::vector<std::byte> bytes;  ///< little-endian, row-major

    std::uint64_t values() const;
    /// The values converted to the asked type. Non-finite values are kept.
    std::vector<float> as_floats() const;
    std::vector<double> as_doubles() const;
    /// Throws std::invalid_argument when `shape` is not of that many values.
    static SafeTensor floats(std::string name, std::vector<std::uint64_t> shape,
                             std::span<const float> values);
};

struct SafeTensors {
    std::map<std::string, std::string> metadata;
    std::vector<SafeTensor> tensors;
    /// Null when there is none of that name.
    const SafeTensor* find(std::string_view name) const;
};

/// Strict: header at most 16 MiB and inside the file, valid JSON object of the expected form, known dtype,
/// shape product without overflow and equal to the byte range, ranges in order without gap or overlap and
/// ending at the file's end, no duplicate name. The tensors come in the order of their bytes.
/// What of a header the format allows, or its own reader passes over, is passed over here too: metadata that
/// is null, and entries that nobody knows. Throws InputError "<source>: <what is wrong>"; of a file of
/// another kind (base/file_kind.h) it says which, and how to get a model from it.
SafeTensors parse_safetensors(std::span<const std::byte> bytes, const std::string& source);
/// Files up to 1 GiB. Throws InputError.
SafeTensors read_safetensors(const std::filesystem::path& path);
/// Its bytes, for who also wants their hash. Throws InputError as read_safetensors() does before it parses.
std::vector<std::byte> read_safetensors_bytes(const std::filesystem::path& path);
/// Header padded with spaces to a multiple of 8; tensors in the given order. Written atomically; throws
/// WorkError, and std::invalid_argument for tensors that no file can hold (a name twice, bytes that do not
/// fit the shape).
void write_safetensors(const std::filesystem::path& path, const SafeTensors& file);

}  // namespace shadenet
