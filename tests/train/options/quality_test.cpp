// The defaults that --quality chooses, and when they give way to what is given by hand.
#include "train/options/quality.h"

#include <set>
#include <string>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

TrainOptions with_places(TrainOptions options) {
    options.input = "in";
    options.target = "out";
    options.output = "run";
    return options;
}

/// Those of normal that are so made up, after they gave way to the named flags.
TrainOptions after_giving_way(const std::set<std::string>& given,
                              const std::function<void(TrainOptions&)>& change) {
    TrainOptions options = with_places(default_options(Quality::normal));
    options.freeze_norm = NormFreeze::last_tenth();
    options.zero_init_residual = true;
    change(options);
    options.network.look_up();
    give_way(options, [&](const Option& row) { return given.contains(row.flag); });
    return options;
}

}  // namespace

TEST_CASE("every quality is a run that may begin, and takes longer than the one before") {
    std::uint32_t epochs = 0;
    for (const Quality each : {Quality::draft, Quality::normal, Quality::best}) {
        INFO(to_string(each));
        CHECK(quality(to_string(each)) == each);
        TrainOptions options = with_places(default_options(each));
        options.network.look_up();
        give_way(options, [](const Option&) { return false; });
        validate(options);
        CHECK(options.epochs > epochs);
        epochs = options.epochs;
    }
    CHECK_THROWS_AS(quality("good"), InputError);
}

TEST_CASE("defaults give way where the network has no use for them") {
    using O = TrainOptions;
    const TrainOptions kept = after_giving_way({}, [](O&) {});
    CHECK(kept.freeze_norm.is_last_tenth());
    CHECK(kept.zero_init_residual);
    const TrainOptions normless =
        after_giving_way({}, [](O& o) { o.network.two_layer.norm = NormPlacement::none; });
    CHECK(normless.freeze_norm == 0);
    CHECK_FALSE(normless.zero_init_residual);
    validate(normless);
    const auto begins_unchanged = [](const auto& change) {
        return after_giving_way({}, change).zero_init_residual;
    };
    CHECK_FALSE(begins_unchanged([](O& o) { o.network.two_layer.residual = false; }));
    CHECK_FALSE(begins_unchanged([](O& o) { o.network.two_layer.scale = false; }));
    CHECK_FALSE(begins_unchanged([](O& o) { o.network.asked = "dncnn"; }));
    CHECK_FALSE(begins_unchanged([](O& o) { o.init = "model.safetensors"; }));
    CHECK(begins_unchanged([](O& o) { o.network.asked = "input 3, conv 3 1x1, norm, add input"; }));
}

TEST_CASE("what was given by hand does not give way, and is refused") {
    const TrainOptions options = after_giving_way(
        {"--freeze-norm"}, [](TrainOptions& o) { o.network.two_layer.norm = NormPlacement::none; });
    CHECK(options.freeze_norm.is_last_tenth());
    CHECK_FALSE(options.zero_init_residual);
    CHECK_THROWS_AS(validate(options), InputError);
}

TEST_CASE("the last tenth is of whole epochs, at the end") {
    constexpr NormFreeze last = NormFreeze::last_tenth();
    CHECK(last.in(200) == 181);
    CHECK(last.in(10) == 10);
    CHECK(last.in(19) == 19);
    CHECK(last.in(20) == 19);
    CHECK(last.in(9) == 0);
    CHECK(NormFreeze(7).in(200) == 7);
    CHECK(NormFreeze(0).in(200) == 0);
    CHECK(to_string(last) == "last");
    CHECK(norm_freeze("last").is_last_tenth());
    CHECK(norm_freeze("7") == 7);
    for (const char* text : {"", "first", "-1", "1.5", "4294967295", "4294967296"}) {
        CHECK_THROWS_AS(norm_freeze(text), InputError);
    }
}

TEST_CASE("config.json keeps the last tenth until a run begins, and then its first epoch") {
    TrainOptions options = with_places(TrainOptions());
    options.freeze_norm = NormFreeze::last_tenth();
    const std::string text = config_text(options, "a device");
    CHECK(contains(text, "\"freeze_norm\": \"last\""));
    CHECK(parse_config(text, "c.json").freeze_norm.is_last_tenth());
    options.freeze_norm = options.freeze_norm.in(200);
    const std::string resolved = config_text(options, "a device");
    CHECK(contains(resolved, "\"freeze_norm\": 181"));
    CHECK(parse_config(resolved, "c.json").freeze_norm == 181);
}
