// The benchmark as a process: small sizes, for what it prints and not for how fast it is.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "cli/bench_report.h"
#include "pictures.h"

using namespace shadenet::test;

namespace {

using Json = nlohmann::json;

void check_times(const Json& time, std::uint32_t runs) {
    CHECK(time.at("runs") == runs);
    CHECK(time.at("min") > 0.0);
    CHECK(time.at("median") >= time.at("min"));
    CHECK(time.at("max") >= time.at("median"));
}

/// The shares of all kernels are everything, and those that convolve are counted.
void check_kernels(const Json& plan, const char* counted) {
    INFO(plan.at("plan"));
    double share = 0;
    bool found = false;
    for (const Json& kernel : plan.at("kernels")) {
        INFO(kernel.at("name"));
        share += kernel.at("share").get<double>();
        CHECK(kernel.at("calls") >= 1.0);
        CHECK(kernel.at("bytes") > 0.0);
        if (kernel.at("name") != counted) continue;
        found = true;
        CHECK(kernel.at("operations") > 0.0);
        CHECK(kernel.at("gflops") > 0.0);
        CHECK(kernel.at("of_peak_gflops") > 0.0);
    }
    CHECK(found);
    CHECK(share == Approx(1.0));
}

}  // namespace

TEST_CASE("bench --json prints one object with every promised figure") {
    const Outcome outcome =
        run_shadenet({"bench", "--size", "17", "--batch", "2", "--picture", "19", "--runs", "3", "--json"});
    REQUIRE(outcome.exit_code == 0);
    const Json json = Json::parse(outcome.out);
    CHECK(json.at("plan") == "fused");
    CHECK(json.at("plan_reason") == "the network has the form it takes");
    CHECK(json.at("size") == 17);
    CHECK(json.at("picture") == 19);
    CHECK(json.at("batch") == 2);
    CHECK_FALSE(json.at("device").get<std::string>().empty());
    for (const char* what : {"train_step_ms", "inference_ms"}) check_times(json.at(what), 3);
    CHECK(json.at("peak_gflops") > 0.0);
    CHECK(json.at("copy_gb_per_s") > 0.0);
    CHECK(json.at("plans").size() == 1);
    CHECK(json.at("scaling").empty());
}

TEST_CASE("bench --compare has both plans with their kernels, the one asked for first") {
    const Outcome outcome = run_shadenet(
        {"bench", "--size", "17", "--batch", "2", "--runs", "2", "--compare", "--plan", "stack", "--json"});
    REQUIRE(outcome.exit_code == 0);
    const Json json = Json::parse(outcome.out), &plans = json.at("plans");
    REQUIRE(plans.size() == 2);
    CHECK(plans[0].at("plan") == "stack");
    CHECK(plans[1].at("plan") == "fused");
    for (const Json& plan : plans) check_times(plan.at("train_step_ms"), 2);
    CHECK(plans[0].at("train_step_ms") == json.at("train_step_ms"));
    check_kernels(plans[0], "stack_gemm forward");
    check_kernels(plans[1], "fused_forward");
}

TEST_CASE("bench times another network, with the one plan that takes it") {
    const Outcome outcome =
        run_shadenet({"bench", "--size", "9", "--batch", "1", "--runs", "1", "--compare", "--network",
                      "input 3, conv 4 3x3, norm, relu, conv 3 1x1, add input", "--json"});
    REQUIRE(outcome.exit_code == 0);
    const Json json = Json::parse(outcome.out);
    CHECK(json.at("plan") == "stack");
    CHECK(json.at("plans").size() == 1);
    CHECK_THAT(json.at("network").get<std::string>(), ContainsSubstring("conv 3 1x1"));
}

TEST_CASE("bench tells layers of one kind apart, in the order of the network") {
    const Outcome outcome = run_shadenet({"bench", "--size", "9", "--batch", "1", "--runs", "1", "--network",
                                          "input 3, conv 3 3x3, add input, relu, add input, relu", "--json"});
    REQUIRE(outcome.exit_code == 0);
    std::vector<std::string> layers;
    std::set<std::string> rows;
    const Json json = Json::parse(outcome.out);
    for (const Json& row : json.at("plans")[0].at("layers")) {
        const std::string name = row.at("name");
        CHECK(rows.insert(name).second);
        const std::string layer = name.substr(0, name.find(','));
        if (layers.empty() || layers.back() != layer) layers.push_back(layer);
    }
    CHECK(layers == std::vector<std::string>{"conv1", "add1", "relu1", "add2", "relu2"});
}

