// What a run leaves at its end: the model's words about its statistics, and room for those who look at it.
#include <functional>
#include <map>
#include <utility>

#include "driver_doubles.h"
#include "model/model_file.h"
#include "train/run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

std::map<VkDeviceMemory, std::uint64_t> allocations;
PFN_vkAllocateMemory real_allocate = nullptr;
PFN_vkFreeMemory real_free = nullptr;

VkResult counted_allocate(VkDevice device, const VkMemoryAllocateInfo* info,
                          const VkAllocationCallbacks* callbacks, VkDeviceMemory* memory) {
    const VkResult result = real_allocate(device, info, callbacks, memory);
    if (result == VK_SUCCESS) allocations[*memory] = info->allocationSize;
    return result;
}

void counted_free(VkDevice device, VkDeviceMemory memory, const VkAllocationCallbacks* callbacks) {
    allocations.erase(memory);
    real_free(device, memory, callbacks);
}

std::uint64_t bytes_in_use() {
    std::uint64_t sum = 0;
    for (const auto& [memory, bytes] : allocations) sum += bytes;
    return sum;
}

/// Looks at the results by a function.
class Looker : public Watcher {
  public:
    explicit Looker(std::function<void(const RunResults&)> look) : look_(std::move(look)) {}
    void on_step(std::uint32_t, std::uint32_t, std::uint32_t) override { in_training = bytes_in_use(); }
    void on_results(const RunResults& results) override { look_(results); }
    std::uint64_t in_training = 0;

  private:
    std::function<void(const RunResults&)> look_;
};

}  // namespace

TEST_CASE("the device's memory is free when the results are looked at") {
    const RunScene scene;
    const ValidatedDevice device;
    real_allocate = vkAllocateMemory;
    real_free = vkFreeMemory;
    const Replaced allocate(vkAllocateMemory, PFN_vkAllocateMemory{counted_allocate});
    const Replaced free(vkFreeMemory, PFN_vkFreeMemory{counted_free});
    std::uint64_t with_results = 1;
    Looker looker([&](const RunResults&) { with_results = bytes_in_use(); });
    REQUIRE(run_training(*device, scene.options("run"), looker, looker.stop) == RunEnd::finished);
    CHECK(looker.in_training > 0);
    CHECK(with_results == 0);
    CHECK(bytes_in_use() == 0);
}

TEST_CASE("a run that is stopped while its results are looked at can go on to them again") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    Looker stopping([&](const RunResults&) { stopping.stop = true; });
    CHECK(scene.run(options, stopping) == RunEnd::stopped);
    options.resume = true;
    bool looked = false;
    Looker looker([&](const RunResults& results) {
        looked = true;
        CHECK(results.steps == 9);
        CHECK_FALSE(results.stop);
    });
    CHECK(scene.run(options, looker) == RunEnd::finished);
    CHECK(looked);
}

TEST_CASE("a model says how its statistics came about") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 2;
    const auto trained = [&] {
        scene.run(options);
        return read_model(options.output / "model.safetensors");
    };
    SECTION("as by default") {
        const Model model = trained();
        CHECK(model.norm_updates == 6u);
        CHECK_FALSE(model.debiased);
        CHECK_FALSE(model.frozen);
    }
    SECTION("debiased and frozen") {
        options.debias = true;
        options.freeze_norm = 2;
        const Model model = trained();
        CHECK(model.norm_updates == 3u);
        CHECK(model.debiased);
        CHECK(model.frozen);
    }
}
