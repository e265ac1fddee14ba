#include <set>
#include <string>

#include "check/golden_check.h"
#include "device_fixture.h"
#include "engine/two_layer/fused_network.h"
#include "model/presets.h"
#include "places.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "golden: every run of the other framework is reproduced on the device") {
    const std::vector<GoldenRun> runs = built_in_golden();
    CHECK(runs.size() >= 9);
    for (const GoldenRun& run : runs) {
        require_passed(check_golden(device, run, PlanKind::stack));
        if (two_layer_options(run.network)->norm != NormPlacement::after) {
            require_passed(check_golden(device, run, PlanKind::fused));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "golden: runs of networks that are told as text are reproduced, too") {
    const std::vector<GoldenRun> runs = golden_of(source_folder() + "/tests/golden_networks");
    CHECK(runs.size() == 10);
    std::size_t fused = 0;
    for (const GoldenRun& run : runs) {
        require_passed(check_golden(device, run, PlanKind::stack));
        if (!match_fused(run.network).network) continue;
        ++fused;
        require_passed(check_golden(device, run, PlanKind::fused));
    }
    CHECK(fused == 2);
}

TEST_CASE_METHOD(DeviceFixture, "golden: a run that was recorded otherwise is noticed") {
    const std::vector<GoldenRun> runs = built_in_golden();
    GoldenRun run = runs.front();
    run.losses[1] *= 1 + 1e-5;
    run.gradient.at("conv2.weight").values[0] += 1e-2f;
    run.moving[0].at("bn1.running_mean").values[0] += 1e-3f;
    run.final.at("bn2.bias").values[0] += 1e-3f;
    run.eval_output[7] += 1e-2f;
    for (const PlanKind plan : {PlanKind::stack, PlanKind::fused}) {
        std::set<std::string> failed;
        for (const Comparison& comparison : check_golden(device, run, plan)) {
            if (!comparison.passed()) failed.insert(comparison.kernel);
        }
        CHECK(failed == std::set<std::string>{"loss", "gradient", "moving", "final", "output"});
    }
}

TEST_CASE_METHOD(DeviceFixture, "golden: training twice gives the same bits") {
    const std::vector<GoldenRun> runs = built_in_golden();
    require_same_bits(check_golden(device, runs.front()), check_golden(device, runs.front()));
}
