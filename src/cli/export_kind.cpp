#include "cli/export_kind.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_case.h"

namespace shadenet {

namespace {

struct ExportEnding {
    const char* ending;
    ExportKind kind;
};
constexpr ExportEnding export_endings[] = {{".onnx", ExportKind::onnx},
                                           {".cube", ExportKind::cube},
                                           {".csv", ExportKind::kernel},
                                           {".hook", ExportKind::mpv},
                                           {".dtmodel", ExportKind::darktable}};

const char* ending_of(ExportKind kind) {
    for (const ExportEnding& one : export_endings) {
        if (one.kind == kind) return one.ending;
    }
    return "";
}

}  // namespace

std::optional<ExportKind> export_kind_of_name(const std::filesystem::path& output) {
    const std::string ending = lower_case(output.extension().string());
    for (const ExportEnding& one : export_endings) {
        if (one.ending == ending) return one.kind;
    }
    return {};
}

ExportKind export_kind(const std::string& output, const std::string& asked) {
    const std::optional<ExportKind> named = export_kind_of_name(output);
    if (asked.empty()) {
        if (named) return *named;
        throw InputError(fmt::format(
            "{}: its name does not say what is to be written; end it with .onnx, .cube, .csv, .hook or "
            ".dtmodel, or give --to",
            output));
    }
    const std::optional<ExportKind> kind = export_words.value(asked);
    if (!kind) throw InputError(fmt::format("--to is \"{}\"; use {}", asked, export_words.choices()));
    if (named && *named != *kind) {
        throw InputError(
            fmt::format("{}: ends as files of --to {} do, and --to is {}; end it with {}, or leave "
                        "--to out",
                        output, export_words[*named], asked, ending_of(*kind)));
    }
    return *kind;
}

}  // namespace shadenet
