#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "check/golden_check.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/two_layer/fused_network.h"
#include "model/presets.h"
#include "places.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

/// On two ranks, each with a device of its own and a share of every batch.
void check_shared_golden(const Device& of_0, const Device& of_1, const GoldenRun& run, PlanKind plan) {
    test::ThreadGroup group(2);
    const auto compared_by = [&](const Device& device, Group& rank) {
        return check_golden(device, run, plan, Shares(rank, 2, (run.shape.n + 1) / 2));
    };
    std::vector<Comparison> of_other;
    {
        const test::ThreadGroup::Followers followers(
            group, [&](Group& rank) { of_other = compared_by(of_1, rank); });
        require_passed(compared_by(of_0, group.rank(0)));
    }
    require_passed(of_other);
    CHECK(of_1.instance().validation_messages() == 0);
}

/// A device of a driver that the tests' does not come from; null where there is none.
std::unique_ptr<Device> device_of_other_driver(const Device& tests) {
    const char* const own = std::getenv("VK_ICD_FILENAMES");
    const std::string kept = own != nullptr ? own : "";
    const char* const named = std::getenv("SWIFTSHADER_ICD");
    const std::string drivers[] = {named != nullptr ? named : "/usr/lib/chromium/vk_swiftshader_icd.json",
                                   "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json",
                                   "/usr/share/vulkan/icd.d/lvp_icd.json"};
    std::unique_ptr<Device> other;
    for (const std::string& driver : drivers) {
        if (other || !std::filesystem::exists(driver)) continue;
        setenv("VK_ICD_FILENAMES", driver.c_str(), 1);
        other = Device::open();
        if (other->info().driver == tests.info().driver) other.reset();
    }
    if (own != nullptr) {
        setenv("VK_ICD_FILENAMES", kept.c_str(), 1);
    } else {
        unsetenv("VK_ICD_FILENAMES");
    }
    return other;
}

}  // namespace

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

TEST_CASE_METHOD(DeviceFixture, "golden: runs are reproduced on two ranks") {
    const std::unique_ptr<Device> other = Device::open();
    std::vector<GoldenRun> runs = built_in_golden();
    std::ranges::move(built_in_golden_networks(), std::back_inserter(runs));
    Thinned cases;
    std::uint32_t number = 0;  // a third of them: what they share with one rank is tested above
    for (const GoldenRun& run : runs) {
        if (!cases.takes() || number++ % 3 != 0) continue;
        check_shared_golden(device, *other, run, PlanKind::stack);
        if (match_fused(run.network).network) check_shared_golden(device, *other, run, PlanKind::fused);
    }
}

TEST_CASE_METHOD(DeviceFixture, "golden: runs are reproduced on two ranks with two drivers") {
    const std::unique_ptr<Device> other = device_of_other_driver(device);
    if (!other) {
        WARN("not tested: there is only one driver here");
        return;
    }
    INFO(device.info().name << " and " << other->info().name);
    Thinned cases;
    for (const GoldenRun& run : built_in_golden()) {
        if (match_fused(run.network).network && cases.takes())
            check_shared_golden(device, *other, run, PlanKind::fused);
    }
    // Each takes SwiftShader half a minute to compile.
    check_shared_golden(device, *other, built_in_golden().front(), PlanKind::stack);
}
