// shadenet export: a trained model for other programs.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "base/psnr.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/export_kind.h"
#include "cli/given_model.h"
#include "cli/help.h"
#include "cli/measure.h"
#include "cli/new_file.h"
#include "cli/output.h"
#include "cli/text.h"
#include "engine/picture_filter.h"
#include "export/colour_table.h"
#include "export/darktable_package.h"
#include "export/kernel_files.h"
#include "export/linear_kernel.h"
#include "export/mpv_shader.h"
#include "export/number_limit.h"
#include "export/onnx.h"
#include "gpu/device.h"
#include "image/image.h"
#include "model/network_text.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

struct ExportFlags {
    std::string model, range, stats, output, kind, size, input, device;
    std::uint32_t side = 33;
    bool fold = false, overwrite = false, recursive = false;
};

/// Refuses what would have no effect.
void check_flags_of(const ExportFlags& flags, ExportKind kind) {
    struct Given {
        bool given;
        const char* flag;
        ExportKind of;
    };
    for (const auto& [given, flag, of] : {Given{flags.fold, "--fold", ExportKind::onnx},
                                          {!flags.size.empty(), "--static", ExportKind::onnx},
                                          {flags.side != ExportFlags{}.side, "--side", ExportKind::cube},
                                          {!flags.input.empty(), "--input", ExportKind::cube},
                                          {flags.recursive, "--recursive", ExportKind::cube}}) {
        if (!given || of == kind) continue;
        throw InputError(fmt::format("{} is for --to {}, and {} is written here; leave it out", flag,
                                     export_words[of], export_words[kind]));
    }
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
    check_new_file(file, "--output", flags.overwrite);
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

/// How far the table's pictures are from the network's, of every picture and of all together. Throws Stopped.
void measure_table(const ExportFlags& flags, const Model& model, const ColourTable& table) {
    const std::vector<fs::path> paths = listed_pictures(flags.input, flags.recursive);
    const auto device = Device::open(flags.device);
    if (flags.device.empty()) warn_of_software(device->info());
    PictureFilter filter(*device, model.network, model.parameters);
    double sum = 0, values = 0;
    std::size_t unreadable = 0;
    for (const fs::path& path : paths) {
        if (stop_on_interrupt()) throw Stopped();
        try {
            const Image picture = read_image(path).image;
            const double difference = squared_difference(filter.apply(picture), filtered_by(table, picture));
            const auto count = static_cast<double>(picture.values.size());
            say("  {:>13}  {}", psnr_text(difference / count), shown(path));
            sum += difference;
            values += count;
        } catch (const InputError& error) {
            spdlog::warn("{}", error.what());
            ++unreadable;
        }
    }
    warn_of_unreadable(unreadable, paths.size());
    if (values == 0) {
        throw InputError(
            fmt::format("{}: holds no picture that can be read; give others, or no --input", flags.input));
    }
    say("  {:>13}  of table against network, over all pixels", psnr_text(sum / values));
}

void export_cube(const ExportFlags& flags) {
    if (std::ranges::count(table_sides, flags.side) == 0) {
        throw InputError(fmt::format("--side is \"{}\"; use 17, 33 or 65", flags.side));
    }
    check_place_of(flags, flags.output);
    const Model model = exported_model(flags);
    const ColourTable table = colour_table(model, flags.side, flags.model, stop_on_interrupt());
    std::vector<std::string> notes = {
        "Made by shadenet: what a learned filter makes of flat areas. Colours are as in picture files."};
    const std::uint32_t seen = 2 * receptive_radius(model.network) + 1;
    if (seen > 1) {
        notes.push_back(
            fmt::format("The filter looks at the {0}x{0} pixels around each, and a table at one.", seen));
        if (flags.input.empty()) {
            spdlog::warn(
                "{}: looks at the {}x{} pixels around each, and a table at one; --input PICTURES says how "
                "much that loses, and .onnx holds it all",
                flags.model, seen, seen);
        }
    }
    if (!flags.input.empty()) measure_table(flags, model, table);
    write_file_atomically(flags.output, cube_text(table, notes));
    say("written    {}: a table of {} colours a side, from flat areas", shown(flags.output), flags.side);
}

/// Three files of one name: numbers, a function and a picture.
void export_kernel(const ExportFlags& flags) {
    if (export_kind_of_name(flags.output) != ExportKind::kernel) {
        throw InputError(fmt::format(
            "{}: a kernel is three files, NAME.csv, NAME.glsl and NAME.png; end --output with .csv",
            flags.output));
    }
    const fs::path numbers = flags.output;
    const fs::path function = fs::path(numbers).replace_extension(".glsl");
    const fs::path drawing = fs::path(numbers).replace_extension(".png");
    for (const fs::path& file : {numbers, function, drawing}) check_place_of(flags, file);
    const Model model = exported_model(flags);
    const std::string reason = no_kernel_reason(model.network);
    if (!reason.empty()) {
        throw InputError(
            fmt::format("{}: the network {}, and so is no single kernel; export it as .onnx{}", flags.model,
                        reason, model.classes.names.empty() ? ", or what flat areas become as .cube" : ""));
    }
    const LinearKernel kernel = linear_kernel(model.network, model.parameters);
    for (const double weight : kernel.weights) require_exportable(weight, "kernel", flags.model);
    for (const double constant : kernel.constant) require_exportable(constant, "kernel", flags.model);
    std::vector<fs::path> written;
    stop_on_interrupt();  // a signal now would leave a part
    try {
        write_file_atomically(numbers, kernel_csv(kernel));
        written.push_back(numbers);
        write_file_atomically(function, kernel_glsl(kernel));
        written.push_back(function);
        write_png(drawing, kernel_picture(kernel));
    } catch (...) {  // a part of a kernel is none
        std::error_code ignored;
        for (const fs::path& file : written) fs::remove(file, ignored);
        throw;
    }
    say("written    {0}: the weights of {1}x{1} pixels", shown(numbers), kernel.side());
    say("           {}: the same as a function in GLSL", shown(function));
    say("           {}: weights, and the gain of every frequency", shown(drawing));
}

void export_shader(const ExportFlags& flags) {
    check_place_of(flags, flags.output);
    const Model model = exported_model(flags);
    const std::string shader = mpv_shader(model, flags.model);
    write_file_atomically(flags.output, shader);
    say("written    {}: a shader of mpv and libplacebo, {} multiply-adds a pixel", shown(flags.output),
        shader_products(model.network));
}

void export_darktable(const ExportFlags& flags) {
    const std::string name = fs::path(flags.output).stem().string();
    if (export_kind_of_name(flags.output) != ExportKind::darktable) {
        throw InputError(fmt::format(
            "{}: darktable takes files named NAME.dtmodel; end --output with .dtmodel", flags.output));
    }
    if (const std::string reason = no_package_name_reason(name); !reason.empty()) {
        throw InputError(
            fmt::format("{}: the name {}, and darktable makes a folder of it; choose another "
                        "--output",
                        flags.output, reason));
    }
    check_place_of(flags, flags.output);
    const std::string file = darktable_package(exported_model(flags), name, SHADENET_VERSION, flags.model);
    write_file_atomically(flags.output, file);
    say("written    {}: a package of darktable for its task denoise, {}", shown(flags.output),
        bytes_text(file.size()));
}

void export_as(ExportKind kind, const ExportFlags& flags) {
    switch (kind) {
        case ExportKind::onnx:
            export_onnx(flags);
            break;
        case ExportKind::cube:
            export_cube(flags);
            break;
        case ExportKind::kernel:
            export_kernel(flags);
            break;
        case ExportKind::mpv:
            export_shader(flags);
            break;
        case ExportKind::darktable:
            export_darktable(flags);
            break;
    }
}

int run_export(const ExportFlags& flags) {
    const ExportKind kind = export_kind(flags.output, flags.kind);
    check_flags_of(flags, kind);
    try {
        export_as(kind, flags);
    } catch (const Stopped&) {
        spdlog::warn("interrupted; {} is not written", flags.output);
        return exit_after_interrupt();
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
    add_valued(command, "-o,--output", flags.output,
               "the file, whose ending says what is written: .onnx, .cube, .csv of a kernel, "
               ".hook of mpv, or .dtmodel of darktable",
               "FILE")
        ->required();
    add_valued(command, "--to", flags.kind, export_words.choices() + ", where the name does not say it",
               "KIND");
    add_range_flag(command, flags.range);
    add_valued(command, "--stats", flags.stats, "statistics for one kind of pictures, made by adapt", "NAME");
    add_valued(command, "--static", flags.size, "onnx: for one picture of this size, and no other", "HxW");
    command.add_flag("--fold", flags.fold, "onnx: norms as parts of the layers before them");
    add_number(command, "--side", flags.side, "cube: colours a side, 17, 33 or 65");
    add_valued(command, "-i,--input", flags.input,
               "cube: pictures, a folder or one, on which to tell what the table loses", "PATH");
    command.add_flag("-r,--recursive", flags.recursive, "the folders below the input, too");
    add_device_flag(command, flags.device, "-g,--device");
    command.add_flag("--overwrite", flags.overwrite, "replace what is there");
    command.footer(
        "Examples:\n"
        "  shadenet export run/model.safetensors -o filter.onnx\n"
        "  shadenet export run/model.safetensors -o filter.cube -i photos\n"
        "  shadenet export run/model.safetensors -o filter.csv\n"
        "  shadenet export run/model.safetensors -o filter.hook\n"
        "  shadenet export run/model.safetensors -o denoise-mine.dtmodel");
}

}  // namespace shadenet
