#include "statistics/trained_health.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "engine/fused_tile.h"
#include "engine/parameter_buffers.h"
#include "engine/picture_filter.h"
#include "engine/training_plan.h"
#include "gpu/device.h"
#include "gpu/recorder.h"
#include "statistics/output_difference.h"
#include "train/dataset.h"

namespace shadenet {

namespace {

/// As many show what a filter does, and more take their time.
constexpr std::uint32_t most_compared = 8;

/// What training steps would normalise by.
class BatchStatistics {
  public:
    BatchStatistics(const Device& device, const RunResults& results, std::uint32_t batch)
        : values_(results.parameters),
          parameters_(device, results.parameters),
          losses_(device, sizeof(float), "loss of the health check"),
          recorder_(device) {
        const TrainOptions& options = results.options;
        plan_ = make_training_plan(options.plan, device, two_layer_network(options.network), parameters_,
                                   results.training.input(), results.training.target(), batch,
                                   default_tiles(device.info().kind, options.network.kernel));
    }

    /// The parameters, with the statistics of these pairs in place of the moving ones.
    const Parameters& of(const std::vector<std::uint32_t>& pairs) {
        plan_->set_batches(recorder_, {pairs});
        plan_->step(recorder_, 0, losses_.whole());
        recorder_.finish();
        parameters_.download_batch_statistics(values_);
        return values_;
    }

  private:
    Parameters values_;
    ParameterBuffers parameters_;
    Buffer losses_;
    std::unique_ptr<TrainingPlan> plan_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

/// The outputs with each batch's statistics and with the moving ones, and the population's statistics where
/// they are a batch's.
void measure(const Device& device, const RunResults& results, std::uint32_t batch, HealthFacts& facts) {
    const Architecture architecture = two_layer_network(facts.options);
    std::vector<std::uint32_t> pairs(results.own_pairs);
    std::iota(pairs.begin(), pairs.end(), 0u);
    BatchStatistics statistics(device, results, batch);
    PictureFilter moving(device, architecture, facts.parameters);
    DifferenceSum sum;
    for (const std::vector<std::uint32_t>& members : batches_of(pairs, batch)) {
        if (sum.pictures() == most_compared) break;
        const Parameters& of_batch = statistics.of(members);
        if (members.size() == pairs.size()) {
            facts.population = statistics_of(of_batch, "");
            facts.population_pictures = pairs.size();
        }
        PictureFilter own(device, architecture, of_batch);
        for (const std::uint32_t pair : members) {
            if (sum.pictures() == most_compared) break;
            const Image picture = results.training.input_picture(pair);
            sum.add(own.apply(picture), moving.apply(picture));
        }
    }
    facts.outputs = sum.difference();
}

}  // namespace

std::uint64_t norm_updates(const TrainOptions& options, std::uint64_t steps, std::uint32_t steps_per_epoch) {
    if (options.freeze_norm == 0) return steps;
    return std::min(steps, std::uint64_t{options.freeze_norm - 1} * steps_per_epoch);
}

double start_share(const TrainOptions& options, std::uint64_t updates) {
    if (options.debias) return 0;
    double share = 1;
    std::uint64_t begin = 0;
    float decay = options.network.decay;
    for (const RateChange& change : options.changes) {
        if (change.step >= updates) break;
        share *= start_share(decay, change.step - begin);
        begin = change.step;
        decay = change.rates.decay;
    }
    return share * start_share(decay, updates - begin);
}

HealthReport check_trained(const Device& device, const RunResults& results) {
    const TrainOptions& options = results.options;
    HealthFacts facts;
    facts.options = options.network;
    facts.parameters = results.parameters;
    const std::uint64_t updates = norm_updates(options, results.steps, results.steps_per_epoch);
    facts.frozen = updates < results.steps;
    // Of several streams the statistics moved in other steps, and another model's began elsewhere.
    if (options.streams.empty()) {
        facts.norm_updates = updates;
        if (options.init.empty()) facts.start_share = start_share(options, updates);
    }
    const std::uint32_t batch =
        options.batch == 0 ? results.own_pairs : std::min(options.batch, results.own_pairs);
    facts.batch = BatchExtent{batch, results.training.width(), results.training.height()};
    if (options.network.norm != NormPlacement::none) measure(device, results, batch, facts);
    return check_health(facts);
}

}  // namespace shadenet
