#include "train/shared_job.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "data/batches.h"
#include "data/job_pairs.h"
#include "engine/plan_tiles.h"
#include "gpu/device.h"
#include "train/options/options.h"
#include "train/rank_order.h"
#include "train/run_folder.h"
#include "train/run_inputs.h"
#include "train/trainer.h"

namespace shadenet {

SharedJob::~SharedJob() {
    if (group_.is_alone() || group_.is_abandoned()) return;
    if (given_) {
        send(group_, {.kind = RankOrder::Kind::end});
    } else {
        give_text("");
    }
}

void SharedJob::give_text(const std::string& config) {
    const auto text = std::as_bytes(std::span(config));
    std::vector<std::byte> bytes(text.begin(), text.end());
    group_.broadcast(bytes);
    given_ = true;
}

void SharedJob::give(const std::string& config, const Task& task) {
    give_text(config);
    if (const auto pairs = task.pairs()) send_pairs(group_, pairs->training);
    // One that cannot take it ends all, before anything is written.
    group_.gather({});
}

void follow_job(Group& group, const std::string& request) {
    std::vector<std::byte> bytes;
    group.broadcast(bytes);
    if (bytes.empty()) return;
    TrainOptions options =
        parse_config({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "the job of rank 0");
    std::optional<JobPairs> pairs;
    if (!options.learns_classes()) pairs = receive_pairs(group);
    const std::unique_ptr<Device> device = Device::open(request);
    const std::atomic<bool> never = false;
    const std::unique_ptr<Task> task = make_task(*device, options, RunPaths(options.output), never,
                                                 Shares(group, options.shares), pairs ? &*pairs : nullptr);
    task->load();
    require_same_pictures(task->differences(options.data).training);
    const Network network = options.network.network();
    const Examples& training = task->examples();
    const Shape batch =
        with_images(training.input_shape(), largest_batch(training.domain_sizes(), options.batch));
    const std::optional<PlanTiles> tiles =
        find_plan_tiles(*device, network, options.plan, batch, options.tiles);
    // Its values are rank 0's from the first step on.
    Trainer trainer(*device, options, training, {}, initial_parameters(network, options.seed),
                    tiles ? *tiles : default_plan_tiles(*device, network, options.plan, batch), task->loss(),
                    {}, Shares(group, options.shares, options.step_rule().block));
    group.gather({});
    trainer.follow();
}

}  // namespace shadenet
