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

/// "the name of class 2 is empty", where names are no names of classes: one is empty, the same as another, or
/// has a line end or another control character. Empty where nothing is wrong.
std::string fault_of_names(const std::vector<std::string>& names);

/// Throws InputError "<source>: ..." and the remedy unless `now`, the classes of data, are those that the
/// file `source` knows, in the same order: what answers mean is the order alone.
void require_same_classes(const std::vector<std::string>& known, const std::vector<std::string>& now,
                          const std::string& source, const std::string& remedy);

/// Adds a model file's entries `classes` (a JSON list of the names), `class_count`, `picture_size`
/// ("1x28x28": channels, rows, columns), `picture_resizing` and `picture_grey`; nothing where there are no
/// names.
void append_classes(std::map<std::string, std::string>& metadata, const ModelClasses& classes);
/// Throws InputError "<source>: ..." for what append_classes() does not write.
ModelClasses classes_from(const std::map<std::string, std::string>& metadata, const std::string& source);

}  // namespace shadenet
