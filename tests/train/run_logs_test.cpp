// --histograms and --tensorboard of whole runs.
#include "train/run_logs.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "model/model_file.h"
#include "train/logs/begin_log.h"
#include "train/logs/event_decoder.h"
#include "train/logs/event_log.h"
#include "train/logs/history.h"
#include "train/logs/validation_log.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Of a loss: an event file has a float32 of it, which rounds by 6e-8, and history.csv nine digits.
constexpr double of_rounding = 1e-7;

struct LoggedRunScene {
    LoggedRunScene() {
        write_pairs(folder.path(), 5, 15, 11);
        write_pairs(folder / "validation", 2, 15, 11);
    }
    TrainOptions options(const char* output) const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.validation_input = folder / "validation/input";
        options.validation_target = folder / "validation/target";
        options.output = folder / output;
        options.batch = 2;
        options.histograms = options.tensorboard = true;
        options.plan = PlanKind::stack;  // the kernels of which histograms have in any case
        return options;
    }
    static RunEnd run(const TrainOptions& options, std::uint32_t stop_after = 0) {
        Watcher watcher;
        watcher.stop_after = stop_after;
        return RunScene::run(options, watcher);
    }
    TemporaryFolder folder;
};

std::vector<DecodedEvent> only_events(const fs::path& run) {
    const std::vector<fs::path> files = event_files(run);
    REQUIRE(files.size() == 1);
    return read_events(files[0]);
}

/// The steps of the events that have curves.
std::vector<std::int64_t> curve_steps(const std::vector<DecodedEvent>& events) {
    std::vector<std::int64_t> steps;
    for (const DecodedEvent& event : events) {
        if (!event.scalars.empty()) steps.push_back(event.step);
    }
    return steps;
}

const DecodedEvent& last_epoch(const std::vector<DecodedEvent>& events) {
    const auto has_curves = [](const DecodedEvent& event) { return !event.scalars.empty(); };
    return *std::find_if(events.rbegin(), events.rend(), has_curves);
}

void check_curves(const TrainOptions& options, const std::vector<DecodedEvent>& events) {
    CHECK(events.at(0).version == "brain.Event:2");
    CHECK(curve_steps(events) == std::vector<std::int64_t>{3, 6, 9});
    const EpochRecord record = read_history(options.output / "history.csv", options.network.network()).at(2);
    const DecodedEvent& event = last_epoch(events);
    CHECK(event.scalars.size() == 3 + 2 * (5 + 3));
    CHECK(event.scalars.at("loss/train") == Approx(record.train_loss).epsilon(of_rounding));
    CHECK(event.scalars.at("loss/validation") == Approx(*record.validation_loss).epsilon(of_rounding));
    CHECK(event.scalars.at("learning_rate") == record.learning_rate);
    CHECK(event.scalars.at("bn1/moving_mean/4") == record.norms[0].moving_mean[4]);
    CHECK(event.scalars.at("bn2/moving_variance/2") == record.norms[1].moving_variance[2]);
}

/// How many values there are in each bin, the last of which holds the greatest.
std::vector<double> counted(const std::vector<float>& values, const std::vector<double>& limits) {
    std::vector<double> counts(limits.size(), 0.0);
    for (const float value : values) {
        const auto bin = std::upper_bound(limits.begin(), limits.end() - 1, static_cast<double>(value));
        ++counts[static_cast<std::size_t>(bin - limits.begin())];
    }
    return counts;
}

void check_histograms(const TrainOptions& options, const DecodedEvent& event) {
    CHECK(event.histograms.size() == 8 + 4);
    const std::vector<float> weights =
        read_model(options.output / "model.safetensors").parameters.at("conv1.weight").values;
    const DecodedHistogram& kernel = event.histograms.at("parameters/conv1.weight");
    CHECK(kernel.values == static_cast<double>(weights.size()));
    CHECK(kernel.least == *std::min_element(weights.begin(), weights.end()));
    CHECK(kernel.greatest == *std::max_element(weights.begin(), weights.end()));
    double sum = 0;
    for (const float weight : weights) sum += weight;
    CHECK(kernel.sum == sum);
    REQUIRE(kernel.limits.size() == 30);
    CHECK(kernel.counts == counted(weights, kernel.limits));
    CHECK(event.histograms.at("bn1/input").values == 5 * 5 * 15 * 11);
    CHECK(event.histograms.at("bn2/output").values == 5 * 3 * 15 * 11);
    for (const auto& [tag, one] : event.histograms) {
        CAPTURE(tag);
        REQUIRE(one.limits.size() == one.counts.size());
        CHECK(std::adjacent_find(one.limits.begin(), one.limits.end(), std::greater_equal<>()) ==
              one.limits.end());
        CHECK(one.limits.front() >= one.least);
        CHECK(std::accumulate(one.counts.begin(), one.counts.end(), 0.0) == one.values);
    }
}

/// What was made of the first pictures, before and after.
void check_pictures(const TrainOptions& options, const std::vector<DecodedEvent>& events) {
    std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> shown;
    for (const DecodedEvent& event : events) {
        for (const auto& [tag, picture] : event.pictures) {
            CHECK(picture.width == 15);
            CHECK(picture.height == 11);
            shown[tag].emplace_back(event.step, picture.png);
        }
    }
    CHECK(shown.size() == 4);
    const auto& first = shown.at("output/p0");
    REQUIRE(first.size() == 2);
    CHECK(first[0].first == 0);
    CHECK(first[0].second == file_text(options.output / "images/before_p0.png"));
    CHECK(first[1].first == 9);
    CHECK(first[1].second == file_text(options.output / "images/after_p0.png"));
}

}  // namespace