TEST_CASE("bench times a classifier by its own size, with its labels' loss and its evaluation") {
    const Outcome outcome = run_shadenet(
        {"bench", "--batch", "3", "--runs", "2", "--network",
         "input 2x7x5, conv 4 3x3 stride 2, norm, elu, dropout 0.5, dense 6, norm, relu, dense 10",
         "--json"});
    REQUIRE(outcome.exit_code == 0);
    const Json json = Json::parse(outcome.out), &plan = json.at("plans")[0];
    CHECK_FALSE(json.contains("inference_ms"));
    check_times(json.at("evaluation_ms"), 2);
    check_times(plan.at("train_step_processor_ms"), 2);
    check_kernels(plan, "stack_gemm input gradient");
    const double conv = 4 * (4 * 3) * (2 * 9), dense = 6 * 48 + 10 * 6;  // multiply-adds of an example
    CHECK(plan.at("operations") == 2 * 3 * (2 * conv + 3 * dense));
    CHECK(plan.at("floor_ms").get<double>() ==
          Approx(plan.at("operations").get<double>() / json.at("peak_gflops").get<double>() * 1e-6));
    for (const char* what : {"plan", "parameters", "examples"}) {
        CHECK(plan.at("memory_bytes").at(what) > 0);
    }
    double operations = 0, share = 0;
    std::map<std::string, Json> passes;
    for (const Json& pass : plan.at("passes")) {
        operations += pass.at("operations").get<double>();
        share += pass.at("share").get<double>();
        passes[pass.at("name")] = pass;
    }
    CHECK(operations == plan.at("operations"));
    CHECK(share == Approx(1.0));
    CHECK(passes.at("forward").at("operations") == 2 * 3 * (conv + dense));
    CHECK(passes.at("gradient to input").at("operations") == 2 * 3 * dense);
    CHECK(passes.at("loss").at("ms") > 0.0);
    bool labels = false;
    for (const Json& kernel : plan.at("kernels")) labels = labels || kernel.at("name") == "cross_entropy";
    CHECK(labels);
}

