// The options that runs of earlier versions do not have: what is refused, and config.json with and without
// them.
#include <regex>

#include "train/options/options.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

TrainOptions plain_options() {
    TrainOptions options;
    options.input = "/pictures/input";
    options.target = "/pictures/target";
    options.output = "/runs/one";
    return options;
}

TrainOptions options_of_domains() {
    TrainOptions options = plain_options();
    options.input.clear();
    options.target.clear();
    options.domains = {{"day", "/day/in", "/day/out"}, {"night-2", "/night/in", "/night/out"}};
    return options;
}

template <typename Change>
std::string new_options_refusal(TrainOptions options, const Change& change) {
    change(options);
    return message_of<InputError>([&] { validate(options); });
}

}  // namespace

TEST_CASE("domains that make no sense are refused") {
    using O = TrainOptions;
    const TrainOptions options = options_of_domains();
    CHECK(new_options_refusal(options, [](O&) {}).empty());
    CHECK(contains(new_options_refusal(options, [](O& o) { o.input = "/in"; }),
                   "leave --input and --target out"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.target = "/in"; }),
                   "leave --input and --target out"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.domains[1].name = "day"; }),
                   "--stream day is given twice"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.domains[1].name = "a/b"; }),
                   "cannot name statistics"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.domains[1].name = ""; }),
                   "cannot name statistics"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.domains[0].input = ""; }),
                   "--stream day is \"\""));
    CHECK(
        contains(new_options_refusal(options, [](O& o) { o.domains[0].target = ""; }), "NAME=INPUT:TARGET"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.network.two_layer.norm = NormPlacement::none; }),
                   "--norm none"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.output.clear(); }), "--output"));
}

TEST_CASE("what a network or a run without validation cannot have is refused") {
    using O = TrainOptions;
    const TrainOptions options = plain_options();
    CHECK(
        contains(new_options_refusal(options, [](O& o) { o.validate_every = 1; }), "--validate-every needs"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.early_stop = 1; }), "--early-stop needs"));
    CHECK(contains(new_options_refusal(options, [](O& o) { o.schedule.rate = 0.5f; }), "--schedule-rate"));
    const auto without_norm = [&](const auto& change) {
        return new_options_refusal(options, [&](O& o) {
            o.network.two_layer.norm = NormPlacement::none;
            change(o);
        });
    };
    CHECK(without_norm([](O&) {}).empty());
    CHECK(contains(without_norm([](O& o) { o.debias = true; }), "--debias needs a batch norm"));
    CHECK(contains(without_norm([](O& o) { o.freeze_norm = 1; }), "--freeze-norm needs a batch norm"));
    CHECK(contains(without_norm([](O& o) { o.zero_init_residual = true; }), "--zero-init-residual needs"));
    const auto with_zero = [&](const auto& change) {
        return new_options_refusal(options, [&](O& o) {
            o.zero_init_residual = true;
            change(o);
        });
    };
    CHECK(with_zero([](O&) {}).empty());
    CHECK(contains(with_zero([](O& o) { o.network.two_layer.residual = false; }), "leave --no-residual out"));
    CHECK(contains(with_zero([](O& o) { o.network.two_layer.scale = false; }), "leave --no-scale out"));
}

TEST_CASE("config.json gives the new options back") {
    TrainOptions options = options_of_domains();
    options.validation_input = "/validation/in";
    options.validation_target = "/validation/out";
    options.network.two_layer.center = false;  // one of two that are told apart only so
    options.schedule = {ScheduleKind::exponential, 0.3f, 10'000'000'000, true};
    options.debias = options.histograms = options.tensorboard = true;
    options.freeze_norm = 7;
    options.validate_every = 11;
    options.early_stop = 13;
    const TrainOptions read = parse_config(config_text(options, "a device"), "c.json");
    CHECK(read.domains == options.domains);
    CHECK(read.input.empty());
    CHECK(read.network.two_layer == options.network.two_layer);
    CHECK(read.schedule == options.schedule);
    CHECK(read.debias);
    CHECK(read.histograms);
    CHECK(read.tensorboard);
    CHECK_FALSE(read.zero_init_residual);
    CHECK(read.freeze_norm == 7);
    CHECK(read.validate_every == 11);
    CHECK(read.early_stop == 13);
    options.schedule = {.kind = ScheduleKind::cosine, .steps = 5};
    options.network.two_layer.center = options.zero_init_residual = true;
    const TrainOptions other = parse_config(config_text(options, ""), "c.json");
    CHECK(other.schedule == options.schedule);
    CHECK(other.network.two_layer == options.network.two_layer);
    CHECK(other.zero_init_residual);
}

TEST_CASE("a config.json of an earlier version has the new options' defaults") {
    std::string text = config_text(plain_options(), "a device");
    for (const char* entry : {"\"schedule\": \\{[^}]*\\},", "\"debias\": false,", "\"freeze_norm\": 0,",
                              "\"zero_init_residual\": false,", "\"weights\": \"reference\",",
                              "\"biases\": 0.0,", "\"beta_spread\": 0.0,", ",\\s*\"weight_decay\": 0.0",
                              "\"validate_every\": 0,", "\"early_stop\": 0,", "\"histograms\": false,",
                              "\"tensorboard\": false,", ",\\s*\"center\": true", ",\\s*\"scale\": true"}) {
        const std::string without = std::regex_replace(text, std::regex(entry), "");
        INFO(entry);
        REQUIRE(without.size() < text.size());
        text = without;
    }
    const TrainOptions read = parse_config(text, "c.json");
    CHECK(config_text(read, "a device") == config_text(plain_options(), "a device"));
}

TEST_CASE("damaged domains and schedules of a config.json are refused") {
    TrainOptions options = options_of_domains();
    options.schedule = {ScheduleKind::exponential, 0.5f, 100};
    const std::string whole = config_text(options, "a device");
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string text = whole;
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
        const std::string message = message_of<InputError>([&] { parse_config(text, "c.json"); });
        CHECK(message.starts_with("c.json: "));
        return message;
    };
    CHECK(contains(changed("\"streams\": [", "\"streams\": 1, \"more\": ["), "not a list"));
    CHECK(contains(changed("\"streams\": [", "\"streams\": [3, "), "no JSON object"));
    CHECK(contains(changed("\"name\": \"day\"", "\"name\": 3"), "not a text"));
    CHECK(contains(changed("\"name\": \"day\"", "\"name\": \"../day\""), "cannot name statistics"));
    CHECK(contains(changed("\"name\": \"day\"", "\"name\": \"night-2\""), "given twice"));
    CHECK(contains(changed("\"name\": \"day\"", "\"name\": \"day\", \"more\": 1"), "\"more\" is unknown"));
    CHECK(contains(changed("\"kind\": \"exponential\"", "\"kind\": \"linear\""), "\"linear\" is not known"));
    CHECK(contains(changed("\"rate\": 0.5", "\"rate\": 1.5"), "--schedule-rate"));
    CHECK(contains(changed("\"steps\": 100", "\"steps\": -1"), "\"steps\""));
    CHECK(contains(changed("\"steps\": 100", "\"steps\": 100, \"more\": 1"), "\"more\" is unknown"));
    CHECK(contains(changed("\"staircase\": false", "\"staircase\": 0"), "not true or false"));
}
