#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/tensor.h"
#include "engine/training_limits.h"

namespace shadenet {

namespace {

/// With the steps of the whole run where the schedule has none of its own, and the epoch from which on norms
/// are frozen, where that is a share of the epochs.
TrainOptions resolved(TrainOptions options, const Examples& training) {
    const std::size_t domains = training.domain_sizes().size();
    if (domains != std::max<std::size_t>(options.domains.size(), 1)) {
        throw std::invalid_argument("the examples and the options differ in their domains");
    }
    Schedule& schedule = options.schedule;
    if (schedule.kind != ScheduleKind::constant && schedule.steps == 0) {
        schedule.steps =
            std::uint64_t{options.epochs} * steps_of_epoch(training.domain_sizes(), options.step_rule());
    }
    options.freeze_norm = options.freeze_norm.in(options.epochs);
    return options;
}

/// The network of the options, whose examples the device can bind. `validation` may be null.
Network bindable_network(const Device& device, const TrainOptions& options, const Examples& training,
                         const Examples* validation) {
    Network network = options.network.network();
    const bool stack = choose_plan(network, options.plan).kind == PlanKind::stack;
    if (stack) require_bindable(device, network, training.input_shape());
    if (validation != nullptr) require_bindable(device, network, validation->input_shape());
    return network;
}

/// Examples or pictures.
std::uint32_t count_of(const Validation& validation) {
    if (validation.pictures != nullptr) return validation.pictures->size();
    return validation.examples != nullptr ? validation.examples->size() : 0;
}

/// Those of a rank's shares; none where it has none.
std::optional<ExampleSubset> own_examples(const Validation& validation, const Shares& shares) {
    if (validation.examples == nullptr) return {};
    const std::uint32_t all = validation.examples->size();
    std::vector<std::uint32_t> own = shares.of_blocks().own_before(all);
    if (own.empty()) return {};
    return ExampleSubset(*validation.examples, std::move(own));
}

/// For the feature maps of the run, which the options' plan trains. `validation` may be null.
std::uint64_t room_for_maps(const Device& device, const TrainOptions& options, const Network& network,
                            const Examples& training, const Examples* validation,
                            const std::vector<PictureExtent>& scored, const Shares& shares) {
    return feature_map_room(
        device.info(), {.network = network,
                        .plan = choose_plan(network, options.plan).kind,
                        .training = extent_of(training),
                        .validation = validation != nullptr ? extent_of(*validation) : PictureExtent{},
                        .batch = shares.own() * largest_share(training.domain_sizes(), options.step_rule()),
                        .histograms = options.histograms,
                        .scored = scored,
                        .labels = options.learns_classes()});
}

std::vector<std::string> domain_names(const TrainOptions& options) {
    std::vector<std::string> domains;
    for (const Domain& domain : options.domains) domains.push_back(domain.name);
    return domains;
}

/// `batch` has the batch's own statistics in place of the moving ones, and may be null.
std::vector<NormStatistics> norm_statistics(const Network& network, const Parameters& parameters,
                                            const Parameters* batch) {
    std::vector<NormStatistics> norms;
    for (const BatchNorm& norm : norms_of(network)) {
        const std::string mean = norm.name + ".running_mean", variance = norm.name + ".running_var";
        norms.push_back({norm.name, parameters.at(mean).values, parameters.at(variance).values, {}, {}});
        if (batch == nullptr) continue;
        norms.back().batch_mean = batch->at(mean).values;
        norms.back().batch_variance = batch->at(variance).values;
    }
    return norms;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Trainer::Trainer(const Device& device, const TrainOptions& options, const Examples& training,
                 const Validation& validation, const Parameters& initial, const PlanTiles& tiles,
                 const LossKind& loss, const std::vector<PictureExtent>& scored, const Shares& shares)
    : options_(resolved(options, training)),
      training_(training),
      network_(bindable_network(device, options_, training_, validation.examples)),
      to_unit_range_(loss.to_unit_range(network_.range)),
      takes_labels_(loss.takes_labels),
      validated_(count_of(validation)),
      own_validation_(own_examples(validation, shares)),
      values_(device, initial, options_.optimizer, domain_names(options_),
              weight_layout(network_, options_.plan)),
      plan_(make_training_plan(options_.plan, device, network_, values_.parameters, training_,
                               largest_share(training_.domain_sizes(), options_.step_rule()), tiles, loss,
                               options_.seed,
                               room_for_maps(device, options_, network_, training_,
                                             own_validation_ ? &*own_validation_ : nullptr, scored, shares),
                               shares)),
      source_(plan_->make_source(training_)),
      loss_(device, sizeof(float), "loss"),
      correct_(device, sizeof(float), "right answers"),
      losses_(device, sizeof(float) * std::uint64_t{steps_per_epoch()}, "losses"),
      corrects_(device, sizeof(float) * std::uint64_t{steps_per_epoch()}, "right answers of steps"),
      shares_(shares),
      norms_(options_, network_, training_.domain_sizes()),
      recorder_(device) {
    if (own_validation_) evaluator_.emplace(device, network_, values_.parameters, *own_validation_, loss);
    if (validation.pictures != nullptr) picture_losses_.emplace(device, network_, *validation.pictures);
}

DataFacts Trainer::data_facts() const {
    return {training_.size(),         training_.input_shape().w, training_.input_shape().h,
            training_.domain_sizes(), training_.colours(),       training_.classes()};
}

std::uint32_t Trainer::take_pass() {
    const std::uint32_t steps = steps_of_pass(training_.domain_sizes(), options_.step_rule());
    const auto pass = static_cast<std::uint32_t>(progress_.step / steps);
    if (pass_ != pass) {
        batches_ = pass_batches(training_.domain_sizes(), options_.step_rule(), options_.seed, pass);
        own_batches_.clear();
        for (const std::vector<std::uint32_t>& step : batches_.examples)
            own_batches_.push_back(shares_.own_examples(step));
        source_->set_batches(own_batches_, pass);
        pass_ = pass;
    }
    return static_cast<std::uint32_t>(progress_.step % steps);
}

LedWork Trainer::lead(const RankOrder& order) {
    Group& group = shares_.group();
    if (!group.is_alone() && !has_shared_) {
        LedWork led(group, {RankOrder::Kind::take_values, order.epoch, order.step});
        values_.share(recorder_, group);
        led.done();
        has_shared_ = true;
    }
    return {group, order};
}

void Trainer::follow(const RankOrder& order) {
    progress_.epoch = order.epoch;
    progress_.step = order.step;
    switch (order.kind) {
        case RankOrder::Kind::take_values:
            values_.share(recorder_, shares_.group());
            norms_.replay(order.step);
            break;
        case RankOrder::Kind::make_step:
            make_step(order.learning_rate);
            break;
        case RankOrder::Kind::validate:
            validation_scores();
            break;
        default:
            throw std::invalid_argument("no order for a trainer");
    }
}

BatchShares Trainer::batch_shares(std::uint32_t of_pass) const {
    const std::vector<std::uint32_t>& step = batches_.examples[of_pass];
    const auto is_before = [&](std::uint32_t example) { return shares_.of(example) < shares_.first(); };
    return {shares_.sizes(own_batches_[of_pass]), static_cast<std::uint32_t>(step.size()),
            static_cast<std::uint32_t>(std::ranges::count_if(step, is_before))};
}

void Trainer::make_step(float learning_rate) {
    const std::uint32_t of_pass = take_pass(), domain = batches_.domains[of_pass];
    norms_.begin_step(*plan_, recorder_, progress_.step, progress_.epoch, domain);
    values_.statistics.select(recorder_, domain);
    source_->choose(recorder_, of_pass);
    const BatchShares shares = batch_shares(of_pass);
    step_examples_ = shares.all;
    plan_->begin_step(recorder_, progress_.step, shares);
    values_.optimizer.begin_step(recorder_, {.number = progress_.step + 1, .learning_rate = learning_rate});
    const StepRecord record{.losses = loss_.whole(),
                            .correct = takes_labels_ ? correct_.whole() : BufferRange{}};
    const auto calls = [&] {
        const Batch batch = source_->gather(recorder_);
        plan_->share_step(recorder_, batch, shares, record);
        plan_->update(recorder_, values_.optimizer);
    };
    // Calls that wait for other ranks cannot be recorded.
    if (!shares_.group().is_alone()) return calls();
    recorder_.repeat(recordings_[{shares.sizes, norms_.frozen(progress_.epoch)}], calls);
}

void Trainer::record_step() {
    const float rate = options_.learning_rate(progress_.step);
    LedWork led = lead({RankOrder::Kind::make_step, progress_.epoch, progress_.step, rate});
    make_step(rate);
    led.done();
    const auto keep = [&](const Buffer& latest, const Buffer& all) {
        recorder_.copy(latest.whole(), all.range(progress_.epoch_step * sizeof(float), sizeof(float)));
    };
    keep(loss_, losses_);
    if (takes_labels_) keep(correct_, corrects_);
    batch_sizes_.push_back(step_examples_);
    ++progress_.step;
    ++progress_.epoch_step;
}

void Trainer::collect_losses() {
    recorder_.finish();
    const auto count = static_cast<std::uint32_t>(batch_sizes_.size());
    const std::uint32_t first = progress_.epoch_step - count;
    const std::vector<float> each = losses_.download<float>(count, first * sizeof(float));
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!std::isfinite(each[i])) fail("the loss", progress_.step - count + i + 1);
        progress_.epoch_loss +=
            static_cast<double>(each[i]) * to_unit_range_ * static_cast<double>(batch_sizes_[i]);
    }
    if (!takes_labels_) return;
    for (const float correct :
         corrects_.download<float>(progress_.epoch_step - first, first * sizeof(float))) {
        progress_.epoch_correct += static_cast<std::uint64_t>(correct);
    }
}

Trainer::ValidationScores Trainer::validation_scores() {
    const Shares shares = shares_.of_blocks();
    if (picture_losses_) {
        const std::vector<double> own = picture_losses_->losses(values_.download(recorder_));
        return {joined_examples<double>(shares, own, validated_)};
    }
    values_.statistics.select(recorder_, 0);
    ExampleScores own;
    if (evaluator_) own = evaluator_->scores(recorder_);
    const std::vector<float> losses = joined_examples<float>(shares, own.losses, validated_);
    ValidationScores scores{{losses.begin(), losses.end()}};
    if (takes_labels_) scores.of_labels.correct = joined_examples<float>(shares, own.correct, validated_);
    return scores;
}

Score Trainer::validation_score() {
    // Devices of several kinds have drifted apart, and all are to look at one network.
    has_shared_ = false;
    LedWork led = lead({RankOrder::Kind::validate, progress_.epoch, progress_.step});
    const ValidationScores all = validation_scores();
    led.done();
    const double sum = std::accumulate(all.losses.begin(), all.losses.end(), 0.0);
    if (!std::isfinite(sum)) fail("the validation loss", progress_.step);
    Score score{sum / validated_};
    if (!picture_losses_) score.loss *= to_unit_range_;
    if (takes_labels_) score.accuracy = all.of_labels.accuracy();
    return score;
}

Score Trainer::validate() {
    const Score score = validation_score();
    ValidationRecord record{
        .epoch = progress_.epoch + 1, .step = progress_.step, .loss = score.loss, .accuracy = score.accuracy};
    if (options_.early_stop > 0)
        record.best = early_stop_.add({record.loss, record.step, record.epoch, record.accuracy});
    if (tell_of_validation_) tell_of_validation_(record);
    return score;
}

/// Within an epoch; at its end there always is one.
bool Trainer::validation_is_due() const {
    return validates() && options_.validate_every > 0 && progress_.step % options_.validate_every == 0 &&
           progress_.epoch_step < steps_per_epoch();
}

void Trainer::require_finite(const std::vector<NamedTensor>& tensors) const {
    for (const NamedTensor& tensor : tensors) {
        if (!all_finite(tensor.values)) fail(tensor.name.c_str(), progress_.step);
    }
}

EpochRecord Trainer::end_epoch() {
    epoch_parameters_ = values_.download(recorder_);
    require_finite(epoch_parameters_.tensors());
    const std::uint64_t examples =
        examples_of_steps(training_.domain_sizes(), options_.step_rule(), options_.seed,
                          progress_.step - progress_.epoch_step, progress_.step);
    EpochRecord record{.epoch = progress_.epoch + 1,
                       .step = progress_.step,
                       .learning_rate = options_.learning_rate(progress_.step - 1),
                       .train_loss = progress_.epoch_loss / static_cast<double>(examples)};
    if (takes_labels_)
        record.train_accuracy = static_cast<double>(progress_.epoch_correct) / static_cast<double>(examples);
    const Parameters batch_statistics = values_.batch_statistics();
    // The last batch is of any domain, and it is not known of which after a resumption.
    const bool of_the_first = training_.domain_sizes().size() == 1;
    record.norms = norm_statistics(network_, epoch_parameters_, of_the_first ? &batch_statistics : nullptr);
    for (std::uint32_t i = 1; i < options_.domains.size(); ++i) {
        const Parameters domain = values_.download(recorder_, i);
        require_finite(domain.tensors());
        record.domains.push_back({options_.domains[i].name, norm_statistics(network_, domain, nullptr)});
    }
    return record;
}

void Trainer::fail(const char* what, std::uint64_t step) const {
    throw BadResult(
        fmt::format("{} is no longer a number at step {} (epoch {}); the last checkpoint is kept; try a "
                    "smaller --lr, with another --output",
                    what, step, progress_.epoch + 1));
}

std::vector<std::uint64_t> Trainer::norm_updates() const {
    const std::vector<std::uint64_t>& updates = norms_.updates();
    if (has_norm(network_)) return updates;
    return std::vector<std::uint64_t>(updates.size());
}

bool Trainer::norms_frozen() const {
    const std::uint64_t steps = progress_.step;
    return steps > 0 && norms_.frozen(static_cast<std::uint32_t>((steps - 1) / steps_per_epoch()));
}

void Trainer::change_rates(const Rates& rates) {
    shadenet::validate(rates);
    const std::uint64_t step = progress_.step;
    std::vector<RateChange>& changes = options_.changes;
    while (!changes.empty() && changes.back().step >= step) changes.pop_back();
    changes.push_back({step, rates});
}

std::optional<EpochRecord> Trainer::run_epoch(const std::atomic<bool>& stop,
                                              const std::function<void(std::uint32_t)>& on_step) {
    const auto start = std::chrono::steady_clock::now();
    rested_ = {};
    batch_sizes_.clear();
    has_shared_ = false;  // devices of several kinds have drifted apart in their last digits
    while (progress_.epoch_step < steps_per_epoch() && !stop && !ended_early()) {
        record_step();
        if (validation_is_due()) validate();
        if (on_step) on_step(progress_.epoch_step);
    }
    collect_losses();
    if (progress_.epoch_step < steps_per_epoch()) {
        progress_.epoch_seconds += seconds_since(start + rested_);
        return std::nullopt;
    }
    EpochRecord record = end_epoch();
    if (validates()) {
        const Score score = validate();
        record.validation_loss = score.loss;
        record.validation_accuracy = score.accuracy;
    }
    record.seconds = progress_.epoch_seconds + seconds_since(start + rested_);
    progress_ = {.step = progress_.step, .epoch = progress_.epoch + 1};
    return record;
}

void Trainer::save_checkpoint(const std::filesystem::path& path) {
    Checkpoint checkpoint{.progress = progress_, .early_stop = early_stop_};
    values_.save(recorder_, checkpoint);
    write_checkpoint(path, options_, data_facts(), checkpoint);
}

void Trainer::restore_checkpoint(const std::filesystem::path& path, const DataChange& change) {
    const Checkpoint checkpoint = read_checkpoint(path, options_, data_facts(), change);
    if (checkpoint.optimizer_state.size() != values_.optimizer.state_values()) {
        throw InputError(fmt::format(
            "{}: is damaged: its counts of steps, epochs or optimizer values do not agree", path.string()));
    }
    values_.restore(recorder_, checkpoint);
    has_shared_ = false;
    progress_ = checkpoint.progress;
    norms_.replay(progress_.step);
    early_stop_ = checkpoint.early_stop;
}

}  // namespace shadenet