TEST_CASE("a run tells TensorBoard its curves, histograms and pictures, and ends with the same bits") {
    const LoggedRunScene scene;
    const TrainOptions with = scene.options("with");
    TrainOptions without = scene.options("without");
    without.histograms = without.tensorboard = false;
    scene.run(with);
    scene.run(without);
    const std::vector<DecodedEvent> events = only_events(with.output);
    check_curves(with, events);
    check_histograms(with, last_epoch(events));
    check_pictures(with, events);
    CHECK(file_text(with.output / "model.safetensors") == file_text(without.output / "model.safetensors"));
    CHECK_FALSE(fs::exists(without.output / "histograms.csv"));
    CHECK(event_files(without.output).empty());
}

TEST_CASE("validations within epochs are told TensorBoard at their steps") {
    const LoggedRunScene scene;
    TrainOptions options = scene.options("often");
    options.histograms = false;
    options.validate_every = 2;
    scene.run(options);
    const std::vector<DecodedEvent> events = only_events(options.output);
    CHECK(curve_steps(events) == std::vector<std::int64_t>{2, 3, 4, 6, 8, 9});
    for (const ValidationRecord& record : read_validations(options.output / "validation.csv")) {
        const auto told = std::find_if(events.begin(), events.end(), [&](const DecodedEvent& event) {
            return event.step == static_cast<std::int64_t>(record.step) && !event.scalars.empty();
        });
        REQUIRE(told != events.end());
        CHECK(told->scalars.at("loss/validation") == Approx(record.loss).epsilon(of_rounding));
    }
}

TEST_CASE("histograms and events of a run that was interrupted go on where it was") {
    const LoggedRunScene scene;
    TrainOptions whole = scene.options("whole"), parted = scene.options("parted");
    scene.run(whole);
    REQUIRE(scene.run(parted, 5) == RunEnd::stopped);
    parted.resume = true;
    REQUIRE(scene.run(parted) == RunEnd::finished);
    const std::string histograms = file_text(whole.output / "histograms.csv");
    CHECK(std::count(histograms.begin(), histograms.end(), '\n') == 1 + 3 * 2 * (6 + 4));
    CHECK(histograms == file_text(parted.output / "histograms.csv"));

    const std::vector<fs::path> files = event_files(parted.output);
    REQUIRE(files.size() == 2);
    const std::vector<DecodedEvent> first = read_events(files[0]), second = read_events(files[1]);
    CHECK(curve_steps(first) == std::vector<std::int64_t>{3});
    CHECK(second.at(1).starts);
    CHECK(second.at(1).step == 6);  // five steps are done
    CHECK(curve_steps(second) == std::vector<std::int64_t>{6, 9});
    CHECK(last_epoch(second).scalars == last_epoch(only_events(whole.output)).scalars);
    for (const DecodedEvent& event : second) {
        if (!event.pictures.empty()) CHECK(event.step == 9);
    }
}

TEST_CASE("histograms that a stop has left out are made when the run goes on") {
    const LoggedRunScene scene;
    TrainOptions whole = scene.options("whole"), parted = scene.options("parted");
    scene.run(whole);
    REQUIRE(scene.run(parted, 6) == RunEnd::stopped);  // with the second epoch's last step
    const std::string before = file_text(parted.output / "histograms.csv");
    CHECK(std::count(before.begin(), before.end(), '\n') == 1 + 2 * (6 + 4));
    parted.resume = true;
    REQUIRE(scene.run(parted) == RunEnd::finished);
    CHECK(file_text(parted.output / "histograms.csv") == file_text(whole.output / "histograms.csv"));

    const std::vector<DecodedEvent> second = read_events(event_files(parted.output).at(1));
    const auto told = std::find_if(second.begin(), second.end(),
                                   [](const DecodedEvent& event) { return event.histograms.size() == 4; });
    REQUIRE(told != second.end());
    CHECK(told->step == 6);
    CHECK(told->histograms.contains("bn2/output"));
}

TEST_CASE("a network without norms has parameters to show and no histograms of norms") {
    const LoggedRunScene scene;
    TrainOptions options = scene.options("run");
    options.network.two_layer.norm = NormPlacement::none;
    scene.run(options);
    CHECK_FALSE(fs::exists(options.output / "histograms.csv"));
    CHECK(last_epoch(only_events(options.output)).histograms.size() == 4);
}

TEST_CASE("names of pictures that are not UTF-8 become such in the event file") {
    const TemporaryFolder folder;
    write_png(folder / "p.png", made_picture(3, 2, 1));
    const std::vector<NormHistogram> none;
    EventLog log(folder.path(), none);
    begin_log(log);
    log.on_pictures({{"caf\xe9", folder / "p.png", 3, 2}}, 0);
    CHECK(only_events(folder.path()).at(1).pictures.contains("output/caf\\xe9"));
}

TEST_CASE("what lies outside of a histogram's bins is told TensorBoard too") {
    NormHistogram histogram{.least = -8, .greatest = 9, .low = 0, .high = 6.4f, .below = 3, .above = 2};
    histogram.counts[1] = 10;
    const HistogramSummary summary = summary_of("bn1/input", histogram);
    CHECK(summary.limits.size() == 66);
    CHECK(summary.least == -8);
    CHECK(summary.limits.front() == 0);
    CHECK(summary.counts.front() == 3);
    CHECK(summary.counts[2] == 10);
    CHECK(summary.limits.back() == 9);
    CHECK(summary.counts.back() == 2);
    CHECK(summary.sum == Approx(3 * -4 + 10 * 0.15 + 2 * 7.7));
}
