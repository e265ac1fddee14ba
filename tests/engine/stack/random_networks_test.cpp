// Lists of layers that nobody thought of: what the text may say, the device must run.
#include <cstdint>
#include <string>
#include <variant>

#include "check/network_check.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/stack/random_network.h"
#include "model/network_text.h"

using namespace shadenet;
using namespace shadenet::check;
using namespace shadenet::test;

namespace {

/// As many as run in a minute on two cores without a GPU. SHADENET_NETWORKS=2000 tries more.
constexpr std::uint32_t networks_in_ci = 100;
constexpr std::uint64_t first_seed = 20'260'101;

/// How many of the lists drawn have what the test is for.
struct Drawn {
    std::uint32_t skips = 0, strides = 0, norms = 0, doubled = 0;
    std::uint32_t dense = 0, normed_dense = 0, averages = 0, after_average = 0, dropped = 0, smooth = 0,
                  labels = 0;

    void count(const Network& network, bool on_labels) {
        labels += on_labels ? 1 : 0;
        const Layer* previous = nullptr;
        bool averaged = false;
        for (const Layer& layer : network.layers) {
            const auto* conv = std::get_if<Conv>(&layer);
            const auto* activation = std::get_if<Activation>(&layer);
            const bool norm = std::holds_alternative<BatchNorm>(layer);
            skips += std::holds_alternative<Skip>(layer) ? 1 : 0;
            strides += conv != nullptr && conv->stride > 1 ? 1 : 0;
            norms += norm ? 1 : 0;
            doubled += norm && previous != nullptr && std::holds_alternative<BatchNorm>(*previous) ? 1 : 0;
            dense += std::holds_alternative<Dense>(layer) ? 1 : 0;
            normed_dense += norm && previous != nullptr && std::holds_alternative<Dense>(*previous) ? 1 : 0;
            averages += std::holds_alternative<Average>(layer) ? 1 : 0;
            after_average += conv != nullptr && averaged ? 1 : 0;
            averaged = averaged || std::holds_alternative<Average>(layer);
            dropped += std::holds_alternative<Dropout>(layer) ? 1 : 0;
            smooth += activation != nullptr && (activation->kind == ActivationKind::sigmoid ||
                                                activation->kind == ActivationKind::elu)
                          ? 1
                          : 0;
            previous = &layer;
        }
    }

    /// Otherwise the lists are not what this test is for.
    void check_all_drawn(std::uint32_t networks, Repertoire repertoire) const {
        CHECK(skips > networks / 4);
        CHECK(strides > networks / 10);
        CHECK(norms > networks / 2);
        CHECK(doubled > networks / 20);
        if (repertoire == Repertoire::filters) return;
        CHECK(dense > networks / 4);
        CHECK(normed_dense > networks / 20);
        CHECK(averages > networks / 10);
        CHECK(after_average > networks / 50);
        CHECK(dropped > networks / 4);
        CHECK(smooth > networks / 4);
        CHECK(labels > networks / 8);
    }
};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "random lists of layers are on the device as in float64") {
    const std::uint32_t count = effort("SHADENET_NETWORKS", networks_in_ci);
    Drawn drawn;
    for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
        const RandomNetwork made(seed, Repertoire::everything);
        CAPTURE(seed, made.text());
        const Network network = parse_network(made.text(), "random");
        require_passed(check_network(device, {.name = "random",
                                              .network = network,
                                              .x = made.shape(),
                                              .seed = seed,
                                              .on_labels = made.on_labels()}));
        drawn.count(network, made.on_labels());
    }
    drawn.check_all_drawn(count, Repertoire::everything);
}

TEST_CASE_METHOD(DeviceFixture, "random lists of layers make steps of several shares as in float64") {
    const std::uint32_t count = (effort("SHADENET_NETWORKS", networks_in_ci) + 4) / 5;
    for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
        const RandomNetwork made(seed, Repertoire::everything);
        CAPTURE(seed, made.text());
        const NetworkCase one{.name = "random",
                              .network = parse_network(made.text(), "random"),
                              .x = made.shape(),
                              .seed = seed,
                              .on_labels = made.on_labels()};
        const auto shares = static_cast<std::uint32_t>(2 + seed % 3);
        require_passed(
            check_training_plan(device, one, PlanKind::stack, default_tiles(device.info().kind, 3), shares));
    }
}

TEST_CASE("random lists of layers are texts that round, of every kind that is to be drawn") {
    for (const Repertoire repertoire : {Repertoire::filters, Repertoire::everything}) {
        Drawn drawn;
        for (std::uint64_t seed = first_seed; seed < first_seed + networks_in_ci; ++seed) {
            const RandomNetwork made(seed, repertoire);
            CAPTURE(seed, made.text());
            const Network network = parse_network(made.text(), "random");
            const std::string canonical = to_text(network);
            CHECK(parse_network(canonical, "canonical") == network);
            CHECK(to_text(parse_network(canonical, "canonical")) == canonical);
            const Shape result = point_shapes(network, made.shape()).back();
            CHECK((!made.on_labels() || (result.plane() == 1 && result.c > 1)));
            drawn.count(network, made.on_labels());
        }
        drawn.check_all_drawn(networks_in_ci, repertoire);
    }
}