TEST_CASE("bench shows passes, memory and the floor, also of maps that are no pictures") {
    const Outcome outcome = run_shadenet({"bench", "--size", "6", "--batch", "2", "--runs", "1", "--network",
                                          "input 5, conv 7 3x3 valid, norm, relu, conv 2 1x1"});
    REQUIRE(outcome.exit_code == 0);
    for (const char* part : {"stack by kernel", "stack by pass", "gradient to input", "weight gradient",
                             "update", "squared_error", "the plan keeps", "a step take", "times as long",
                             "processor time, stack", "evaluation of 2"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    CHECK_THAT(outcome.out, !ContainsSubstring("inference"));
}

TEST_CASE("bench names the maps that a device cannot bind, and the largest size that works") {
    const Pictures pictures;
    const auto bench = [&](const std::string& size, const char* tune = "--no-tune") {
        return run_shadenet({"bench", tune, "--runs", "1", "--batch", "1", "--size", size, "--network",
                             "input 3, conv 1024 1x1, conv 3 1x1"},
                            {{"XDG_CACHE_HOME", pictures.path("cache")}});
    };
    // Before any tiles are measured.
    const Outcome refused = bench("2500", "--no-tune=false");
    CHECK_THAT(refused.err, !ContainsSubstring("measuring"));
    CHECK(refused.exit_code == 2);
    CHECK(error_lines(refused) == 1);
    CHECK_THAT(refused.err, ContainsSubstring("conv1's 1024 channels of 2500x2500 pixels take ") &&
                                ContainsSubstring(" in one binding, and the device binds "));
    const std::string words = "the largest --size that fits is ";
    const std::size_t at = refused.err.find(words);
    REQUIRE(at != std::string::npos);
    const int size = std::stoi(refused.err.substr(at + words.size()));
    const Outcome larger = bench(std::to_string(size + 1));
    CHECK(larger.exit_code == 2);
    CHECK_THAT(larger.err, ContainsSubstring("conv1's 1024 channels of "));
    CHECK(bench(std::to_string(size)).exit_code == 0);
}

TEST_CASE("bench says of each plan that its tiles are measured, and for how long at most") {
    const Pictures pictures;
    const Outcome outcome = run_shadenet({"bench", "--size", "16", "--runs", "1", "--compare"},
                                         {{"XDG_CACHE_HOME", pictures.path("cache")}});
    CHECK(outcome.exit_code == 0);
    const std::string note = "measuring which tiles are fastest on this device, for up to ";
    CHECK_THAT(outcome.err, ContainsSubstring(note + "3 s; ") && ContainsSubstring(note + "5 s; "));
}

TEST_CASE("bench refuses flags that say nothing about a network") {
    const char* const text = "input 2x7x5, dense 3";
    const std::vector<std::pair<Arguments, const char*>> refusals = {
        {{"--network", text, "--size", "64"},
         "--size is for networks of any size, and --network takes 5x7 alone"},
        {{"--network", text, "--picture", "64"}, "--picture is for networks that filter pictures"},
        {{"--network", text, "--scaling"}, "--scaling times other sizes, and the network takes 5x7 alone"},
        {{"--network", text, "--options"}, "--options times the flags that shape two-layer"},
        {{"--network", text, "--hidden", "8"}, "--hidden shapes two-layer and dncnn"},
        {{"--network", text, "--plan", "fused"}, "the fused plan takes networks of two layers"},
        {{"--network", text, "--pictures", "."}, "--pictures times `apply` of two-layer"},
        {{"--depth", "8"}, "--depth shapes dncnn"},
        {{"--network", "dncnn", "--depth", "1"}, "--depth"},
        {{"--network", "input 3, conv 3 5x5 valid", "--size", "4"}, "conv1"},
    };
    for (const auto& [flags, words] : refusals) {
        Arguments arguments = {"bench"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        const Outcome refused = run_shadenet(arguments);
        INFO(words);
        CHECK(refused.exit_code == 2);
        CHECK(error_lines(refused) == 1);
        CHECK_THAT(refused.err, ContainsSubstring(words));
    }
}

TEST_CASE("bench --options times every option beside the defaults, those that the fused plan takes by it") {
    const Outcome outcome =
        run_shadenet({"bench", "--size", "17", "--batch", "2", "--runs", "2", "--options", "--json"});
    REQUIRE(outcome.exit_code == 0);
    const Json options = Json::parse(outcome.out).at("options");
    std::map<std::string, std::string> plans;
    for (const Json& option : options) {
        INFO(option);
        REQUIRE_FALSE(option.contains("problem"));
        plans[option.at("flags")] = option.at("plan");
        check_times(option.at("train_step_ms"), 2);
        check_times(option.at("of_the_default"), 2);
    }
    CHECK(plans.size() == options.size());
    for (const char* fused : {"--no-center", "--no-scale", "--debias", "--freeze-norm 1", "--norm none"}) {
        CHECK(plans.at(fused) == "fused");
    }
    CHECK(plans.at("--activation relu --norm after") == "stack");
}

TEST_CASE("the report has a time a pixel for every size, or why there is none") {
    shadenet::PlanTimes plan;
    plan.plan = {shadenet::PlanKind::fused, "asked for"};
    plan.train_step = shadenet::summarize({4.0});
    plan.operations = 2e6;
    plan.kernels.push_back(
        {.name = "fused_forward", .calls = 2, .milliseconds = 0.5, .share = 1, .work = {1e6, 3e6}});
    shadenet::BenchResult result;
    result.plans.push_back(plan);
    result.inference.push_back({"linear", "asked for", shadenet::summarize({2.0})});
    result.peaks = {.gflops = 10, .copy_gb_per_s = 5};
    result.scaling = {
        {.size = 20, .batch = 5, .train_step = shadenet::summarize({1.0, 4.0, 3.0}), .problem = ""},
        {.size = 40, .batch = 1, .train_step = {}, .problem = "no memory"}};
    const Json json =
        Json::parse(shadenet::bench_json({.name = "a device"}, {.size = 30}, result, {{{}, "defaults"}}));
    CHECK(json.at("tiles_source") == "defaults");
    CHECK(json.at("inference_ms").at("median").get<double>() == Approx(2));
    CHECK(json.at("device") == "a device");
    CHECK(json.at("train_step_gflops").get<double>() == Approx(0.5));
    const Json &kernel = json.at("plans")[0].at("kernels")[0], &scaling = json.at("scaling");
    CHECK(kernel.at("gflops").get<double>() == Approx(2));
    CHECK(kernel.at("gb_per_s").get<double>() == Approx(6));
    CHECK(kernel.at("of_peak_gflops").get<double>() == Approx(0.2));
    CHECK(scaling[0].at("ns_per_pixel").get<double>() == Approx(3e6 / (20 * 20 * 5)));
    CHECK_FALSE(scaling[0].contains("problem"));
    CHECK(scaling[1].at("problem") == "no memory");
    CHECK_FALSE(scaling[1].contains("ns_per_pixel"));
}

TEST_CASE("bench prints a table, and refuses sizes and plans that are none") {
    const Outcome outcome = run_shadenet({"bench", "--size", "16", "--runs", "1", "--compare"});
    CHECK(outcome.exit_code == 0);
    for (const char* part :
         {"plan fused: ", "8-bit", "training step, fused", "training step, stack", "stack takes",
          "inference 16x16, linear", "inference 16x16, folded", "inference 16x16, stack",
          "tiles of the fused plan", "tiles of the stack plan", "stack_gemm forward",
          "conv2, gradient to input", "fused_forward", "GB/s", "of peak", "The device at best"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    for (const char* bad : {"0", "-5", "1e9", "many"}) {
        const Outcome refused = run_shadenet({"bench", "--size", bad});
        CHECK(refused.exit_code == 2);
        CHECK(error_lines(refused) == 1);
    }
    const Outcome refused = run_shadenet({"bench", "--plan", "best"});
    CHECK(refused.exit_code == 2);
    CHECK(error_lines(refused) == 1);
    CHECK_THAT(refused.err, ContainsSubstring("--plan \"best\" is not known; use auto, fused or stack"));
}

TEST_CASE("bench times apply on a folder of pictures, and leaves nothing behind") {
    const Pictures pictures;
    const std::size_t entries = pictures.entries();
    const Outcome outcome = run_shadenet({"bench", "--pictures", pictures.path("before"), "--runs", "2"},
                                         {{"TMPDIR", pictures.path("more")}});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("3 pictures, 2 rounds") && ContainsSubstring("apply / codecs"));
    CHECK(pictures.entries() == entries);
    CHECK(unlike_refusal(pictures, {"bench", "--pictures", pictures.path("nowhere")}, "no such file") == "");
}
