// What a model that tells classes knows of them, and of the pictures that it takes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace shadenet {

/// Of a filter there are no names, and nothing else has a meaning.
struct ModelClasses {
    std::vector<std::string> names{};  ///< of class 0, 1, ...
    std::uint32_t channels = 0;        ///< of its pictures: 1 for grey, 3 for red, green and blue
    std::uint32_t height = 0, width = 0;
    std::string resizing{};  ///< how others become that size: "centre"
    std::string grey{};      ///< how colour becomes grey: "luma"
    bool operator==(const ModelClasses&) const = default;
};

/// More than this program trains.
inline constexpr std::size_t most_model_classes = 65'536;

/// Adds a model file's entries `classes` (a JSON list of the names), `class_count`, `picture_size`
/// ("1x28x28": channels, rows, columns), `picture_resizing` and `picture_grey`; nothing where there are no
/// names.
void append_classes(std::map<std::string, std::string>& metadata, const ModelClasses& classes);
/// Throws InputError "<source>: ..." for what append_classes() does not write.
ModelClasses classes_from(const std::map<std::string, std::string>& metadata, const std::string& source);

}  // namespace shadenet
