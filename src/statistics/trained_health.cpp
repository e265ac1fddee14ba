#include "statistics/trained_health.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <string>

#include "engine/fused_tile.h"
#include "engine/parameter_buffers.h"
#include "engine/picture_filter.h"
#include "engine/training_plan.h"
#include "gpu/device.h"
#include "gpu/recorder.h"
#include "statistics/health_file.h"
#include "statistics/output_difference.h"
#include "statistics/picture_source.h"
#include "statistics/population.h"
#include "train/dataset.h"

namespace shadenet {

namespace {

/// Of a large data set so many pictures tell its mean to less than a tenth of a deviation, 1/√128, even
/// where each is of one colour, and the rest only takes time.
constexpr std::uint32_t most_measured = 128;

/// Some of the pairs' inputs, from the first to the last at even distances.
class InputPictures : public PictureSource {
  public:
    InputPictures(const DataSet& data, std::uint32_t pairs) : data_(data), pairs_(pairs) {}
    std::size_t size() const override { return std::min(pairs_, most_measured); }
    std::string name(std::size_t index) const override { return data_.stems()[pair(index)]; }
    std::optional<PictureView> read(std::size_t index) override {
        picture_ = data_.input_picture(pair(index));
        return &picture_;
    }

  private:
    std::uint32_t pair(std::size_t index) const {
        return static_cast<std::uint32_t>(std::uint64_t{index} * pairs_ / size());
    }
    const DataSet& data_;
    std::uint32_t pairs_;
    Image picture_;
};

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

/// The outputs with each batch's statistics and with the moving ones, and the population's statistics, which
/// may be a batch's.
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
    if (facts.population) return;
    InputPictures pictures(results.training, results.own_pairs);
    if (const auto population = measure_population(device, architecture, facts.parameters, pictures)) {
        facts.population = population->statistics;
        facts.population_pictures = population->pictures;
    }
}

}  // namespace

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

HealthFacts health_facts(const Device& device, const RunResults& results) {
    const TrainOptions& options = results.options;
    HealthFacts facts;
    facts.options = options.network;
    facts.parameters = results.parameters;
    facts.norm_updates = results.norm_updates;
    facts.frozen = results.norms_frozen;
    // Another model's statistics began elsewhere, and of several streams it is not known which steps were
    // whose.
    const bool decays_known = options.streams.empty() || options.changes.empty();
    if (options.init.empty() && decays_known) {
        facts.start_share = start_share(options, results.norm_updates);
    }
    const std::uint32_t batch =
        options.batch == 0 ? results.own_pairs : std::min(options.batch, results.own_pairs);
    facts.batch =
        BatchExtent{batch, results.training.width(), results.training.height(), batch == results.own_pairs};
    if (options.network.norm != NormPlacement::none) measure(device, results, batch, facts);
    return facts;
}

HealthReport check_trained(const Device& device, const RunResults& results) {
    return check_health(health_facts(device, results));
}

HealthReport check_and_keep(const Device& device, const RunResults& results) {
    HealthReport report = check_trained(device, results);
    write_health(results.options.output / "health.json", {results.steps, report});
    return report;
}

}  // namespace shadenet
