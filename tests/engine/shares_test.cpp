// Steps that several shares make together.
#include "group/shares.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "check/given_examples.h"
#include "check/network_check.h"
#include "check/tolerance.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/plan_choice.h"
#include "model/random.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

/// Pictures of which every other one is dark, and the rest bright: shares differ far more than their pixels
/// do.
std::vector<float> dark_and_bright(const Shape& shape, std::uint64_t stream) {
    std::mt19937_64 random = random_stream(3, stream);
    std::vector<float> values = random_values(shape.values(), Data::levels, random);
    const std::size_t each = values.size() / shape.n;
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = i / each % 2 == 0 ? values[i] / 4 : 0.7f + 0.3f * values[i];
    }
    return values;
}

struct Stepped {
    float loss;
    Parameters gradients, after;
};

/// One step of the fused plan over all pictures.
class SharedStep {
  public:
    SharedStep(const Device& device, const NetworkOptions& options, const Shape& shape)
        : device_(device),
          network_(two_layer_network(options)),
          start_(random_parameters(network_, Data::normal, 1)),
          x_(dark_and_bright(shape, 0)),
          target_(dark_and_bright(shape, 1)),
          shape_(shape) {}

    Stepped with(std::uint32_t count) const {
        const Shares shares(alone(), count);
        ParameterBuffers buffers(device_, start_);
        const GivenExamples examples(shape_, x_, shape_, target_);
        const FusedTiles tiles = default_tiles(device_.info().kind, 3);
        const auto plan = make_training_plan(PlanKind::fused, device_, network_, buffers, examples, shape_.n,
                                             tiles, mean_squared_error, 0, any_bytes, shares);
        const std::vector<std::uint32_t> mine =
            shares.own_examples(batches_in_order(shape_.n, shape_.n).front());
        const auto source = plan->make_source(examples);
        source->set_batches({mine});
        const Buffer loss(device_, sizeof(float), "loss");
        Recorder recorder(device_);
        plan->share_step(recorder, source->batch(recorder, 0), {shares.sizes(mine), shape_.n},
                         {.losses = loss.whole()});
        recorder.finish();
        Stepped stepped{loss.download<float>(1).front(), start_, start_};
        buffers.download_gradients(stepped.gradients);
        buffers.download(stepped.after);
        return stepped;
    }

    void require_true(const Stepped& stepped) const {
        const reference::Evaluation truth = reference::NetworkRun(network_, start_)
                                                .evaluate(reference::tensor_from_floats(shape_, x_),
                                                          reference::tensor_from_floats(shape_, target_));
        CHECK(stepped.loss == Approx(truth.loss).epsilon(1e-5));
        for (const NamedTensor& tensor : stepped.gradients.tensors()) {
            if (!tensor.trainable) continue;
            const std::vector<double>& expected = truth.gradients.at(tensor.name);
            const bool is_zero = std::ranges::all_of(expected, [](double value) { return value == 0; });
            require_passed({compare("gradient of " + tensor.name, tensor.values, expected,
                                    {1, 1, 1, static_cast<std::uint32_t>(expected.size())},
                                    is_zero ? tolerance::exact : tolerance::gradient)});
        }
        for (const auto& [name, batch] : truth.statistics) {
            const std::vector<float>& moved = stepped.after.at(name + ".running_mean").values;
            const std::vector<float>& old = start_.at(name + ".running_mean").values;
            for (std::size_t c = 0; c < moved.size(); ++c)
                CHECK(moved[c] == Approx(0.9 * old[c] + 0.1 * batch.mean[c]).epsilon(1e-4).margin(1e-5));
        }
    }

  private:
    const Device& device_;
    Network network_;
    Parameters start_;
    std::vector<float> x_, target_;
    Shape shape_;
};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "shares: dark and bright ones, also without an example, against float64") {
    const NetworkOptions linear{.hidden = 6},
        relu{.hidden = 5, .activation = "relu", .padding = PicturePadding::edge},
        no_norm{.hidden = 4, .norm = NormPlacement::none};
    for (const NetworkOptions& options : {linear, relu, no_norm}) {
        const SharedStep step(device, options, {5, 3, 19, 33});
        for (const std::uint32_t shares : {1u, 2u, 4u, 8u, 130u}) {
            CAPTURE(options.activation, shares);
            step.require_true(step.with(shares));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "shares: whole networks by the stack plan, in few shares and in many") {
    Thinned taken;
    const FusedTiles unused = default_tiles(device.info().kind, 3);
    for (const NetworkCase& one : network_cases()) {
        if (!taken.takes()) continue;
        for (const std::uint32_t shares : {2u, 3u, 300u})
            require_passed(check_training_plan(device, one, PlanKind::stack, unused, shares));
    }
}

TEST_CASE("shares: ranks that do not divide them are refused, and each has its own") {
    CHECK(Shares().count() == 1);
    CHECK(Shares(alone(), 0).count() == 1);
    const Shares four(alone(), 4, 2);
    CHECK(four.own() == 4);
    CHECK(four.own_examples(std::vector<std::uint32_t>{9, 0, 2, 1, 8, 7}) ==
          std::vector<std::uint32_t>{9, 0, 1, 8, 2, 7});
    CHECK(four.sizes(std::vector<std::uint32_t>{9, 0, 1, 8, 2, 7}) == std::vector<std::uint32_t>{4, 1, 0, 1});
}
