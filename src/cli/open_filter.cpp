#include "cli/open_filter.h"

#include <algorithm>
#include <thread>

#include <spdlog/spdlog.h>

#include "apply/device_stream.h"
#include "apply/picture_bands.h"
#include "apply/spot_check.h"
#include "cli/commands.h"
#include "cli/picture_run.h"
#include "engine/picture_filter.h"
#include "gpu/device.h"

namespace shadenet {

namespace {

void warn(const std::string& line) {
    spdlog::warn("{}", line);
}

CarefulFilter careful_filter(const ApplyFlags& flags, const Model& model, const PipelineOptions& options,
                             const std::vector<std::string>& rank_lines) {
    auto device = Device::open(flags.device);
    announce_work(flags, *device, options, rank_lines);
    return {device_streams(std::move(device), flags.device, model, flags.strength),
            flags.tile == 0 ? default_filter_tile : flags.tile,
            SpotCheck(model.network, model.parameters, flags.strength), warn};
}

/// Pictures go in bands that would have much of the memory for themselves.
BandOptions large_pictures(const Network& network, std::uint64_t memory_bytes) {
    constexpr std::uint64_t most = std::uint64_t{1} << 29;
    return {.from_bytes = std::min(memory_bytes / 4, most),
            .reach = receptive_radius(network),
            .stop = &stop_on_interrupt()};
}

ResultOptions result_options(const ApplyFlags& flags, const Model& model, const PipelineOptions& options) {
    ResultOptions results = result_options_of(flags, model.colours);
    results.bands = large_pictures(model.network, options.memory_bytes);
    return results;
}

}  // namespace

OpenFilter::OpenFilter(const ApplyFlags& flags, const Model& model,
                       const std::vector<std::string>& rank_lines)
    : options_(pipeline_options_of(
          flags, default_pipeline_options(std::thread::hardware_concurrency(), this_group().local().ranks))),
      filter_(careful_filter(flags, model, options_, rank_lines)),
      stages_(filter_, result_options(flags, model, options_)) {}

void OpenFilter::filter(const std::vector<ApplyJob>& jobs, const std::filesystem::path& new_results,
                        const OnOutcome& on_outcome) {
    make_folders(jobs);
    if (!new_results.empty()) mark_results(new_results);
    std::vector<std::filesystem::path> new_folders;
    for (const ApplyJob& job : jobs) {
        if (job.sent_as) continue;
        const auto folder = job.output.has_parent_path() ? job.output.parent_path() : ".";
        if (folders_.insert(folder).second) new_folders.push_back(folder);
    }
    remove_unfinished(new_folders);
    run_pipeline(jobs, options_, stages_, stop_on_interrupt(), on_outcome, warn);
}

}  // namespace shadenet
