// epochs.bin: what is written comes back, and damage is refused.
#include "train/logs/epoch_log.h"

#include <cmath>
#include <fstream>

#include "train/logs/begin_log.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

struct Scene {
    TemporaryFolder folder;
    fs::path path = folder / "epochs.bin";
    Network network = small_options().network.network();

    Parameters parameters(std::uint64_t seed) const { return initial_parameters(network, seed); }
    static std::vector<NormStatistics> norms(float value) {
        return {{"bn1", {}, {}, std::vector<float>(5, value), std::vector<float>(5, value + 1)},
                {"bn2", {}, {}, std::vector<float>(3, value + 2), std::vector<float>(3, value + 3)}};
    }
    void write(std::uint32_t epochs) const {
        EpochLog log(path, network);
        begin_log(log, {}, parameters(0));
        for (std::uint32_t e = 1; e <= epochs; ++e) {
            log.on_epoch({.norms = norms(static_cast<float>(e))}, parameters(e));
        }
    }
};

}  // namespace

TEST_CASE("epochs come back as they were") {
    const Scene scene;
    scene.write(3);
    const std::vector<EpochState> states = read_epoch_log(scene.path, scene.network);
    REQUIRE(states.size() == 4);
    for (std::uint32_t e = 0; e < 4; ++e) {
        CHECK(states[e].known);
        CHECK(same_bits(states[e].parameters, scene.parameters(e)));
    }
    CHECK(states[0].norms.empty());
    REQUIRE(states[2].norms.size() == 2);
    CHECK(states[2].norms[0].name == "bn1");
    CHECK(states[2].norms[0].batch_mean == std::vector<float>(5, 2.0f));
    CHECK(states[2].norms[1].batch_variance == std::vector<float>(3, 5.0f));
}

TEST_CASE("going on keeps the epochs that were done, and says which are not known") {
    const Scene scene;
    SECTION("a killed run wrote more than its checkpoint knows") {
        scene.write(5);
        EpochLog log(scene.path, scene.network);
        begin_log(log, 2 * 3);
        log.on_epoch({}, scene.parameters(77));
    }
    SECTION("the file was lost") {
        EpochLog log(scene.path, scene.network);
        begin_log(log, 2 * 3);
        CHECK_FALSE(read_epoch_log(scene.path, scene.network).at(2).known);
        log.on_epoch({}, scene.parameters(77));
    }
    const std::vector<EpochState> states = read_epoch_log(scene.path, scene.network);
    REQUIRE(states.size() == 4);
    CHECK(states[3].known);
    CHECK(same_bits(states[3].parameters, scene.parameters(77)));
}

TEST_CASE("a damaged file of epochs") {
    const Scene scene;
    scene.write(2);
    const auto read = [&] { return read_epoch_log(scene.path, scene.network); };
    SECTION("a record that was cut off is left out") {
        fs::resize_file(scene.path, fs::file_size(scene.path) - 1);
        CHECK(read().size() == 2);
        EpochLog log(scene.path, scene.network);
        begin_log(log, 3);
        log.on_epoch({}, scene.parameters(9));
        CHECK(same_bits(read().at(2).parameters, scene.parameters(9)));
    }
    SECTION("a header that was cut off is refused") {
        fs::resize_file(scene.path, 40);
        CHECK(contains(message_of<InputError>(read), "does not hold the epochs of this network"));
    }
    SECTION("another network's is refused, and no reason not to go on") {
        NetworkOptions other = small_options().network.two_layer;
        other.hidden = 6;
        CHECK_THROWS_AS(read_epoch_log(scene.path, two_layer_network(other)), InputError);
        EpochLog log(scene.path, two_layer_network(other));
        begin_log(log, 3);
        const std::vector<EpochState> states = read_epoch_log(scene.path, two_layer_network(other));
        REQUIRE(states.size() == 2);
        CHECK_FALSE(states[1].known);
    }
    SECTION("none at all") {
        fs::remove(scene.path);
        CHECK_THROWS_AS(read(), InputError);
    }
}
