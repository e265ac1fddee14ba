// The JSON header of a safetensors file, read into plain data without ever holding the JSON itself.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/safetensors.h"

namespace shadenet {

/// What the header says of one tensor. Nothing here is checked against the file's size or the shape.
struct TensorEntry {
    std::string name;
    DType dtype = DType::f32;
    std::vector<std::uint64_t> shape;
    std::uint64_t begin = 0, end = 0;  ///< bytes, counted from the first after the header
};

struct SafeTensorsHeader {
    std::map<std::string, std::string> metadata;
    std::vector<TensorEntry> tensors;  ///< in the order of the text
};

/// The text must be one JSON object, of tensors with `dtype`, `shape` and `data_offsets`, and at most one
/// `__metadata__`, an object or null; no key twice. Numbers in the metadata become text, null is no entry,
/// and lists and objects in it are passed over, as are other entries of tensors. What is kept is never more
/// than in proportion to the text, however deep that is. Throws InputError "<source>: ...".
SafeTensorsHeader parse_safetensors_header(std::string_view text, const std::string& source);

/// `{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}` for every tensor, padded with spaces to a multiple
/// of 8. Throws nlohmann's exception (a std::exception) for text that is not UTF-8.
std::string safetensors_header_text(const SafeTensorsHeader& header);

/// A name as an error message can show it: quoted, on one line, shortened.
std::string in_quotes(std::string_view name);

}  // namespace shadenet
