// What a file is by its first bytes, whatever its name says.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadenet {

/// What a file can be good for, here or elsewhere.
enum class FileUse { picture, model, configuration, other };

struct FileKind {
    std::string_view name;  ///< "a WebP picture"
    FileUse use = FileUse::other;
    bool read = false;          ///< this program reads files of the kind
    std::string_view remedy{};  ///< how to get from it to one that is read; {in} and {out} stand for files
    std::string_view result{};  ///< the extension of {out}
};

/// The kind that the beginning of a file tells, 4096 bytes of which are enough. None for bytes without a
/// known signature.
std::optional<FileKind> kind_of(std::span<const std::byte> beginning);

/// What to answer where `wanted` is needed and `path` holds these bytes: words to follow "<path>: ", such as
/// "is a WebP picture, which this program does not read; convert it, e.g. ...". Empty where the kind is not
/// known, or is the right one.
std::string wrong_kind(std::span<const std::byte> bytes, FileUse wanted, const std::filesystem::path& path);

}  // namespace shadenet
