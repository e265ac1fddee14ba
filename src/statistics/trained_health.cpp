#include "statistics/trained_health.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "data/batches.h"
#include "data/picture_crops.h"
#include "data/some_examples.h"
#include "engine/picture_filter.h"
#include "engine/plan_choice.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/training_limits.h"
#include "engine/two_layer/fused_tile.h"
#include "gpu/device.h"
#include "gpu/recorder.h"
#include "statistics/classifier_activity.h"
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
    InputPictures(const PictureSet& data, std::span<const std::uint32_t> pairs)
        : data_(data), pairs_(pairs) {}
    std::size_t size() const override { return std::min<std::size_t>(pairs_.size(), most_measured); }
    std::string name(std::size_t index) const override { return data_.stems()[pair(index)]; }
    std::optional<PictureView> read(std::size_t index) override {
        picture_ = data_.input_picture(pair(index));
        return &picture_;
    }

  private:
    std::uint32_t pair(std::size_t index) const { return pairs_[index * pairs_.size() / size()]; }
    const PictureSet& data_;
    std::span<const std::uint32_t> pairs_;
    Image picture_;
};

/// The statistics of training steps on some examples of a run.
class BatchStatistics {
  public:
    BatchStatistics(const Device& device, const RunResults& results, const std::vector<std::uint32_t>& some)
        : some_(results.examples, some),
          values_(results.parameters),
          parameters_(device, results.parameters,
                      weight_layout(results.options.network.network(), results.options.plan)),
          losses_(device, sizeof(float), "loss of the health check"),
          recorder_(device) {
        const TrainOptions& options = results.options;
        const Network network = options.network.network();
        const std::uint32_t batch = largest_batch(results.examples.domain_sizes(), options.batch);
        const std::uint64_t room =
            feature_map_room(device.info(), {.network = network,
                                             .plan = choose_plan(network, options.plan).kind,
                                             .training = extent_of(some_.examples()),
                                             .batch = batch});
        plan_ = make_training_plan(options.plan, device, network, parameters_, some_.examples(), batch,
                                   default_tiles(device.info().kind, first_kernel(network)),
                                   mean_squared_error, 0, room);
        source_ = plan_->make_source(some_.examples());
    }

    /// The parameters with the statistics of these examples in place of the moving ones; of crops as they are
    /// in the first epoch.
    const Parameters& of(const std::vector<std::uint32_t>& examples) {
        source_->set_batches({some_.here(examples)});
        plan_->begin_step(recorder_, 0);
        plan_->step(recorder_, source_->batch(recorder_, 0), {.losses = losses_.whole()});
        recorder_.finish();
        parameters_.download_batch_statistics(values_);
        return values_;
    }

  private:
    SomeExamples some_;
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
    if (results.exact_statistics) {
        facts.start_share = 0;
    } else if (options.init.empty() && decays_known) {
        facts.start_share = start_share(options, results.norm_updates[domain]);
    }
    const std::uint32_t examples = results.examples.domain_sizes()[domain];
    const std::uint32_t batch = options.batch == 0 ? examples : std::min(options.batch, examples);
    const Shape& shape = results.examples.input_shape();
    const bool crops = results.examples.crops() != nullptr;
    facts.batch = BatchExtent{batch, shape.w, shape.h, batch == examples && !crops, crops};
    return facts;
}

/// The input of an example, 0..1.
Image input_of(const RunResults& results, std::uint32_t example) {
    const PictureCrops* const crops = results.examples.crops();
    return crops != nullptr ? crops->input_picture(example) : results.pairs->training.input_picture(example);
}

std::vector<std::uint32_t> numbers(std::uint32_t first, std::uint32_t count) {
    std::vector<std::uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), first);
    return numbers;
}

/// Adds what the examples and their pairs show: the difference between results with each batch's statistics
/// and with the moving ones, and the population's statistics, which may be a batch's. False if it was
/// stopped.
bool measure(const Device& device, const RunResults& results, const std::vector<std::uint32_t>& examples,
             const std::vector<std::uint32_t>& pairs, HealthFacts& facts) {
    const Network& architecture = facts.network;
    Batches batches = batches_of(examples, facts.batch->pictures);
    batches.resize(std::min<std::size_t>(batches.size(), pieces_of(most_compared, facts.batch->pictures)));
    std::vector<std::uint32_t> compared;
    for (const std::vector<std::uint32_t>& members : batches)
        compared.insert(compared.end(), members.begin(), members.end());
    BatchStatistics statistics(device, results, compared);
    PictureFilter moving(device, architecture, facts.parameters);
    DifferenceSum sum;
    for (const std::vector<std::uint32_t>& members : batches) {
        const Parameters& of_batch = statistics.of(members);
        if (facts.batch->all) {
            facts.population = statistics_of(of_batch, "");
            facts.population_pictures = pairs.size();
        }
        PictureFilter own(device, architecture, of_batch);
        for (const std::uint32_t example : members) {
            if (results.stop) return false;
            if (sum.pictures() == most_compared) break;
            const Image picture = input_of(results, example);
            sum.add(own.apply(picture), moving.apply(picture));
        }
    }
    facts.outputs = sum.difference();
    if (facts.population) return true;
    InputPictures pictures(results.pairs->training, pairs);
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
    const bool has_norms = has_norm(results.options.network.network());
    std::vector<HealthFacts> domains;
    std::uint32_t first_example = 0, first_pair = 0;
    for (std::uint32_t domain = 0; domain < results.pairs->training.domain_sizes().size(); ++domain) {
        const auto examples = numbers(first_example, results.examples.domain_sizes()[domain]);
        const auto pairs = numbers(first_pair, results.pairs->training.domain_sizes()[domain]);
        first_example += static_cast<std::uint32_t>(examples.size());
        first_pair += static_cast<std::uint32_t>(pairs.size());
        domains.push_back(known_facts(results, domain));
        if (has_norms && !measure(device, results, examples, pairs, domains.back())) return {};
    }
    return domains;
}

std::optional<HealthFacts> classifier_health_facts(const Device& device, const RunResults& results) {
    HealthFacts facts = known_facts(results, 0);
    std::optional<ClassifierActivity> activity = classifier_activity(
        device, facts.network, facts.parameters, results.examples, results.classes, results.stop);
    if (!activity) return {};
    facts.classifier = std::move(activity->facts);
    if (has_norm(facts.network)) {
        facts.population = std::move(activity->population);
        facts.population_pictures = facts.classifier->pictures;
    }
    return facts;
}

std::optional<HealthReport> check_trained(const Device& device, const RunResults& results) {
    if (!results.classes.empty()) {
        const std::optional<HealthFacts> facts = classifier_health_facts(device, results);
        return facts ? std::optional(check_health(*facts)) : std::nullopt;
    }
    if (!results.pairs) return {};
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
