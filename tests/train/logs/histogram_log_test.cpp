// histograms.csv: what is written comes back, and damage is refused.
#include "train/logs/histogram_log.h"

#include <cmath>
#include <limits>

#include "train/logs/begin_log.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

NormHistogram made(std::uint32_t epoch, const char* layer, NormSide side,
                   std::optional<std::uint32_t> channel) {
    NormHistogram one{.epoch = epoch, .layer = layer, .side = side, .channel = channel};
    one.least = -0.123456789f * static_cast<float>(epoch);
    one.greatest = 1e30f;
    one.low = -0.1f;
    one.high = 0.7f;
    one.below = std::uint64_t{1} << 40;
    one.above = 2;
    one.not_finite = 3;
    for (std::uint32_t i = 0; i < NormHistogram::bins; ++i) one.counts[i] = i * epoch;
    return one;
}

/// One layer of two channels.
std::vector<NormHistogram> epoch_of(std::uint32_t epoch) {
    std::vector<NormHistogram> all;
    for (const NormSide side : {NormSide::input, NormSide::output}) {
        all.push_back(made(epoch, "bn1", side, {}));
        for (std::uint32_t c = 0; c < 2; ++c) all.push_back(made(epoch, "bn1", side, c));
    }
    return all;
}

std::vector<NormHistogram> made_epoch(const Parameters&, std::uint32_t epoch) {
    return epoch_of(epoch);
}

struct LogScene {
    TemporaryFolder folder;
    fs::path path = folder / "histograms.csv";

    void write(std::uint32_t epochs) const {
        HistogramLog log(path, made_epoch);
        begin_log(log);
        for (std::uint32_t e = 1; e <= epochs; ++e) log.on_epoch({.epoch = e}, {});
    }
    /// Goes on after two epochs, the second one's histograms missing or not, with a third.
    void go_on() const {
        HistogramLog log(path, made_epoch);
        begin_log(log, 2 * 3);
        log.on_epoch({.epoch = 3}, {});
    }
    std::string refusal() const {
        return message_of<InputError>([&] { read_histograms(path); });
    }
};

}  // namespace

TEST_CASE("histograms come back as they were") {
    const LogScene scene;
    scene.write(3);
    const HistogramHistory history = read_histograms(scene.path);
    REQUIRE(history.layers.size() == 3 * 2);
    REQUIRE(history.channels.size() == 4);
    const NormHistogram &layer = history.layers[3], expected = made(2, "bn1", NormSide::output, {});
    CHECK(layer.epoch == 2);
    CHECK(layer.layer == "bn1");
    CHECK(layer.side == NormSide::output);
    CHECK_FALSE(layer.channel);
    CHECK(layer.least == expected.least);
    CHECK(layer.greatest == 1e30f);
    CHECK(layer.low == -0.1f);
    CHECK(layer.high == 0.7f);
    CHECK(layer.below == expected.below);
    CHECK(layer.above == 2);
    CHECK(layer.not_finite == 3);
    CHECK(layer.counts == expected.counts);
    for (const NormHistogram& one : history.channels) CHECK(one.epoch == 3);
    CHECK(history.channels[1].channel == 1);
    CHECK(history.channels[2].side == NormSide::output);
}

TEST_CASE("a histogram of no finite value comes back") {
    const LogScene scene;
    NormHistogram none = made(1, "bn1", NormSide::input, {});
    none.least = none.greatest = std::numeric_limits<float>::quiet_NaN();
    HistogramLog log(scene.path, [&](const Parameters&, std::uint32_t) { return std::vector{none}; });
    begin_log(log);
    log.on_epoch({.epoch = 1}, {});
    CHECK(std::isnan(read_histograms(scene.path).layers.at(0).least));
}

TEST_CASE("going on keeps the histograms of the epochs that were done") {
    const LogScene scene;
    SECTION("a killed run wrote more than its checkpoint knows") {
        scene.write(5);
    }
    SECTION("and in the middle of a row") {
        scene.write(3);
        fs::resize_file(scene.path, fs::file_size(scene.path) - 7);
    }
    scene.go_on();
    const std::string gone_on = file_text(scene.path);
    scene.write(3);
    CHECK(gone_on == file_text(scene.path));
}

TEST_CASE("going on without a file of histograms begins one, with the epoch that is just done") {
    const LogScene scene;
    scene.go_on();
    const std::vector<NormHistogram> layers = read_histograms(scene.path).layers;
    REQUIRE(layers.size() == 4);
    CHECK(layers[0].epoch == 2);
    CHECK(layers[2].epoch == 3);
}

TEST_CASE("a damaged file of histograms") {
    const LogScene scene;
    scene.write(2);
    std::string text = file_text(scene.path);
    const auto write = [&](const std::string& changed) { write_file_atomically(scene.path, changed); };
    SECTION("a last line without its end is passed over") {
        write(text.substr(0, text.size() - 1));
        CHECK(read_histograms(scene.path).channels.size() == 3);
    }
    SECTION("lines as Windows ends them") {
        std::string windows;
        for (const char letter : text)
            windows += letter == '\n' ? std::string("\r\n") : std::string(1, letter);
        write(windows);
        CHECK(read_histograms(scene.path).layers.size() == 4);
    }
    SECTION("other columns are refused") {
        write("epoch,loss\n1,2\n");
        CHECK(contains(scene.refusal(), "does not hold the histograms of a run"));
        CHECK_THROWS_AS(scene.go_on(), InputError);
    }
    SECTION("a damaged row is refused, with its line") {
        const std::size_t third = text.find('\n', text.find('\n') + 1) + 1;
        for (const char* row : {"", "1", "1,bn1,input,0", "x", "1,bn1,sideways,0"}) {
            std::string changed = text;
            changed.insert(third, std::string(row) + "\n");
            write(changed);
            CHECK(contains(scene.refusal(), "line 3 is damaged"));
        }
        for (const auto& [from, to] : {std::pair<std::string, const char*>{",-0.100000001,", ",0.9,"},
                                       {",-0.100000001,", ",nan,"},
                                       {",3,", ",-3,"}}) {
            std::string changed = text;
            write(changed.replace(changed.find(from, third), from.size(), to));
            CHECK(contains(scene.refusal(), "line 3 is damaged"));
        }
    }
    SECTION("epochs that fall are refused") {
        write(text + text.substr(text.find('\n') + 1));
        CHECK(contains(scene.refusal(), "is damaged"));
    }
    SECTION("a missing file") {
        fs::remove(scene.path);
        CHECK(contains(scene.refusal(), "histograms.csv"));
    }
}
