#include "engine/two_layer/fused.h"

#include <algorithm>

#include "base/error.h"
#include "check/given_examples.h"
#include "check/network_check.h"
#include "device_fixture.h"
#include "engine/plan_choice.h"
#include "model/presets.h"
#include "model/random.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

void require_true(const Device& device, const NetworkOptions& options, const Shape& x, std::uint64_t seed,
                  Data data, const FusedTiles& tiles) {
    const NetworkCase one{options.activation, two_layer_network(options), x, seed, data};
    require_passed(check_training_plan(device, one, PlanKind::fused, tiles));
}

void require_true(const Device& device, const NetworkOptions& options, const Shape& x, std::uint64_t seed,
                  Data data = Data::levels) {
    require_true(device, options, x, seed, data, default_tiles(device.info().kind, options.kernel));
}

void require_true_frozen(const Device& device, PlanKind plan, const NetworkOptions& options, const Shape& x,
                         Data data, const FusedTiles& tiles = default_tiles(DeviceKind::discrete, 3)) {
    const NetworkCase one{options.activation, two_layer_network(options), x, 1, data, true};
    require_passed(check_training_plan(device, one, plan, tiles));
}

/// What a step leaves behind.
struct Outcome {
    float loss;
    Parameters gradients, after;
};

struct PlanAndSource {
    std::unique_ptr<TrainingPlan> plan;
    std::unique_ptr<BatchSource> source;
    ParameterBuffers* buffers;  ///< that it trains
    TrainingPlan* operator->() const { return plan.get(); }
};

/// A data set, and the plans over it, all beginning with the same parameters.
class Steps {
  public:
    Steps(const Device& device, const NetworkOptions& options, const Shape& shape, Data data = Data::levels)
        : device_(device),
          options_(options),
          tiles_(default_tiles(device.info().kind, options.kernel)),
          network_(two_layer_network(options)),
          start_(random_parameters(network_, Data::normal, 1)),
          dense_(device, start_),
          blocks_(device, start_, WeightLayout::blocks),
          optimizer_(device, {}, blocks_),
          shape_(shape),
          loss_(device, 64 * sizeof(float), "loss"),
          recorder_(device) {
        std::mt19937_64 random = random_stream(7, 0);
        x_ = random_values(shape.values(), data, random);
        target_ = random_values(shape.values(), data, random);
    }

    PlanAndSource plan(PlanKind kind, std::uint32_t batch) {
        ParameterBuffers& buffers = kind == PlanKind::stack ? blocks_ : dense_;
        return with_source(make_training_plan(kind, device_, network_, buffers, examples(), batch, tiles_),
                           batch, buffers);
    }
    PlanAndSource split_plan(std::uint64_t pixels_per_call) {
        return with_source(
            std::make_unique<FusedPlan>(device_, network_, dense_,
                                        fused_layout(examples(), options_.kernel, network_.padding), shape_.n,
                                        tiles_, pixels_per_call),
            shape_.n, dense_);
    }

    Outcome step(const PlanAndSource& plan, std::uint32_t number = 0) {
        plan.buffers->upload(start_);
        plan->begin_step(recorder_, number);
        plan->step(recorder_, plan.source->batch(recorder_, number),
                   {.losses = loss_.whole(), .row = number});
        plan->add_gradients(recorder_, optimizer_);
        recorder_.finish();
        Outcome outcome{loss_.download<float>(1, number * sizeof(float)).front(), start_, start_};
        plan.buffers->download_gradients(outcome.gradients);
        plan.buffers->download(outcome.after);
        return outcome;
    }
    /// In float64, from which no statistic moves.
    Outcome frozen_truth() const {
        const reference::NetworkRun network(network_, start_);
        const reference::Evaluation truth =
            network.evaluate(reference::tensor_from_floats(shape_, x_),
                             reference::tensor_from_floats(shape_, target_), reference::Norms::frozen);
        Outcome outcome{static_cast<float>(truth.loss), start_, start_};
        for (const auto& [name, gradient] : truth.gradients) {
            outcome.gradients.at(name).values.assign(gradient.begin(), gradient.end());
        }
        return outcome;
    }
    /// Moving statistics to begin with, the same in every channel.
    void set_statistics(float mean, float variance) {
        for (NamedTensor& tensor : start_.tensors()) {
            if (tensor.name.ends_with(".running_mean")) tensor.values.assign(tensor.values.size(), mean);
            if (tensor.name.ends_with(".running_var")) tensor.values.assign(tensor.values.size(), variance);
        }
    }
    /// Small tiles, which are quick to compile.
    void use_small_tiles() { tiles_ = default_tiles(DeviceKind::discrete, options_.kernel); }
    Recorder& recorder() { return recorder_; }

