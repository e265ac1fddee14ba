#include "cli/apply_flags.h"

#include <charconv>
#include <system_error>

#include "base/error.h"
#include "cli/given_model.h"
#include "cli/help.h"

namespace shadenet {

namespace {

/// "LOAD:GPU:SAVE".
std::array<unsigned, 3> three_numbers(const std::string& text) {
    constexpr unsigned most = 64;
    std::array<unsigned, 3> numbers{};
    const char* at = text.data();
    const char* const last = at + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto [end, error] = std::from_chars(at, last, numbers.at(i));
        const bool ends_well = i + 1 < numbers.size() ? end != last && *end == ':' : end == last;
        if (error != std::errc() || !ends_well || numbers.at(i) < 1 || numbers.at(i) > most) {
            throw InputError(
                fmt::format("--jobs {}: give three numbers from 1 to {}, as in 2:3:4", text, most));
        }
        at = end + 1;
    }
    return numbers;
}

}  // namespace

void add_apply_flags(CLI::App& command, ApplyFlags& flags) {
    add_valued(command, "-m,--model", flags.model, "model.safetensors of a run, or its checkpoint", "FILE")
        ->required();
    add_valued(command, "-i,--input", flags.inputs, "a picture of any size, a folder of them, or several",
               "PATH")
        ->required();
    add_valued(command, "-o,--output", flags.output, "the result's file, or the folder for results", "PATH")
        ->required();
    add_range_flag(command, flags.range);
    add_valued(command, "--stats", flags.stats, "statistics for this kind of pictures, made by adapt",
               "NAME");
    command.add_flag("-r,--recursive", flags.recursive, "the folders below the input, too");
    add_valued(command, "-f,--format", flags.format,
               "of the results: same as the picture's, png, or jpg [same]", "FORMAT");
    add_valued(command, "--quality", flags.quality, "of JPEG, 1 to 100; without it, the source's own",
               "QUALITY")
        ->check(number_validator<std::uint32_t>(1, 100));
    command.add_flag("--strip-metadata", flags.strip_metadata,
                     "leave out EXIF, XMP, IPTC and texts; colour profiles stay");
    add_valued(command, "--strength", flags.strength, "0 keeps the picture, 1 is the filter, between mixes",
               "S")
        ->capture_default_str()
        ->check(real_validator(0, 1));
    command.add_flag("--resume", flags.resume,
                     "skip results that are whole, and newer than their source and the model");
    command.add_flag("--overwrite", flags.overwrite, "replace results that are there");
    add_valued(command, "--shard", flags.shard,
               "share I of N of the folder, for several machines; auto: Slurm's", "I/N");
    add_valued(command, "--summary", flags.summary, "what became of each picture, as lines of JSON", "FILE");
    add_device_flag(command, flags.device, "-g,--device");
    add_number(command, "-t,--tile", flags.tile,
               "side of a tile in pixels; 0 chooses; no result depends on it", 0,
               std::numeric_limits<std::uint32_t>::max(), "TILE");
    add_valued(command, "-j,--jobs", flags.jobs,
               "threads that read, pictures on the GPU at once, threads that write", "LOAD:GPU:SAVE");
    command.add_flag("-v,--verbose", flags.verbose, "a line for every picture");
    add_quiet_flag(command, flags.quiet, "only warnings and errors");
}

ApplyRequest request_of(const ApplyFlags& flags) {
    return {.inputs = {flags.inputs.begin(), flags.inputs.end()},
            .output = flags.output,
            .format = flags.format,
            .recursive = flags.recursive,
            .shard = flags.shard.empty() ? Shard{} : parse_shard(flags.shard),
            .jpeg_quality = flags.quality};
}

EarlierResults earlier_results_of(const ApplyFlags& flags) {
    if (flags.resume && flags.overwrite) {
        throw InputError("--resume and --overwrite exclude each other; give one of them");
    }
    if (flags.resume) return EarlierResults::resume;
    return flags.overwrite ? EarlierResults::overwrite : EarlierResults::refuse;
}

PipelineOptions pipeline_options_of(const ApplyFlags& flags, unsigned cores) {
    PipelineOptions options = default_pipeline_options(cores);
    if (!flags.jobs.empty()) {
        const std::array<unsigned, 3> threads = three_numbers(flags.jobs);
        options.loaders = threads[0];
        options.under_way = threads[1];
        options.savers = threads[2];
    }
    options.jpeg_quality = flags.quality;
    // Who asks for PNG gets what holds the result exactly; who asks for nothing, the picture's own kind.
    options.keep_palette = flags.format != "png";
    options.strip_metadata = flags.strip_metadata;
    return options;
}

}  // namespace shadenet
