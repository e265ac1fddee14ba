// What a file is by its first bytes, whatever its name says.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadenet {

/// What a file can be used for, in this program or elsewhere.
enum class FileUse { picture, model, configuration, other };

inline constexpr std::string_view tiff_kind_name = "a TIFF picture";

struct FileKind {
    std::string_view name;  ///< "a HEIC picture"
    FileUse use = FileUse::other;
    bool read = false;          ///< this program reads files of the kind
    std::string_view remedy{};  ///< how to convert it to a kind that is read; {in} and {out} stand for files
    std::string_view result{};  ///< the extension of {out}
};

/// The kind of a file by its first bytes, of which 4096 are enough. None for bytes without a known signature.
std::optional<FileKind> kind_of(std::span<const std::byte> beginning);

/// The message for a `path` that holds these bytes where `wanted` is needed. It follows "<path>: ", for
/// example "is a HEIC picture, which this program does not read; convert it, e.g. ...". Empty if the kind is
/// unknown or right.
std::string wrong_kind(std::span<const std::byte> bytes, FileUse wanted, const std::filesystem::path& path);

}  // namespace shadenet
