#include "cli/export_kind.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_case.h"
#include "image/pairs.h"

namespace shadenet {

namespace {

constexpr auto export_endings = words_of<ExportKind>(".onnx", ".cube", ".csv", ".hook", ".dtmodel");

}  // namespace

std::optional<ExportKind> export_kind_of_name(const std::filesystem::path& output) {
    return export_endings.value(lower_case(output.extension().string()));
}

ExportKind export_kind(const std::string& output, const std::string& asked) {
    const std::optional<ExportKind> named = export_kind_of_name(output);
    if (asked.empty()) {
        if (named) return *named;
        throw InputError(
            fmt::format("{}: its name does not say what is to be written; end it with {}, or give --to",
                        output, export_endings.choices()));
    }
    const std::optional<ExportKind> kind = export_words.value(asked);
    if (!kind) throw InputError(fmt::format("--to is \"{}\"; use {}", asked, export_words.choices()));
    if (named && *named != *kind) {
        throw InputError(
            fmt::format("{}: ends as files of --to {} do, and --to is {}; end it with {}, or leave "
                        "--to out",
                        output, export_words[*named], asked, export_endings[*kind]));
    }
    if (has_picture_extension(output)) {
        throw InputError(
            fmt::format("{}: ends as pictures do; end it with {}", output, export_endings[*kind]));
    }
    return *kind;
}

}  // namespace shadenet