  private:
    GivenExamples examples() const { return {shape_, x_, shape_, target_}; }
    PlanAndSource with_source(std::unique_ptr<TrainingPlan> plan, std::uint32_t batch,
                              ParameterBuffers& buffers) {
        std::unique_ptr<BatchSource> source = plan->make_source(examples());
        source->set_batches(batches_in_order(shape_.n, batch));
        return {std::move(plan), std::move(source), &buffers};
    }

    const Device& device_;
    NetworkOptions options_;
    FusedTiles tiles_;
    Network network_;
    Parameters start_;
    ParameterBuffers dense_, blocks_;
    OptimizerKernels optimizer_;
    Shape shape_;
    std::vector<float> x_, target_;
    Buffer loss_;
    Recorder recorder_;
};

/// Every gradient within the tolerance of one that float32 computed the long way, every statistic too.
void require_near(const Outcome& actual, const Outcome& expected) {
    CHECK(actual.loss == Approx(expected.loss).epsilon(2e-6));
    for (std::size_t i = 0; i < expected.gradients.tensors().size(); ++i) {
        const NamedTensor& tensor = actual.gradients.tensors()[i];
        const std::vector<float>& values =
            tensor.trainable ? tensor.values : actual.after.tensors()[i].values;
        const std::vector<float>& truth =
            tensor.trainable ? expected.gradients.tensors()[i].values : expected.after.tensors()[i].values;
        const std::vector<double> doubles(truth.begin(), truth.end());
        const bool is_zero = std::all_of(truth.begin(), truth.end(), [](float value) { return value == 0; });
        const Comparison comparison =
            compare(tensor.name, values, doubles, {1, 1, 1, static_cast<std::uint32_t>(doubles.size())},
                    is_zero ? tolerance::exact : tolerance::between_plans);
        if (!comparison.passed()) FAIL_CHECK(to_string(comparison));
    }
}

bool same_bits(const Outcome& a, const Outcome& b) {
    bool same = a.loss == b.loss;
    for (std::size_t i = 0; i < a.gradients.tensors().size(); ++i) {
        same = same && a.gradients.tensors()[i].values == b.gradients.tensors()[i].values &&
               a.after.tensors()[i].values == b.after.tensors()[i].values;
    }
    return same;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "fused: a step of the default network against float64") {
    require_true(device, {}, {2, 3, 19, 13}, 1);
    require_true(device, {}, {2, 3, 19, 13}, 2, Data::normal);
    require_true(device, {}, {3, 3, 130, 67}, 3);
    require_true(device, {}, {2, 3, 9, 300}, 4);
    require_true(device, {}, {1, 3, 1, 1}, 5);
    require_true(device, {}, {3, 3, 1, 7}, 6, Data::normal);
}

TEST_CASE_METHOD(DeviceFixture, "fused: other networks against float64") {
    require_true(device, {.hidden = 5, .activation = "relu"}, {2, 3, 19, 13}, 1);
    require_true(device, {.hidden = 7, .activation = "tanh", .residual = false}, {1, 3, 33, 21}, 2,
                 Data::normal);
    require_true(device, {.hidden = 6, .norm = NormPlacement::none}, {2, 3, 9, 11}, 3);
    require_true(device,
                 {.hidden = 4, .activation = "leaky_relu", .norm = NormPlacement::none, .residual = false},
                 {2, 3, 17, 5}, 4);
    require_true(device, {.hidden = 9, .kernel = 5, .activation = "leaky_relu"}, {2, 3, 19, 23}, 5);
}

