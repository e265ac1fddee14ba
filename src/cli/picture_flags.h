// The flags of commands that take many pictures through a model, and what they stand for.
#pragma once

#include <string>
#include <vector>

#include "apply/earlier_results.h"
#include "apply/jobs.h"
#include "apply/pipeline.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace shadenet {

/// What the command line says. Must stay in place from add_...() on: the parser writes into it.
struct PictureFlags {
    std::vector<std::string> inputs;
    std::string model, output, device, jobs, shard, summary;
    std::string stats;  ///< the name of a set of statistics; empty: the model's own
    bool recursive = false, resume = false, overwrite = false, verbose = false, quiet = false;
};

/// -m and -i, and -o by these names.
struct PlaceFlags {
    CLI::Option *input, *output;
};
PlaceFlags add_place_flags(CLI::App& command, PictureFlags& flags, const char* output_names,
                           const char* output_meaning);
void add_stats_flag(CLI::App& command, PictureFlags& flags);
/// The others, in their order in the help.
void add_earlier_flags(CLI::App& command, PictureFlags& flags, const char* resume_meaning);
void add_share_flags(CLI::App& command, PictureFlags& flags);
void add_work_flags(CLI::App& command, PictureFlags& flags);
void add_telling_flags(CLI::App& command, PictureFlags& flags);

/// What to do, checked. All throw InputError.
ApplyRequest request_of(const PictureFlags& flags);
/// Refuses what says nothing of standard input, or of standard output.
void check_stream_flags(const PictureFlags& flags);
EarlierResults earlier_results_of(const PictureFlags& flags);
/// `usual`, and what the user says.
PipelineOptions pipeline_options_of(const PictureFlags& flags, PipelineOptions usual);

}  // namespace shadenet
