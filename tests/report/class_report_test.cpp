// The report of a run on labelled pictures.
#include "base/error.h"
#include "catch.h"
#include "labelled_set.h"
#include "made_run.h"
#include "message_of.h"
#include "model/network_text.h"
#include "report/class_curves.h"
#include "report/confusion.h"
#include "report/report.h"
#include "report/run_record.h"
#include "report/weight_pictures.h"
#include "task/mistake_pictures.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// Of 3 + 2 + 2 pictures: two mistakes, of pictures 3 and 5.
TestResults small_test() {
    return {.step = 12,
            .best = false,
            .classes = {"keep", "a <b>", "c"},
            .loss = 0.5,
            .counts = {3, 0, 0, 1, 1, 0, 0, 1, 1},
            .worst = {{3, "t10k & 3", 1, 0, 0.75, 0.125}, {5, "t10k 5", 2, 1, 0.5, 0.25}}};
}

class MadeClassRun {
  public:
    explicit MadeClassRun(const char* network = "input 1x4x5, dense 70, norm, relu, dense 3",
                          std::vector<std::string> sets = {"train", "test"}) {
        fs::create_directory(folder_ / "run");
        options_.labelled = folder_ / "pictures";
        options_.output = folder_ / "run";
        options_.network.take(parse_network(network, "network"));
        options_.size = 0;
        options_.epochs = 4;
        write_file_atomically(path() / "config.json", config_text(options_, "a device"));
        write_model(path() / "checkpoint.safetensors",
                    {this->network(), initial_parameters(this->network(), 3)});
        write_epochs({.classes = true, .sets = std::move(sets)});
    }

    fs::path path() const { return folder_ / "run"; }
    Network network() const { return options_.network.network(); }
    std::string html() const {
        write_report(path());
        const std::vector<std::byte> bytes = read_file(path() / "report.html", 1 << 26);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    void add_test() const {
        write_mistake_pictures(path() / "images", small_test(), labelled_set(7, 4, 5, 3));
        write_test_results(path() / "test.json", small_test());
    }

  private:
    void write_epochs(const HistoryColumns& columns) const {
        std::string text = history_header(network(), columns) + "\n";
        for (std::uint32_t epoch = 1; epoch <= 4; ++epoch) {
            EpochRecord record{
                .epoch = epoch, .step = epoch, .learning_rate = 0.01f, .train_loss = 1.0 / epoch};
            record.train_accuracy = 0.25 * epoch;
            record.validation_accuracy = 0.2 * epoch;
            record.validation_loss = 2.0 / epoch;
            // By moving averages 2 times as much, then 1.0625 and less.
            const double apart = epoch == 1 ? 2 : 1 + 0.25 / (1 << epoch);
            for (const std::string& set : columns.sets) {
                record.sets.push_back({set, {0.5, 0.75}, {0.5 * apart, 0.7}});
            }
            for (const BatchNorm& norm : norms_of(network())) {
                NormStatistics statistics{.name = norm.name};
                for (std::uint32_t c = 0; c < norm.channels; ++c) {
                    statistics.moving_mean.push_back(static_cast<float>(c * epoch));
                    statistics.moving_variance.push_back(1);
                }
                record.norms.push_back(statistics);
            }
            text += history_row(record, columns) + "\n";
        }
        write_file_atomically(path() / "history.csv", text);
    }

    TemporaryFolder folder_;
    TrainOptions options_;
};

EpochRecord scored(std::uint32_t epoch, double batch, double moving) {
    EpochRecord record;
    record.epoch = epoch;
    record.sets = {{"test", {batch, 0.5}, {moving, 0.5}}};
    return record;
}

}  // namespace

TEST_CASE(
    "a classifier's report draws its right answers beside its loss, both ways and wide norms as bands") {
    const MadeClassRun run;
    const std::string html = run.html();
    CHECK(occurrences(html, "data-values=\"25 50 75 100\"") == 1);
    CHECK(occurrences(html, "data-values=\"20 40 60 80\"") == 1);
    CHECK(html.find("<h3>The training pictures</h3>") != std::string::npos);
    CHECK(html.find("<h3>The test pictures</h3><p>After epoch 1 the moving averages give 2 times the loss of "
                    "batch statistics, 1 and 0.5; from epoch 2 on the two lie within 10 % of each other.") !=
          std::string::npos);
    CHECK(occurrences(html, "data-name=\"moving averages\"") == 4);
    // Two bands around each median.
    CHECK(occurrences(html, "data-name=\"lower quartile\"") == 2);
    CHECK(occurrences(html, "class=\"band\"") == 4);
    CHECK(html.find("data-name=\"largest\" data-values=\"69 138 207 276\"") != std::string::npos);
    CHECK(html.find("<h2>Test</h2>") == std::string::npos);
    CHECK(html.find("Right answers (accuracy)") != std::string::npos);
    CHECK(html.find("Decibels") == std::string::npos);
    CHECK(html.find("has written no pictures yet") == std::string::npos);
    CHECK(fs::exists(run.path() / "accuracy.svg"));
}

