#include "train/shared_job.h"

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "data/batches.h"
#include "engine/plan_tiles.h"
#include "gpu/device.h"
#include "group/texts.h"
#include "group/values.h"
#include "task/rank_order.h"
#include "train/logs/floor.h"
#include "train/options/options.h"
#include "train/run_folder.h"
#include "train/run_inputs.h"
#include "train/solve.h"
#include "train/trainer.h"

namespace shadenet {

namespace {

/// What another rank has of a job.
class Follower {
  public:
    Follower(Group& group, const std::string& device, const std::string& config)
        : group_(group),
          options_(parse_config(config, "the job of rank 0")),
          device_(Device::open(device)),
          task_(make_task(*device_, options_, RunPaths(options_.output), never_,
                          Shares(group, options_.shares))),
          network_(options_.network.network()) {
        task_->load();
        task_->join(group);
    }

    /// Its values are rank 0's from the first order on.
    void begin(const std::string& tiles) {
        const Examples& training = task_->examples();
        const Shape batch =
            with_images(training.input_shape(), largest_batch(training.domain_sizes(), options_.batch));
        const std::optional<PlanTiles> found =
            find_plan_tiles(*device_, network_, options_.plan, batch, tiles);
        trainer_.emplace(
            *device_, options_, training, task_->validation(), initial_parameters(network_, options_.seed),
            found ? *found : default_plan_tiles(*device_, network_, options_.plan, batch), task_->loss(),
            std::vector<PictureExtent>(), Shares(group_, options_.shares, options_.step_rule().block));
        group_.gather({});
    }

    void follow() {
        for (RankOrder order = receive_order(group_); order.kind != RankOrder::Kind::end;
             order = receive_order(group_)) {
            switch (order.kind) {
                case RankOrder::Kind::find_floor:
                    find_floor();
                    break;
                case RankOrder::Kind::publish_untrained:
                    task_->publish_along(network_, false);
                    break;
                case RankOrder::Kind::publish_trained:
                    task_->publish_along(network_, true);
                    break;
                case RankOrder::Kind::end_steps:
                    trainer_.reset();  // what follows may need its memory on the device
                    break;
                case RankOrder::Kind::solve:
                    solve(order.frozen == 1);
                    break;
                default:
                    trainer_->follow(order);
            }
        }
    }

  private:
    /// What comes of it is rank 0's.
    void find_floor() {
        std::string ignored;
        floor_of(*device_, network_, task_->pairs()->training, ignored);
    }

    void solve(bool frozen) {
        Parameters parameters = initial_parameters(network_, 0);
        broadcast_values(group_, parameters.places());
        const PairSets pairs = *task_->pairs();
        std::string ignored;
        solve_last_layer(*device_, {network_, parameters, pairs.training, pairs.validation, frozen}, ignored);
    }

    Group& group_;
    TrainOptions options_;
    std::unique_ptr<Device> device_;
    std::atomic<bool> never_ = false;
    std::unique_ptr<Task> task_;
    Network network_;
    std::optional<Trainer> trainer_;
};

}  // namespace

SharedJob::~SharedJob() {
    if (in_offer_) group_.abandon();
    if (group_.is_alone() || group_.is_abandoned()) return;
    if (begun_) {
        send(group_, {.kind = RankOrder::Kind::end});
    } else {
        broadcast_texts(group_, {});
    }
}

void SharedJob::offer(const std::string& config) {
    if (group_.is_alone()) return;
    in_offer_ = true;
    broadcast_texts(group_, {config});
}

void SharedJob::join(Task& task) {
    if (group_.is_alone()) return;
    task.join(group_);
    in_offer_ = false;
}

void SharedJob::begin(const std::string& tiles) {
    if (group_.is_alone()) return;
    broadcast_texts(group_, {tiles});
    begun_ = true;
    // One that cannot take it ends all, before anything is written.
    group_.gather({});
}

void follow_job(Group& group, const std::string& device) {
    const Texts config = broadcast_texts(group, {});
    if (config.empty()) return;
    Follower follower(group, device, config.front());
    const Texts tiles = broadcast_texts(group, {});
    if (tiles.empty()) return;
    follower.begin(tiles.front());
    follower.follow();
}

}  // namespace shadenet
