// Steps whose calls are recorded once, beside steps that are recorded anew.
#include <optional>
#include <string>
#include <vector>

#include "data/batches.h"
#include "engine/plan_choice.h"
#include "model/network_text.h"
#include "train/norm_schedule.h"
#include "train/train_test_tools.h"
#include "train/trained_values.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// What a run has after some epochs.
struct End {
    Parameters parameters;
    std::vector<double> losses;
};

/// The epochs of a Trainer in plain calls, each step recorded, submitted and waited for.
End recorded_anew(const TrainOptions& options, const PicturePairs& data) {
    const Network network = options.network.network();
    TrainedValues values(test_device(), initial_parameters(network, options.seed), options.optimizer, {},
                         weight_layout(network, options.plan));
    const auto plan =
        make_training_plan(options.plan, test_device(), network, values.parameters, data,
                           largest_batch(data.domain_sizes(), options.batch),
                           tiles_of(options.network.two_layer), mean_squared_error, options.seed);
    const auto source = plan->make_source(data);
    NormSchedule norms(options, network, data.domain_sizes());
    const Buffer loss(test_device(), sizeof(float), "loss");
    Recorder recorder(test_device());
    std::vector<double> losses;
    std::uint64_t step = 0;
    for (std::uint32_t epoch = 0; epoch < options.epochs; ++epoch) {
        const PassBatches batches = pass_batches(data.domain_sizes(), {options.batch}, options.seed, epoch);
        source->set_batches(batches.examples);
        double sum = 0;
        for (std::uint32_t i = 0; i < batches.examples.size(); ++i, ++step) {
            norms.begin_step(*plan, recorder, step, epoch, 0);
            plan->begin_step(recorder, step);
            values.optimizer.begin_step(recorder, {step + 1, options.learning_rate(step)});
            plan->step(recorder, source->batch(recorder, i), {.losses = loss.whole()});
            plan->update(recorder, values.optimizer);
            recorder.finish();
            sum += static_cast<double>(loss.download<float>(1).front()) *
                   static_cast<double>(batches.examples[i].size());
        }
        losses.push_back(sum / data.size());
    }
    return {values.download(recorder), losses};
}

/// A Trainer's run, which goes on from a checkpoint after `stop_at` steps.
End trained(const TrainOptions& options, const PicturePairs& data, std::uint64_t stop_at = 0) {
    const TemporaryFolder folder;
    std::optional<Trainer> trainer;
    const auto begin = [&] {
        trainer.emplace(test_device(), options, data, nullptr,
                        initial_parameters(options.network.network(), options.seed),
                        tiles_of(options.network.two_layer));
    };
    begin();
    std::vector<double> losses;
    while (trainer->epochs_done() < options.epochs) {
        std::atomic<bool> stop = false;
        const auto record =
            trainer->run_epoch(stop, [&](std::uint32_t) { stop = trainer->steps_done() == stop_at; });
        if (record) {
            losses.push_back(record->train_loss);
            continue;
        }
        trainer->save_checkpoint(folder / "middle.safetensors");
        begin();
        trainer->restore_checkpoint(folder / "middle.safetensors");
    }
    return {trainer->parameters(), losses};
}

/// Four steps an epoch, the last with a smaller batch, for as many epochs as it takes to record each batch's
/// calls, run them again, and do so with frozen norms.
TrainOptions options_of(const std::string& layers) {
    TrainOptions options = small_options();
    options.epochs = 6;
    options.batch = 3;
    options.freeze_norm = 5;
    options.debias = true;
    options.schedule = {.kind = ScheduleKind::cosine};
    options.schedule.steps = 24;
    options.optimizer.kind = OptimizerKind::amsgrad;
    options.optimizer.weight_decay = 0.01f;
    if (!layers.empty()) options.network.given = parse_network(layers, "the test");
    return options;
}

}  // namespace

TEST_CASE("steps that are recorded once have the bits of steps that are recorded anew") {
    const ValidatedDevice device;
    const PicturePairs data = made_data(11, 14, 9);
    const std::string layers =
        "input 3, conv 6 3x3, norm, relu, dropout 0.7, conv 5 3x3, norm, elu, dropout 0.9, conv 3 3x3, add "
        "input";
    for (const std::string& network : {std::string(), layers}) {
        INFO(network);
        const TrainOptions options = options_of(network);
        const End anew = recorded_anew(options, data);
        const End once = trained(options, data);
        CHECK(anew.losses == once.losses);
        CHECK(same_bits(anew.parameters, once.parameters));
        CHECK(once.losses.back() < once.losses.front());
        // Resumed within an epoch, with frozen norms and before.
        for (const std::uint64_t stop_at : {10, 18}) {
            CHECK(same_bits(trained(options, data, stop_at).parameters, once.parameters));
        }
    }
}