TEST_CASE("a network without norm has no two ways, whatever its history says") {
    const MadeClassRun run("input 1x4x5, dense 3");
    CHECK(run.html().find("With moving and with batch statistics") == std::string::npos);
}

TEST_CASE("a classifier's report has the table of answers and the worst mistakes as pictures") {
    const MadeClassRun run;
    run.add_test();
    const std::string html = run.html();
    CHECK_THAT(html, ContainsSubstring("answers <b>71.43 % of 7 right (95 % interval 35.89 to 91.78 %)"));
    CHECK_THAT(html,
               ContainsSubstring("<title>1 of 2 pictures of a &lt;b&gt; answered keep (50.00 %)</title>"));
    CHECK(occurrences(html, "<rect class=\"right\"") == 3);
    CHECK(occurrences(html, "<rect class=\"wrong\"") == 2);
    CHECK_THAT(html,
               ContainsSubstring("<th scope=\"row\">c</th><td>a &lt;b&gt;</td><td>1</td><td>50.0 %</td>"));
    CHECK_THAT(html, ContainsSubstring("All 2 wrong answers"));
    CHECK(occurrences(html,
                      "<figure title=\"t10k &amp; 3\"><img class=\"small\" width=\"5\" height=\"4\" "
                      "alt=\"a &lt;b&gt; taken for keep\" src=\"data:image/png;base64,") == 1);
    CHECK_THAT(html, ContainsSubstring("is <b>a &lt;b&gt;</b></span> <span>12.5 %</span><br><span>answer "
                                       "<b>keep</b></span> <span>75.0 %</span>"));
    fs::remove(run.path() / "images/mistake_3.png");
    CHECK_THAT(run.html(), ContainsSubstring("1 of 2 wrong answers"));
    write_file_atomically(run.path() / "images/mistake_5.png", "damaged");
    CHECK_THAT(message_of<InputError>([&] { run.html(); }), ContainsSubstring("mistake_5.png: "));
    write_file_atomically(run.path() / "test.json", "damaged");
    CHECK_THAT(message_of<InputError>([&] { run.html(); }), ContainsSubstring("test.json: "));
}

TEST_CASE("pictures of mistakes are those of the last test, as the network saw them") {
    const TemporaryFolder folder;
    const LabelledPictures set = labelled_set(7, 4, 5, 3);
    TestResults results = small_test();
    write_mistake_pictures(folder / "images", results, set);
    const Image picture = read_image(mistake_picture(folder / "images", results.worst[1])).image;
    for (std::uint32_t c = 0; c < 3; ++c) {
        CHECK(picture.at(c, 2, 3) == static_cast<float>(set.picture(5)[2 * 5 + 3]) / 255.0f);
    }
    results.worst.erase(results.worst.begin());
    write_file_atomically(folder / "images/after_a.png", "of a run on pairs");
    write_mistake_pictures(folder / "images", results, set);
    CHECK(mistake_pictures_in(folder / "images") == std::vector{folder / "images/mistake_5.png"});
    CHECK(fs::exists(folder / "images/after_a.png"));
    results.worst.clear();
    write_mistake_pictures(folder / "none", results, set);
    CHECK_FALSE(fs::exists(folder / "none"));
}

TEST_CASE("no more than the worst mistakes become pictures") {
    const TemporaryFolder folder;
    const LabelledPictures set = labelled_set(60, 4, 5, 3);
    TestResults results = small_test();
    results.worst.clear();
    for (std::uint32_t i = 0; i < 60; ++i) results.worst.push_back({i, "a", 1, 0, 0.75, 0.125});
    write_mistake_pictures(folder / "images", results, set);
    CHECK(mistake_pictures_in(folder / "images").size() == most_mistake_pictures);
    CHECK(fs::exists(mistake_picture(folder / "images", results.worst[47])));
}

