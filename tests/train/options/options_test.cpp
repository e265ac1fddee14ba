#include "train/options/options.h"

#include <limits>

#include <fmt/format.h>

#include "base/file.h"
#include "train/options/option_table.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

TrainOptions whole_options() {
    TrainOptions options;
    options.input = "/pictures/input";
    options.target = "/pictures/target";
    options.validation_input = "/pictures/a \"quoted\" folder";
    options.validation_target = "/pictures/grün";
    options.test = "/pictures/test";
    options.output = "/runs/one";
    options.init = "/runs/zero/model.safetensors";
    options.network.two_layer = {.hidden = 7,
                                 .kernel = 5,
                                 .activation = "leaky_relu",
                                 .norm = NormPlacement::after,
                                 .residual = false,
                                 .decay = 0.95f,
                                 .epsilon = std::numeric_limits<float>::denorm_min(),
                                 .range = {-0.1f, 255},
                                 .padding = PicturePadding::edge};
    options.optimizer = {.kind = OptimizerKind::amsgrad,
                         .learning_rate = 0.1f + 0.2f,
                         .beta1 = 0.8f,
                         .beta2 = 0.99f,
                         .epsilon = 1e-8f,
                         .momentum = 0.85f,
                         .weight_decay = 0.1f};
    options.epochs = 17;
    options.batch = 3;
    options.resize = false;
    options.size = 64;
    options.crops = 9;
    options.flip = true;
    options.seed = std::numeric_limits<std::uint64_t>::max();
    options.plan = PlanKind::stack;
    options.changes = {{0, {0.1f, 0.5f}}, {7, {0.05f, 0.95f}}};
    return options;
}

std::string refusal(const TrainOptions& options) {
    return message_of<InputError>([&] { validate(options); });
}

template <typename Change>
std::string refusal_after(const Change& change) {
    TrainOptions options = whole_options();
    change(options);
    return refusal(options);
}

}  // namespace

TEST_CASE("good options pass, also at the ends of their ranges") {
    TrainOptions options = whole_options();
    CHECK(refusal(options).empty());
    options.validation_input.clear();
    options.validation_target.clear();
    options.test.clear();
    options.init.clear();
    options.epochs = 1;
    options.batch = options.size = 0;
    CHECK(refusal(options).empty());
    options.epochs = 1'000'000;
    options.size = 16'384;
    CHECK(refusal(options).empty());
}

TEST_CASE("labelled pictures may be padded, and pairs may not") {
    TrainOptions options = whole_options();
    options.crop_pad = 2;
    CHECK(contains(refusal(options), "--crop-pad is for labelled pictures"));
    for (std::filesystem::path* place : {&options.input, &options.target, &options.validation_input,
                                         &options.validation_target, &options.test, &options.init}) {
        place->clear();
    }
    options.labelled = "/pictures/classes";
    options.network.asked = "input 3, conv 4 3x3, norm, relu, average, dense 2";
    options.network.look_up();
    CHECK(refusal(options).empty());
}

