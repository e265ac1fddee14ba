// shadenet export: a trained model for other programs.
#include <filesystem>
#include <optional>
#include <string>

#include <spdlog/spdlog.h>

#include "apply/result_places.h"
#include "base/error.h"
#include "base/file.h"
#include "base/lower_case.h"
#include "base/number.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/text.h"
#include "export/onnx.h"
#include "model/network_text.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

enum class ExportKind { onnx };
constexpr auto export_words = words_of<ExportKind>("onnx");

struct ExportFlags {
    std::string model, range, stats, output, kind, size;
    bool fold = false, overwrite = false;
};

std::optional<ExportKind> kind_of_name(const fs::path& output) {
    const std::string suffix = lower_case(output.extension().string());
    if (suffix == ".onnx") return ExportKind::onnx;
    return {};
}

ExportKind export_kind(const ExportFlags& flags) {
    const std::optional<ExportKind> named = kind_of_name(flags.output);
    if (flags.kind.empty()) {
        if (named) return *named;
        throw InputError(
            fmt::format("{}: its name does not say what is to be written; end it with .onnx, or give "
                        "--to onnx",
                        flags.output));
    }
    const std::optional<ExportKind> asked = export_words.value(flags.kind);
    if (!asked) throw InputError(fmt::format("--to is \"{}\"; use onnx", flags.kind));
    return *asked;
}

/// "480x640", rows x columns.
std::optional<OnnxOptions::Size> static_size(const std::string& text) {
    if (text.empty()) return {};
    const std::size_t cross = text.find('x');
    if (cross != text.npos) {
        const auto height = number_in<std::uint32_t>(text.substr(0, cross));
        const auto width = number_in<std::uint32_t>(text.substr(cross + 1));
        const auto fits = [](const auto& side) { return side && *side >= 1 && *side <= most_input_side; };
        if (fits(height) && fits(width)) return OnnxOptions::Size{*height, *width};
    }
    throw InputError(fmt::format("--static is \"{}\"; use HEIGHTxWIDTH, each from 1 to {}, as in 480x640",
                                 text, most_input_side));
}

/// Before anything is computed.
void check_place_of(const ExportFlags& flags, const fs::path& file) {
    if (same_file(file, flags.model)) {
        throw InputError(fmt::format("{}: is the model; choose another --output", file.string()));
    }
    if (!flags.overwrite && fs::exists(fs::symlink_status(file))) {
        throw InputError(fmt::format(
            "{}: is there already; --overwrite replaces it, or choose another --output", file.string()));
    }
}

Model exported_model(const ExportFlags& flags) {
    Model model = read_given_model(flags.model, flags.range);
    use_statistics(model, flags.stats, flags.model);
    for (const std::string& note : model.notes) spdlog::info("{}: {}", flags.model, note);
    return model;
}

void export_onnx(const ExportFlags& flags) {
    const OnnxOptions options{
        .size = static_size(flags.size), .fold = flags.fold, .version = SHADENET_VERSION};
    check_place_of(flags, flags.output);
    const std::string file = onnx_model(exported_model(flags), options, flags.model);
    write_file_atomically(flags.output, file);
    say("written    {}: ONNX, operator set {}, {}", shown(flags.output), onnx_operator_set,
        bytes_text(file.size()));
}

int run_export(const ExportFlags& flags) {
    switch (export_kind(flags)) {
        case ExportKind::onnx:
            export_onnx(flags);
            break;
    }
    return exit_fine;
}

}  // namespace

void add_export_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] = add_command(
        program, "export", "Write a trained model as a file of another program", exit_code, run_export);
    add_valued(command, "-m,--model,MODEL", flags.model, "model.safetensors of a run, or its checkpoint",
               "FILE")
        ->required();
    add_valued(command, "-o,--output", flags.output, "the file, whose ending says what is written: .onnx",
               "FILE")
        ->required();
    add_valued(command, "--to", flags.kind, "onnx, where the name does not say it", "KIND");
    add_range_flag(command, flags.range);
    add_valued(command, "--stats", flags.stats, "statistics for one kind of pictures, made by adapt", "NAME");
    add_valued(command, "--static", flags.size, "onnx: for one picture of this size, and no other", "HxW");
    command.add_flag("--fold", flags.fold, "onnx: norms as parts of the layers before them");
    command.add_flag("--overwrite", flags.overwrite, "replace what is there");
    command.footer(
        "Examples:\n"
        "  shadenet export run/model.safetensors -o filter.onnx");
}

}  // namespace shadenet