TEST_CASE("pairs of classes are ordered by how often they are confused") {
    CHECK(confused_pairs(small_test(), 9) == std::vector<ConfusedPair>{{1, 0, 1}, {2, 1, 1}});
    TestResults results = small_test();
    results.counts = {1, 2, 0, 0, 1, 5, 4, 0, 1};
    CHECK(confused_pairs(results, 2) == std::vector<ConfusedPair>{{1, 2, 5}, {2, 0, 4}});
    CHECK(pictures_of_class(results, 1) == 6);
}

TEST_CASE("a hundred classes are drawn, and of more the most confused are told") {
    const MadeClassRun run;
    const std::size_t classes = GENERATE(100u, 101u);
    TestResults results{.step = 1, .best = false, .classes = {}, .loss = 1, .counts = {}, .worst = {}};
    for (std::size_t i = 0; i < classes; ++i) results.classes.push_back(fmt::format("class {}", i));
    results.counts.assign(classes * classes, 1);
    write_test_results(run.path() / "test.json", results);
    const std::string html = run.html();
    CHECK((html.find("<figure class=\"confusion\">") != std::string::npos) == (classes == 100));
    CHECK(html.find("<caption>Most confused</caption>") != std::string::npos);
    CHECK((html.find("With 101 classes the table of all answers is too large") != std::string::npos) ==
          (classes == 101));
    CHECK(html.size() < 6'000'000);
}

TEST_CASE("how far moving averages lag is told in a sentence") {
    const auto told = [](const std::vector<EpochRecord>& history) { return lag_sentence(history, 0); };
    CHECK(told({scored(1, 0.4257, 1.2156), scored(2, 0.3, 0.34), scored(3, 0.3, 0.32)}) ==
          "After epoch 1 the moving averages give 2.86 times the loss of batch statistics, 1.216 and 0.4257; "
          "from epoch 3 on the two lie within 10 % of each other.");
    // What comes apart again does not count as near.
    CHECK_THAT(told({scored(1, 1, 2), scored(2, 1, 1), scored(3, 1, 4)}),
               ContainsSubstring("; after epoch 3 it is still 4 times."));
    CHECK_THAT(told({scored(1, 1, 1.05), scored(2, 1, 0.95)}),
               ContainsSubstring("within 10 % of each other all along."));
    CHECK_THAT(told({scored(1, 1, 2)}), ContainsSubstring("; more epochs bring them together"));
    CHECK_THAT(told({scored(1, 0, 0), scored(2, 1, 1)}), ContainsSubstring("from epoch 2 on"));
}

TEST_CASE("the first layer's weights are pictures around grey") {
    const auto layer_of = [](const char* text, auto&& change) {
        const Network network = parse_network(text, "network");
        Parameters parameters = initial_parameters(network, 3);
        change(parameters);
        return first_layer_pictures(network, parameters);
    };
    const auto unchanged = [](Parameters&) {};
    const FirstLayer dense = layer_of("input 1x2x3, dense 2", [](Parameters& parameters) {
        parameters.at("fc1.weight").values = {0, 1, -2, 0.5f, 2, -1, 0, 0, 0, 0, 0, 0};
    });
    REQUIRE(dense.pictures.size() == 2);
    CHECK(dense.name == "fc1");
    CHECK(dense.dense);
    CHECK(dense.pictures[0].largest == 2);
    CHECK(dense.pictures[0].picture.width == 3);
    CHECK(dense.pictures[0].picture.rgb == std::vector<std::uint8_t>{128, 128, 128, 192, 192, 192, 1, 1, 1,
                                                                     160, 160, 160, 255, 255, 255, 65, 65,
                                                                     65});
    CHECK(dense.pictures[1].picture.rgb == std::vector<std::uint8_t>(18, 128));

    const FirstLayer colour = layer_of("input 3, conv 2 1x1, relu, conv 3 3x3", [](Parameters& parameters) {
        parameters.at("conv1.weight").values = {1, 0, -1, 4, 2, 0};
    });
    REQUIRE(colour.pictures.size() == 2);
    CHECK(colour.colours);
    CHECK(colour.pictures[0].picture.rgb == std::vector<std::uint8_t>{255, 128, 1});
    CHECK(layer_of("input 1x4x4, norm, dropout 0.8, conv 70 3x3, relu, dense 3", unchanged).pictures.size() ==
          most_units_drawn);
    CHECK(layer_of("input 1x4x4, average, dense 3", unchanged).pictures.empty());
    CHECK(layer_of("input 2x4x4, dense 3", unchanged).pictures.empty());
}
