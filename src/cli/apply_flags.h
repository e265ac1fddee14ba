// The flags of `shadenet apply`, and what they stand for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apply/earlier_results.h"
#include "apply/jobs.h"
#include "apply/pipeline.h"

namespace CLI {
class App;
}

namespace shadenet {

/// What the command line says. Must stay in place from add_apply_flags() on: the parser writes into it.
struct ApplyFlags {
    std::vector<std::string> inputs;
    std::string model, output, device, format, jobs, shard, summary;
    std::string range;       ///< of a model of another program; empty: the usual one
    std::string stats;       ///< the name of a set of statistics; empty: the model's own
    std::uint32_t tile = 0;  ///< 0: chosen by the program
    int quality = 0;         ///< 0: as the source's
    float strength = 1;
    bool recursive = false, resume = false, overwrite = false, strip_metadata = false;
    bool verbose = false, quiet = false;
};

void add_apply_flags(CLI::App& command, ApplyFlags& flags);

/// What to do, checked. All throw InputError.
ApplyRequest request_of(const ApplyFlags& flags);
EarlierResults earlier_results_of(const ApplyFlags& flags);
/// `cores`: the processors here, for as many threads as suit them where the user does not say.
PipelineOptions pipeline_options_of(const ApplyFlags& flags, unsigned cores);

}  // namespace shadenet
