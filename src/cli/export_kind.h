// What export writes, and by which endings of names that is told.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/words.h"

namespace shadenet {

enum class ExportKind { onnx, cube, kernel, mpv, darktable };
inline constexpr auto export_words = words_of<ExportKind>("onnx", "cube", "kernel", "mpv", "darktable");

/// The kind that a file's name tells.
std::optional<ExportKind> export_kind_of_name(const std::filesystem::path& output);

/// What is to be written into a file of that name. `asked`: the value of --to, or nothing. Throws InputError
/// where neither says it, or each says another.
ExportKind export_kind(const std::string& output, const std::string& asked);

}  // namespace shadenet
