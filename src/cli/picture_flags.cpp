#include "cli/picture_flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "base/error.h"
#include "base/file.h"
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

PlaceFlags add_place_flags(CLI::App& command, PictureFlags& flags, const char* output_names,
                           const char* output_meaning) {
    add_valued(command, "-m,--model", flags.model, "model.safetensors of a run, or its checkpoint", "FILE")
        ->required();
    CLI::Option* const input =
        add_valued(command, "-i,--input", flags.inputs,
                   "a picture of any size, a folder of them, or several; -: stdin", "PATH");
    return {input, add_valued(command, output_names, flags.output, output_meaning, "PATH")};
}

void add_stats_flag(CLI::App& command, PictureFlags& flags) {
    add_valued(command, "--stats", flags.stats, "statistics for this kind of pictures, made by adapt",
               "NAME");
}

void add_earlier_flags(CLI::App& command, PictureFlags& flags, const char* resume_meaning) {
    command.add_flag("--resume", flags.resume, resume_meaning);
    command.add_flag("--overwrite", flags.overwrite, "replace results that are there");
}

void add_share_flags(CLI::App& command, PictureFlags& flags) {
    add_valued(command, "--shard", flags.shard,
               "share I of N of the folder, for several machines; auto: Slurm's", "I/N");
    add_valued(command, "--summary", flags.summary, "what became of each picture, as lines of JSON", "FILE");
}

void add_work_flags(CLI::App& command, PictureFlags& flags) {
    add_valued(command, "-j,--jobs", flags.jobs,
               "threads that read, pictures on the GPU at once, threads that write", "LOAD:GPU:SAVE");
}

void add_telling_flags(CLI::App& command, PictureFlags& flags) {
    command.add_flag("-v,--verbose", flags.verbose, "a line for every picture");
    add_quiet_flag(command, flags.quiet, "only warnings and errors");
}

ApplyRequest request_of(const PictureFlags& flags) {
    return {.inputs = {flags.inputs.begin(), flags.inputs.end()},
            .output = flags.output,
            .format = {},
            .recursive = flags.recursive,
            .shard = flags.shard.empty() ? Shard{} : parse_shard(flags.shard)};
}

void check_stream_flags(const PictureFlags& flags) {
    const bool from = std::ranges::find(flags.inputs, stream_mark) != flags.inputs.end();
    const bool to = flags.output == stream_mark;
    if (flags.resume && (from || to)) {
        throw InputError("--resume looks at the times of files, and - has none; leave it out");
    }
    if (flags.overwrite && to && flags.summary.empty()) {
        throw InputError(
            "--overwrite is about results that are there, and --output - leaves none; leave it out");
    }
    if (to && !flags.summary.empty() && same_file(flags.summary, "/dev/stdout")) {
        throw InputError(fmt::format("{}: is where the picture of --output - goes; choose another --summary",
                                     flags.summary));
    }
}

EarlierResults earlier_results_of(const PictureFlags& flags) {
    if (flags.resume && flags.overwrite) {
        throw InputError("--resume and --overwrite exclude each other; give one of them");
    }
    if (flags.resume) return EarlierResults::resume;
    return flags.overwrite ? EarlierResults::overwrite : EarlierResults::refuse;
}

PipelineOptions pipeline_options_of(const PictureFlags& flags, PipelineOptions usual) {
    if (flags.jobs.empty()) return usual;
    const std::array<unsigned, 3> threads = three_numbers(flags.jobs);
    usual.loaders = threads[0];
    usual.under_way = threads[1];
    usual.savers = threads[2];
    return usual;
}

}  // namespace shadenet