TEST_CASE_METHOD(DeviceFixture, "fused: white pictures with almost no variance against float64") {
    for (const Shape& x : {Shape{2, 3, 40, 33}, Shape{1, 3, 256, 256}}) {
        const NetworkCase one{"pale", two_layer_network({}), x, 1, Data::pale};
        for (const Comparison& comparison :
             check_training_plan(device, one, PlanKind::fused, default_tiles(device.info().kind, 3))) {
            INFO(to_string(comparison));
            // Little more than the border is left for the gradients, 1e-5 of their usual size.
            const bool passed = comparison.kernel == "network backward"
                                    ? comparison.nmse < 1e-3 && comparison.damage.empty()
                                    : comparison.passed();
            CHECK(passed);
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: the tiles of a GPU, without texels, compute the same on any device") {
    for (const std::uint32_t kernel : {3u, 5u}) {
        const FusedTiles tiles = default_tiles(DeviceKind::discrete, kernel);
        require_true(device, {.hidden = 6, .kernel = kernel}, {2, 3, 70, 67}, kernel, Data::levels, tiles);
        require_true(device, {.hidden = 6, .kernel = kernel}, {1, 3, 9, 300}, kernel, Data::normal, tiles);
    }
}

TEST_CASE_METHOD(DeviceFixture,
                 "fused: correlating or going through the channels, the gradients are the same") {
    FusedTiles tiles = default_tiles(DeviceKind::discrete, 3);
    for (const std::uint32_t correlate : {4u, 0u}) {
        tiles.backward.correlate = correlate;
        require_true(device, {.hidden = 7}, {2, 3, 70, 67}, 1, Data::levels, tiles);
        require_true(device, {.hidden = 7, .norm = NormPlacement::none, .residual = false}, {1, 3, 9, 300}, 2,
                     Data::normal, tiles);
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: continued pictures against float64, by every tile, frozen or not") {
    constexpr PicturePadding edge = PicturePadding::edge, reflect = PicturePadding::reflect;
    FusedTiles tiles = default_tiles(DeviceKind::discrete, 3);
    for (const std::uint32_t correlate : {4u, 0u}) {
        tiles.backward.correlate = correlate;
        require_true(device, {.hidden = 7, .padding = edge}, {2, 3, 70, 67}, 1, Data::levels, tiles);
        require_true(device, {.hidden = 7, .residual = false, .padding = reflect}, {1, 3, 9, 300}, 2,
                     Data::normal, tiles);
        require_true_frozen(device, PlanKind::fused, {.hidden = 7, .padding = reflect}, {2, 3, 30, 67},
                            Data::levels, tiles);
    }
    require_true(device, {.padding = edge}, {3, 3, 130, 62}, 3);
    require_true(device, {.norm = NormPlacement::none, .padding = edge}, {1, 3, 1, 7}, 4, Data::normal);
    require_true(device, {.hidden = 6, .activation = "relu", .padding = reflect}, {2, 3, 19, 13}, 5);
    require_true(device, {.hidden = 5, .activation = "tanh", .padding = edge}, {3, 3, 1, 1}, 6, Data::normal);
    require_true(device, {.hidden = 6, .kernel = 5, .padding = edge}, {1, 3, 19, 33}, 7);
    require_true(device, {.hidden = 9, .kernel = 5, .activation = "leaky_relu", .padding = reflect},
                 {2, 3, 3, 23}, 8, Data::levels, default_tiles(DeviceKind::discrete, 5));
}

TEST_CASE_METHOD(DeviceFixture, "fused: frozen norms against float64, and the stack plan's too") {
    FusedTiles tiles = default_tiles(DeviceKind::discrete, 3);
    tiles.backward.correlate = 4;
    require_true_frozen(device, PlanKind::fused, {.hidden = 7}, {2, 3, 70, 67}, Data::levels, tiles);
    tiles.backward.correlate = 0;
    require_true_frozen(device, PlanKind::fused, {.hidden = 7, .residual = false}, {1, 3, 9, 300},
                        Data::normal, tiles);
    require_true_frozen(device, PlanKind::fused, {.hidden = 9, .kernel = 5}, {2, 3, 11, 17}, Data::normal,
                        default_tiles(DeviceKind::discrete, 5));
    for (const PlanKind plan : {PlanKind::fused, PlanKind::stack}) {
        require_true_frozen(device, plan, {.hidden = 7}, {1, 3, 1, 1}, Data::levels);
        require_true_frozen(device, plan, {.hidden = 5, .activation = "relu"}, {2, 3, 19, 13}, Data::levels);
        require_true_frozen(device, plan,
                            {.hidden = 6, .activation = "tanh", .center = false, .scale = false},
                            {3, 3, 5, 21}, Data::normal);
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: norms frozen with statistics far from the batch against float64") {
    for (const char* activation : {"none", "tanh"}) {
        INFO(activation);
        Steps steps(device, {.hidden = 5, .activation = activation}, {2, 3, 13, 9}, Data::pale);
        steps.use_small_tiles();
        steps.set_statistics(10, 1e-4f);
        for (const PlanKind kind : {PlanKind::fused, PlanKind::stack}) {
            INFO(to_string(kind));
            const auto plan = steps.plan(kind, 2);
            plan->freeze_norms(true);
            require_near(steps.step(plan), steps.frozen_truth());
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: norms that are frozen and released again are as before") {
    for (const PlanKind kind : {PlanKind::fused, PlanKind::stack}) {
        Steps steps(device, {.hidden = 5, .activation = "relu"}, {2, 3, 13, 9});
        steps.use_small_tiles();
        const auto plan = steps.plan(kind, 2);
        const Outcome free = steps.step(plan);
        plan->freeze_norms(true);
        const Outcome frozen = steps.step(plan);
        CHECK(frozen.loss != free.loss);
        CHECK(frozen.after.at("bn1.running_mean").values != free.after.at("bn1.running_mean").values);
        CHECK(same_bits(frozen, steps.step(plan)));
        plan->freeze_norms(false);
        CHECK(same_bits(free, steps.step(plan)));
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: freezing norms that a network does not have changes nothing") {
    for (const PlanKind kind : {PlanKind::fused, PlanKind::stack}) {
        Steps steps(device, {.hidden = 5, .norm = NormPlacement::none}, {2, 3, 13, 9});
        steps.use_small_tiles();
        const auto plan = steps.plan(kind, 2);
        const Outcome free = steps.step(plan);
        plan->freeze_norms(true);
        CHECK(same_bits(free, steps.step(plan)));
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: agrees with the stack plan for every activation, width and kernel") {
    struct Form {
        std::uint32_t hidden, kernel;
        const char* activation;
        Shape shape;
    };
    const Shape tall{1, 3, 130, 67}, wide{2, 3, 9, 300};
    for (const Form& form :
         {Form{4, 3, "none", tall}, Form{16, 3, "relu", wide}, Form{31, 3, "leaky_relu", tall},
          Form{64, 3, "tanh", wide}, Form{4, 5, "tanh", wide}, Form{16, 5, "none", tall},
          Form{31, 5, "relu", wide}, Form{64, 5, "leaky_relu", tall}}) {
        const NetworkOptions options{
            .hidden = form.hidden, .kernel = form.kernel, .activation = form.activation};
        INFO(form.hidden << " hidden, kernel " << form.kernel << ", " << form.activation);
        Steps steps(device, options, form.shape);
        steps.use_small_tiles();
        require_near(steps.step(steps.plan(PlanKind::fused, form.shape.n)),
                     steps.step(steps.plan(PlanKind::stack, form.shape.n)));
    }
}

TEST_CASE_METHOD(DeviceFixture, "fused: agrees with the stack plan on a full picture, and on single pixels") {
    for (const Shape& shape : {Shape{1, 3, 512, 512}, Shape{3, 3, 130, 67}}) {
        Steps steps(device, {}, shape);
        require_near(steps.step(steps.plan(PlanKind::fused, shape.n)),
                     steps.step(steps.plan(PlanKind::stack, shape.n)));
    }
    // Two values of a channel are always one deviation from their mean: what is left of the gradient is
    // rounding.
    Steps pixels(device, {}, {2, 3, 1, 1});
    const Outcome fused = pixels.step(pixels.plan(PlanKind::fused, 2));
    const Outcome stack = pixels.step(pixels.plan(PlanKind::stack, 2));
    CHECK(fused.loss == Approx(stack.loss).epsilon(1e-5));
    CHECK(fused.gradients.at("bn2.bias").values[0] ==
          Approx(stack.gradients.at("bn2.bias").values[0]).epsilon(1e-4));
}

TEST_CASE_METHOD(DeviceFixture,
                 "fused: mini-batches in any order, the last one smaller, agree with the stack plan") {
    for (const Data data : {Data::levels, Data::normal}) {
        Steps steps(device, {.activation = "relu"}, {5, 3, 21, 34}, data);
        const auto fused = steps.plan(PlanKind::fused, 2), stack = steps.plan(PlanKind::stack, 2);
        for (const std::vector<std::uint32_t>& order :
             {std::vector<std::uint32_t>{3, 0, 4, 1, 2}, std::vector<std::uint32_t>{2, 1, 0, 4, 3}}) {
            fused.source->set_batches(batches_of(order, 2));
            stack.source->set_batches(batches_of(order, 2));
            for (std::uint32_t step = 0; step < 3; ++step) {
                require_near(steps.step(fused, step), steps.step(stack, step));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture,
                 "fused: repeats give the same bits, and so does a step split into many calls") {
    const Shape shape{3, 3, 300, 70};
    Steps steps(device, {.hidden = 4}, shape);
    const auto whole = steps.plan(PlanKind::fused, shape.n);
    const Outcome first = steps.step(whole);
    CHECK(same_bits(first, steps.step(whole)));
    CHECK(same_bits(first, steps.step(steps.split_plan(1))));
    CHECK(same_bits(first, steps.step(steps.split_plan(70 * 300 * 2))));
}

TEST_CASE("fused: what the plan does not take is said, and is refused") {
    const auto reason = [](const NetworkOptions& options) {
        return match_fused(two_layer_network(options)).reason;
    };
    CHECK(reason({}).empty());
    CHECK(reason({.hidden = 64, .kernel = 5, .activation = "tanh", .norm = NormPlacement::none}).empty());
    CHECK(reason({.center = false}).empty());
    CHECK(reason({.scale = false}).empty());
    CHECK(reason({.center = false, .scale = false}).empty());
    CHECK_THAT(reason({.activation = "relu", .norm = NormPlacement::after}),
               ContainsSubstring("before the activation"));
    CHECK_THAT(reason({.hidden = 3}), ContainsSubstring("4 to 64 hidden channels, and not 3"));
    CHECK_THAT(reason({.hidden = 65}), ContainsSubstring("and not 65"));
    CHECK_THAT(reason({.kernel = 7}), ContainsSubstring("kernels of 3 and 5, and not 7"));
    const Network deeper{any_size(3), {Conv{"a", 3, 16, 3}, Conv{"b", 16, 16, 3}, Conv{"c", 16, 3, 3}}};
    CHECK_THAT(match_fused(deeper).reason, ContainsSubstring("two layers"));
    CHECK(choose_plan(deeper, PlanKind::automatic).kind == PlanKind::stack);
    CHECK_THROWS_AS(choose_plan(deeper, PlanKind::fused), InputError);
    CHECK(choose_plan(two_layer_network({}), PlanKind::automatic).kind == PlanKind::fused);
    CHECK_THROWS_AS(plan_kind("fast"), InputError);
    CHECK(plan_kind("auto") == PlanKind::automatic);
}
