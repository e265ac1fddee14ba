// The benchmark as a process: small sizes, for what it prints and not for how fast it is.
#include <nlohmann/json.hpp>

#include "catch.h"
#include "pictures.h"

using namespace shadenet::test;

TEST_CASE("bench --json prints one object with every promised figure") {
    const Outcome outcome = run_shadenet({"bench", "--size", "17", "--batch", "2", "--runs", "3", "--json"});
    REQUIRE(outcome.exit_code == 0);
    const auto json = nlohmann::json::parse(outcome.out);
    CHECK(json.at("plan") == "layerwise");
    CHECK(json.at("size") == 17);
    CHECK(json.at("batch") == 2);
    CHECK_FALSE(json.at("device").get<std::string>().empty());
    for (const char* what : {"train_step_ms", "inference_ms"}) {
        const auto& time = json.at(what);
        CHECK(time.at("runs") == 3);
        CHECK(time.at("min") > 0.0);
        CHECK(time.at("median") >= time.at("min"));
        CHECK(time.at("max") >= time.at("median"));
    }
    CHECK(json.at("peak_gflops") > 0.0);
    CHECK(json.at("copy_gb_per_s") > 0.0);
}

TEST_CASE("bench prints a table, and refuses sizes that are none") {
    const Outcome outcome = run_shadenet({"bench", "--size", "16", "--runs", "1"});
    CHECK(outcome.exit_code == 0);
    for (const char* part :
         {"training step", "inference of 1", "conv_forward", "GB/s", "The device at best"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    for (const char* bad : {"0", "-5", "1e9", "many"}) {
        const Outcome refused = run_shadenet({"bench", "--size", bad});
        CHECK(refused.exit_code == 2);
        CHECK(error_lines(refused) == 1);
    }
}