TEST_CASE("bad options are refused by the name of their flag") {
    using O = TrainOptions;
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float infinite = std::numeric_limits<float>::infinity();
    CHECK(contains(refusal_after([](O& o) { o.epochs = 0; }), "--epochs is \"0\""));
    CHECK(contains(refusal_after([](O& o) { o.epochs = 1'000'001; }), "--epochs"));
    CHECK(contains(refusal_after([](O& o) { o.batch = 65'537; }), "--batch"));
    CHECK(contains(refusal_after([](O& o) { o.epoch_steps = 1'000'001; }), "--epoch-steps is \"1000001\""));
    CHECK(contains(refusal_after([](O& o) { o.size = 16'385; }), "--size"));
    CHECK(contains(refusal_after([](O& o) { o.crops = 0; }), "--crops"));
    CHECK(contains(refusal_after([](O& o) { o.crops = 65'537; }), "--crops"));
    for (const float rate : {0.0f, -0.0f, -1.0f, nan, infinite}) {
        CHECK(contains(refusal_after([&](O& o) { o.optimizer.learning_rate = rate; }), "--lr"));
    }
    CHECK(contains(refusal_after([&](O& o) { o.optimizer.beta1 = 1.0f; }), "beta1"));
    CHECK(contains(refusal_after([&](O& o) { o.optimizer.beta2 = nan; }), "beta2"));
    CHECK(contains(refusal_after([&](O& o) { o.optimizer.epsilon = 0.0f; }), "epsilon"));
    CHECK(contains(refusal_after([&](O& o) { o.optimizer.momentum = nan; }), "momentum"));
    for (const float decay : {-0.01f, nan, infinite}) {
        CHECK(contains(refusal_after([&](O& o) { o.optimizer.weight_decay = decay; }), "--weight-decay is"));
    }
    for (const float bias : {nan, infinite, -infinite}) {
        CHECK(contains(refusal_after([&](O& o) { o.start.biases = bias; }), "--biases is"));
    }
    for (const float spread : {-0.1f, nan, infinite}) {
        CHECK(contains(refusal_after([&](O& o) { o.start.beta_spread = spread; }), "--beta-spread is"));
    }
    CHECK(contains(refusal_after([](O& o) { o.network.two_layer.hidden = 0; }), "--hidden"));
    CHECK(contains(refusal_after([](O& o) { o.network.two_layer.kernel = 4; }), "--kernel"));
    CHECK(contains(refusal_after([](O& o) { o.network.two_layer.activation = "gelu"; }), "--activation"));
    CHECK(contains(refusal_after([](O& o) { o.input.clear(); }), "--input"));
    CHECK(contains(refusal_after([](O& o) { o.target.clear(); }), "--target"));
    CHECK(contains(refusal_after([](O& o) { o.output.clear(); }), "--output"));
    CHECK(contains(refusal_after([](O& o) { o.validation_input.clear(); }), "--validation-input is missing"));
    CHECK(
        contains(refusal_after([](O& o) { o.validation_target.clear(); }), "--validation-target is missing"));
}

TEST_CASE("a model to begin with leaves nothing to begin otherwise") {
    using O = TrainOptions;
    CHECK(contains(refusal_after([](O& o) { o.start.weights = {WeightRule::he}; }),
                   "--weights is for a new network; leave it or --init out"));
    CHECK(contains(refusal_after([](O& o) { o.start.biases = 1; }),
                   "--biases is for a new network; leave it or --init out"));
    CHECK(contains(refusal_after([](O& o) { o.start.beta_spread = 1; }),
                   "--beta-spread is for a new network; leave it or --init out"));
    CHECK(refusal_after([](O& o) {
              o.init.clear();
              o.start = {{WeightRule::truncated, 0.01f}, -1};
          }).empty());
}

TEST_CASE("config.json gives back how a network began") {
    TrainOptions options = whole_options();
    options.init.clear();
    options.network.two_layer.norm = NormPlacement::before;
    options.start = {{WeightRule::truncated, 0.01f}, -0.1f, 1.5f};
    const std::string text = config_text(options, "a device");
    CHECK(
        contains(text, "\"weights\": \"truncated:0.01\",\n    \"biases\": -0.1,\n    \"beta_spread\": 1.5,"));
    CHECK(parse_config(text, "c.json").start == options.start);
}

TEST_CASE("rates hold from the step of their change on") {
    const TrainOptions options = whole_options();
    TrainOptions plain = options;
    plain.changes.clear();
    CHECK(plain.rates(100) == Rates{0.1f + 0.2f, 0.95f});
    CHECK(options.rates(0) == Rates{0.1f, 0.5f});
    CHECK(options.rates(6) == Rates{0.1f, 0.5f});
    CHECK(options.rates(7) == Rates{0.05f, 0.95f});
    CHECK(options.rates(std::numeric_limits<std::uint64_t>::max()) == Rates{0.05f, 0.95f});
}

TEST_CASE("config.json gives every option back") {
    const TemporaryFolder folder;
    const TrainOptions options = whole_options();
    write_file_atomically(folder / "config.json", config_text(options, "a device"));
    const TrainOptions read = read_config(folder / "config.json");
    CHECK(read.input == options.input);
    CHECK(read.target == options.target);
    CHECK(read.validation_input == options.validation_input);
    CHECK(read.validation_target == options.validation_target);
    CHECK(read.test == options.test);
    CHECK(read.output == options.output);
    CHECK(read.init == options.init);
    CHECK(read.network.two_layer == options.network.two_layer);
    CHECK(read.optimizer == options.optimizer);
    CHECK(read.epochs == options.epochs);
    CHECK(read.batch == options.batch);
    CHECK(read.resize == options.resize);
    CHECK(read.size == options.size);
    CHECK(read.crops == options.crops);
    CHECK(read.flip == options.flip);
    CHECK(read.seed == options.seed);
    CHECK(read.plan == options.plan);
    CHECK(read.changes == options.changes);
    CHECK_FALSE(read.resume);
    const std::string text = file_text(folder / "config.json");
    CHECK(contains(text, "\"a device\""));
    CHECK(contains(text, "\"decay\": 0.95,"));
}

TEST_CASE("config.json says nothing of crops where none are taken, and then a run is compared without them") {
    TrainOptions options = whole_options(), others = options;
    for (TrainOptions* const one : {&options, &others}) one->resize = true;
    others.crops = 2;
    others.flip = false;
    CHECK_FALSE(contains(config_text(options, ""), "crops"));
    CHECK_FALSE(contains(config_text(options, ""), "flip"));
    CHECK(run_identity(options) == run_identity(others));
    for (TrainOptions* const one : {&options, &others}) one->resize = false;
    CHECK(run_identity(options) != run_identity(others));
}

TEST_CASE("pictures are resized, taken whole, or cut as resize and size say") {
    TrainOptions options;
    options.size = 64;
    options.resize = true;
    CHECK(options.size_rule().kind == SizeRule::Kind::squares);
    CHECK(options.size_rule().side == 64);
    CHECK_FALSE(options.takes_crops());
    options.resize = false;
    CHECK(options.size_rule().kind == SizeRule::Kind::own);
    CHECK(options.takes_crops());
    options.size = 0;
    for (const bool resize : {false, true}) {
        options.resize = resize;
        CHECK(options.size_rule().kind == SizeRule::Kind::equal);
        CHECK_FALSE(options.takes_crops());
    }
}

TEST_CASE("a config.json that is another kind of file is named") {
    const TemporaryFolder folder;
    const auto path = folder / "config.json";
    write_file_atomically(path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    CHECK(message_of<InputError>([&] { read_config(path); }) ==
          path.string() + ": is a Git LFS pointer; fetch the file itself with `git lfs pull`");
}

TEST_CASE("config.json holds absolute paths, and no path stays none") {
    const TemporaryFolder folder;
    TrainOptions options = whole_options();
    options.input = "some/../input";
    options.init.clear();
    write_file_atomically(folder / "config.json", config_text(options, ""));
    const TrainOptions read = read_config(folder / "config.json");
    CHECK(read.input == std::filesystem::current_path() / "input");
    CHECK(read.init.empty());
}

TEST_CASE("a config.json from before there were plans to choose from has the automatic one") {
    const TemporaryFolder folder;
    const auto path = folder / "config.json";
    write_file_atomically(path, config_text(whole_options(), "a device"));
    const std::string text = file_text(path), plan = ",\n    \"plan\": \"stack\"";
    const std::size_t at = text.find(plan);
    REQUIRE(at != std::string::npos);
    write_file_atomically(path, text.substr(0, at) + text.substr(at + plan.size()));
    CHECK(read_config(path).plan == PlanKind::automatic);
}

TEST_CASE("a name that is not UTF-8 is refused") {
    TrainOptions options = whole_options();
    options.test = "/pictures/\xff";
    const auto message = [&] { return message_of<InputError>([&] { config_text(options, ""); }); };
    CHECK(contains(message(), "/pictures/\xff: a run's configuration cannot hold a name that is not UTF-8"));
    options.test = "";
    options.domains = {{"day", "a", "b"}, {"night", "c", "d\xff"}};
    CHECK(contains(message(), "d\xff: a run's configuration"));
}

TEST_CASE("a config.json that is not this program's is refused") {
    const TemporaryFolder folder;
    const auto path = folder / "config.json";
    write_file_atomically(path, config_text(whole_options(), "a device"));
    const std::string whole = file_text(path);
    const auto refusal_of = [&](const std::string& text) {
        write_file_atomically(path, text);
        const std::string message = message_of<InputError>([&] { read_config(path); });
        CHECK((message.empty() || message.starts_with(path.string())));
        return message;
    };
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string text = whole;
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        return refusal_of(text.replace(at, from.size(), to));
    };
    CHECK(refusal_of(whole) == "");
    CHECK(refusal_of("\xef\xbb\xbf" + whole) == "");  // a byte order mark
    // In our words, and not in those of the parser.
    CHECK(contains(refusal_of(""), "is empty"));
    CHECK(contains(refusal_of("{\n  \"input\": tru\n}"), "it is no JSON from line 2, column 15 on"));
    CHECK(contains(refusal_of("{\"input\": \"\xff\"}"), "it is no JSON from line 1, column 12 on"));
    CHECK(contains(refusal_of("{\"seed\": 1e999}"), "too large"));
    CHECK(contains(refusal_of(whole.substr(0, whole.size() / 2)), "it is no JSON from line "));
    CHECK(contains(refusal_of(std::string(100'000, '[')), "it is no JSON from line 1, column 100001 on"));
    CHECK_FALSE(contains(changed("\"epochs\": 17", "\"epochs\": 17 17"), "json.exception"));
    for (const char* data :
         {"1", "{}", "{\"training\": []}", "{\"training\": [1]}", "{\"training\": [\"p0\"]}"}) {
        CHECK(contains(changed("\"epochs\": 17", fmt::format("\"epochs\": 17, \"data\": {}", data)),
                       "is no configuration of a run: "));
    }
    CHECK(contains(refusal_of("[1]"), "no JSON object"));
    CHECK(contains(changed("\"seed\"", "\"sead\""), "\"seed\" is missing"));
    CHECK(contains(changed("\"epochs\": 17", "\"epochs\": 17, \"more\": 1"), "\"more\" is unknown"));
    CHECK(contains(changed("\"epochs\": 17", "\"epochs\": 17, \"epochs\": 1"), "occurs twice"));
    CHECK(contains(changed("\"epochs\": 17", "\"epochs\": 1.5"), "\"epochs\""));
    CHECK(contains(changed("\"epochs\": 17", "\"epochs\": -1"), "\"epochs\""));
    CHECK(contains(changed("\"epochs\": 17", "\"epochs\": 4294967297"), "too large"));
    CHECK(contains(changed("\"epochs\": 17", "\"epochs\": 0"), "--epochs"));
    CHECK(contains(changed("\"beta1\": 0.8", "\"beta1\": 1e200"), "too large"));
    CHECK(contains(changed("\"beta1\": 0.8", "\"beta1\": \"0.8\""), "not a number"));
    CHECK(contains(changed("\"residual\": false", "\"residual\": 0"), "not true or false"));
    CHECK(
        contains(changed("\"weights\": \"reference\"", "\"weights\": \"truncated:0\""), "has no deviation"));
    CHECK(contains(changed("\"weights\": \"reference\"", "\"weights\": 1"), "not a text"));
    CHECK(contains(changed("\"biases\": 0.0", "\"biases\": \"0\""), "not a number"));
    CHECK(contains(changed("\"weight_decay\": 0.1", "\"weight_decay\": -1"), "--weight-decay is"));
    CHECK(contains(changed("\"norm\": \"after\"", "\"norm\": \"sideways\""), "sideways"));
    CHECK(contains(changed("\"kind\": \"amsgrad\"", "\"kind\": 3"), "not a text"));
    CHECK(contains(changed("\"plan\": \"stack\"", "\"plan\": \"best\""), "plan \"best\" is not known"));
    CHECK(contains(changed("\"plan\": \"stack\"", "\"plan\": 1"), "not a text"));
    CHECK(contains(changed("\"changes\": [", "\"changes\": 1, \"more\": ["), "not a list"));
    CHECK(contains(changed("\"changes\": [", "\"changes\": [3, "), "no JSON object"));
    CHECK(contains(changed("\"step\": 7", "\"step\": 0"), "step 0"));
    CHECK(contains(changed("\"step\": 7", "\"step\": -7"), "\"step\""));
    CHECK(contains(changed("\"learning_rate\": 0.05", "\"learning_rate\": -0.05"), "--lr"));
    CHECK(contains(changed("\"learning_rate\": 0.05", "\"learning_rate\": 0.05, \"x\": 1"), "unknown"));
    for (const auto& [key, value] : {std::pair{"norm", "after"}, {"kind", "amsgrad"}, {"plan", "stack"}}) {
        const std::string entry = fmt::format("\"{}\": \"{}", key, value);
        CHECK_FALSE(contains(changed(entry, entry + "\\n"), "\n"));
    }
    CHECK(contains(message_of<InputError>([&] { read_config(folder / "none.json"); }), "no such file"));
}

TEST_CASE("a config.json that is deep, long or full of names is refused in one short line") {
    const std::string depth(200'000, '['), end(200'000, ']');
    std::string names;
    for (int i = 0; i < 100'000; ++i) names += fmt::format("\"{:x}\":0,", i);
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"{\"input\":" + depth + end + "}", "\"input\" is a list, not a text"},
        {"{\"input\":{\"a\":" + depth + end + "}}", "\"input\" is an object, not a text"},
        {"{\"input\":\"a\",\"target\":7}", "\"target\" is 7, not a text"},
        {"{" + names + "\"input\":true}", "\"input\" is true, not a text"},
        {"{\"a\\nb\":1,\"a\\nb\":1}", "\"a\\nb\" occurs twice"},
    };
    for (const auto& [text, part] : cases) {
        const std::string& config = text;
        const std::string message = message_of<InputError>([&] { parse_config(config, "c.json"); });
        CAPTURE(part, message);
        CHECK(message.starts_with("c.json: "));
        CHECK(contains(message, part));
        CHECK(message.size() < 200);
    }
    TrainOptions options = whole_options();
    std::string text = config_text(options, "a device");
    const std::size_t at = text.find("\"epochs\": 17");
    REQUIRE(at != std::string::npos);
    const auto with = [&](const std::string& entry) {
        return message_of<InputError>(
            [&] { parse_config(std::string(text).insert(at, entry + ","), "c.json"); });
    };
    CHECK(contains(with("\"a\\nb\": 1"), "\"a\\nb\" is unknown"));
    CHECK(with("\"" + std::string(5000, 'n') + "\": 1").size() < 200);
}
