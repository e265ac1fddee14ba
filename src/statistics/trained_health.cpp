#include "statistics/trained_health.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "data/batches.h"
#include "data/picture_pairs.h"
#include "engine/picture_filter.h"
#include "engine/plan_choice.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/training_limits.h"
#include "engine/two_layer/fused_tile.h"
#include "gpu/device.h"
#include "gpu/recorder.h"
#include "statistics/health_file.h"
#include "statistics/output_difference.h"
#include "statistics/picture_source.h"
#include "statistics/population.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

/// Enough pictures of a large data set: even if each is of one colour, their mean is within a tenth of a
/// deviation, 1/√128, of that of all.
constexpr std::uint32_t most_measured = 128;

/// Some of the pairs' inputs, at equal distances from the first on.
class InputPictures : public PictureSource {
  public:
    InputPictures(const PicturePairs& data, std::span<const std::uint32_t> pairs)
        : data_(data), pairs_(pairs) {}
    std::size_t size() const override { return std::min<std::size_t>(pairs_.size(), most_measured); }
    std::string name(std::size_t index) const override { return data_.stems()[pair(index)]; }
    std::optional<PictureView> read(std::size_t index) override {
        picture_ = data_.input_picture(pair(index));
        return &picture_;
    }

  private:
    std::uint32_t pair(std::size_t index) const { return pairs_[index * pairs_.size() / size()]; }
    const PicturePairs& data_;
    std::span<const std::uint32_t> pairs_;
    Image picture_;
};

/// The statistics of training steps.
class BatchStatistics {
  public:
    BatchStatistics(const Device& device, const RunResults& results)
        : values_(results.parameters),
          parameters_(device, results.parameters,
                      weight_layout(results.options.network.network(), results.options.plan)),
          losses_(device, sizeof(float), "loss of the health check"),
          recorder_(device) {
        const TrainOptions& options = results.options;
        const Network network = options.network.network();
        const std::uint32_t batch = largest_batch(results.training.domain_sizes(), options.batch);
        const std::uint64_t room =
            feature_map_room(device.info(), {.network = network,
                                             .plan = choose_plan(network, options.plan).kind,
                                             .training = extent_of(results.training),
                                             .batch = batch});
        plan_ = make_training_plan(options.plan, device, network, parameters_, results.training, batch,
                                   default_tiles(device.info().kind, first_kernel(network)),
                                   mean_squared_error, 0, room);
        source_ = plan_->make_source(results.training);
    }

    /// The parameters with the statistics of these pairs in place of the moving ones.
    const Parameters& of(const std::vector<std::uint32_t>& pairs) {
        source_->set_batches({pairs});
        plan_->begin_step(recorder_, 0);
        plan_->step(recorder_, source_->batch(recorder_, 0), {.losses = losses_.whole()});
        recorder_.finish();
        parameters_.download_batch_statistics(values_);
        return values_;
    }

  private:
    Parameters values_;
    ParameterBuffers parameters_;
    Buffer losses_;
    std::unique_ptr<TrainingPlan> plan_;
    std::unique_ptr<BatchSource> source_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

/// The facts of a domain, or of a run without domains, that need no pictures.
HealthFacts known_facts(const RunResults& results, std::uint32_t domain) {
    const TrainOptions& options = results.options;
    HealthFacts facts;
    facts.own = domain == 0;
    facts.network = options.network.network();
    facts.parameters = results.parameters;
    if (!results.domains.empty()) {
        facts.domain = results.domains[domain].name;
        facts.parameters = with_statistics(results.parameters, results.domains[domain]);
    }
    facts.norm_updates = results.norm_updates[domain];
    facts.frozen = results.norms_frozen;
    // The start of another model's statistics is unknown, and with several domains the decay of each domain's
    // steps is unknown if it changes.
    const bool decays_known = options.domains.empty() || options.keeps_decay();
    if (options.init.empty() && decays_known) {
        facts.start_share = start_share(options, results.norm_updates[domain]);
    }
    const std::uint32_t pairs = results.training.domain_sizes()[domain];
    const std::uint32_t batch = options.batch == 0 ? pairs : std::min(options.batch, pairs);
    facts.batch = BatchExtent{batch, results.training.width(), results.training.height(), batch == pairs};
    return facts;
}

/// Adds what the pairs show: the difference between results with each batch's statistics and with the moving
/// ones, and the population's statistics, which may be a batch's. False if it was stopped.
bool measure(const Device& device, const RunResults& results, const std::vector<std::uint32_t>& pairs,
             BatchStatistics& statistics, HealthFacts& facts) {
    const Network& architecture = facts.network;
    PictureFilter moving(device, architecture, facts.parameters);
    DifferenceSum sum;
    for (const std::vector<std::uint32_t>& members : batches_of(pairs, facts.batch->pictures)) {
        if (sum.pictures() == most_compared) break;
        const Parameters& of_batch = statistics.of(members);
        if (members.size() == pairs.size()) {
            facts.population = statistics_of(of_batch, "");
            facts.population_pictures = pairs.size();
        }
        PictureFilter own(device, architecture, of_batch);
        for (const std::uint32_t pair : members) {
            if (results.stop) return false;
            if (sum.pictures() == most_compared) break;
            const Image picture = results.training.input_picture(pair);
            sum.add(own.apply(picture), moving.apply(picture));
        }
    }
    facts.outputs = sum.difference();
    if (facts.population) return true;
    InputPictures pictures(results.training, pairs);
    const auto population =
        measure_population(device, architecture, facts.parameters, pictures, {.stop = &results.stop});
    if (!population) return false;
    facts.population = population->statistics;
    facts.population_pictures = population->pictures;
    return true;
}

}  // namespace

double start_share(const TrainOptions& options, std::uint64_t updates) {
    if (options.debias) return 0;
    const float own = slowest_decay(options.network.network());
    double share = 1;
    std::uint64_t begin = 0;
    float decay = own;
    for (const RateChange& change : options.changes) {
        if (change.step >= updates) break;
        share *= start_share(decay, change.step - begin);
        begin = change.step;
        decay = change.rates.decay.value_or(own);
    }
    return share * start_share(decay, updates - begin);
}

std::vector<HealthFacts> health_facts(const Device& device, const RunResults& results) {
    std::optional<BatchStatistics> statistics;
    if (has_norm(results.options.network.network())) statistics.emplace(device, results);
    std::vector<HealthFacts> domains;
    std::uint32_t first = 0;
    for (const std::uint32_t size : results.training.domain_sizes()) {
        std::vector<std::uint32_t> pairs(size);
        std::iota(pairs.begin(), pairs.end(), first);
        first += size;
        domains.push_back(known_facts(results, static_cast<std::uint32_t>(domains.size())));
        if (statistics && !measure(device, results, pairs, *statistics, domains.back())) return {};
    }
    return domains;
}

std::optional<HealthReport> check_trained(const Device& device, const RunResults& results) {
    const std::vector<HealthFacts> facts = health_facts(device, results);
    if (facts.empty()) return {};
    return check_health(facts);
}

std::optional<HealthReport> check_and_keep(const Device& device, const RunResults& results) {
    std::optional<HealthReport> report = check_trained(device, results);
    if (report) write_health(RunPaths(results.options.output).health(), {results.steps, *report});
    return report;
}

}  // namespace shadenet
