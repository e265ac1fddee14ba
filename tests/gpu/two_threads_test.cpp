// A device used by two threads at once, as the window and the training do, and the lock between them.
#include <atomic>
#include <thread>

#include "device_fixture.h"
#include "driver_doubles.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

constexpr std::uint32_t values_added = 1000;
constexpr std::uint32_t calls = 300;

/// Adds `step` so many times to zeros, with submissions, waits, uploads and downloads in between.
std::vector<float> count_up(const Device& device, float step) {
    const Adder add(device);
    const Buffer sum(device, values_added * sizeof(float), "sum"),
        one(device, values_added * sizeof(float), "step");
    one.upload(std::span<const float>(std::vector<float>(values_added, step)));
    Recorder recorder(device, 2);
    recorder.fill(sum.whole(), 0);
    for (std::uint32_t call = 1; call <= calls; ++call) {
        add(recorder, sum.whole(), one.whole(), sum.whole());
        if (call % 5 == 0) recorder.submit();
        if (call % 50 == 0) recorder.finish();
        if (call % 100 == 0) sum.upload(std::span<const float>(sum.download<float>(values_added)));
    }
    recorder.finish();
    return sum.download<float>(values_added);
}

void count_in_two_threads(const Device& device) {
    std::vector<float> ones, twos;
    std::thread other([&] { twos = count_up(device, 2); });
    ones = count_up(device, 1);
    other.join();
    CHECK(ones == std::vector<float>(values_added, calls));
    CHECK(twos == std::vector<float>(values_added, 2 * calls));
}

std::atomic<int> inside = 0, most_inside = 0;
PFN_vkQueueSubmit real_submit = nullptr;

/// Vulkan's own, noticing when two threads are in it.
VkResult watched_submit(VkQueue queue, std::uint32_t submits, const VkSubmitInfo* infos, VkFence fence) {
    const int now = ++inside;
    if (now > most_inside) most_inside = now;
    std::this_thread::yield();
    const VkResult result = real_submit(queue, submits, infos, fence);
    --inside;
    return result;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "two threads: each with its own Recorder gets its own results") {
    count_in_two_threads(device);
}

TEST_CASE("two threads: so they do where buffers are copied to the device") {
    const auto own_memory = device_with_own_memory();
    count_in_two_threads(*own_memory);
    CHECK(own_memory->instance().validation_messages() == 0);
}

TEST_CASE_METHOD(DeviceFixture, "two threads: one at a time submits to the queue") {
    real_submit = vkQueueSubmit;
    most_inside = 0;
    const Replaced watched(vkQueueSubmit, PFN_vkQueueSubmit{watched_submit});
    count_in_two_threads(device);
    CHECK(most_inside == 1);
}

TEST_CASE("two threads: the lock is given in the order in which it was asked for") {
    FairLock lock;
    std::vector<int> order;
    std::vector<std::thread> threads;
    lock.lock();
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&, i] {
            const std::lock_guard turn(lock);
            order.push_back(i);
        });
        while (lock.queue_length() != static_cast<std::uint64_t>(i) + 2) std::this_thread::yield();
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
    CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("two threads: one that takes the lock again and again lets the other one in each time") {
    FairLock lock;
    std::atomic<bool> stop = false;
    std::atomic<int> taken = 0;
    std::thread greedy([&] {
        while (!stop) {
            const std::lock_guard turn(lock);
            ++taken;
        }
    });
    while (taken == 0) std::this_thread::yield();
    for (int i = 0; i < 100; ++i) {
        lock.lock();
        // Asks while this thread has the lock, and so gets it next: exactly once before this thread does
        // again.
        while (lock.queue_length() != 2) std::this_thread::yield();
        const int before = taken;
        lock.unlock();
        lock.lock();
        const int turns = taken - before;
        lock.unlock();
        CHECK(turns >= 1);
    }
    stop = true;
    greedy.join();
}
