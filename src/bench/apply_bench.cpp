#include "bench/apply_bench.h"

#include <random>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "apply/device_stream.h"
#include "apply/filter_stages.h"
#include "apply/spot_check.h"
#include "base/error.h"
#include "engine/picture_filter.h"
#include "model/presets.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t seed = 1;

/// Gives pictures back as they came.
class IdentityStream : public FilterStream {
  public:
    void begin(const Pixels& input, Pixels& output) override { output = input; }
    void finish_next() override {}
};

std::unique_ptr<FilterStream> identity(std::uint32_t, bool) {
    return std::make_unique<IdentityStream>();
}

/// A new folder in the system's place for temporary files, removed at the end.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::random_device random;
        path_ = fs::temp_directory_path() / fmt::format("shadenet-bench-{:08x}", random());
        fs::create_directory(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

/// One pass over all pictures, in milliseconds, as long as it is not stopped. Throws InputError with the
/// first failure.
double time_pass(const std::vector<ApplyJob>& jobs, const PipelineOptions& options, CarefulFilter& filter,
                 const std::atomic<bool>& stop) {
    std::string failure;
    const auto keep_failure = [&](const PictureOutcome& outcome) {
        if (outcome.status == PictureStatus::failed && failure.empty()) failure = outcome.message;
    };
    const double taken = milliseconds_of([&] {
        FilterStages stages(filter);
        run_pipeline(jobs, options, stages, stop, keep_failure);
    });
    if (!failure.empty()) throw InputError(failure);
    return taken;
}

}  // namespace

std::optional<ApplyTimes> time_apply(std::unique_ptr<Device> device, const fs::path& folder, std::size_t runs,
                                     unsigned cores, const std::atomic<bool>& stop) {
    const TemporaryFolder results;
    const std::vector<ApplyJob> jobs = plan_application({.inputs = {folder}, .output = results.path()}).jobs;
    Model model{two_layer_network({}), {}};
    model.parameters = initial_parameters(model.network, seed);
    const auto silent = [](const std::string&) {};
    CarefulFilter network(device_streams(std::move(device), "", model, 1), default_filter_tile,
                          SpotCheck(model.network, model.parameters, 1), silent);
    CarefulFilter nothing(identity, default_filter_tile, {}, silent);

    const PipelineOptions options = default_pipeline_options(cores);
    PipelineOptions all_cores = options;
    all_cores.loaders = all_cores.savers = cores;
    // Compiles what is to be compiled, and fetches the files from the disk.
    time_pass(jobs, options, network, stop);
    std::vector<double> apply, codecs, share;
    for (std::size_t i = 0; i < runs; ++i) {
        codecs.push_back(time_pass(jobs, all_cores, nothing, stop));
        apply.push_back(time_pass(jobs, options, network, stop));
        if (stop) return std::nullopt;
        share.push_back(codecs.back() / apply.back());
    }
    return ApplyTimes{jobs.size(), summarize(apply), summarize(codecs), summarize(share)};
}

}  // namespace shadenet
