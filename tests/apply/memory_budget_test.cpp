#include "apply/memory_budget.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "apply/bounded_queue.h"
#include "base/memory.h"
#include "catch.h"

using namespace shadenet;

TEST_CASE("pictures under way never take more than the budget") {
    MemoryBudget budget(100);
    std::atomic<std::uint64_t> taken = 0, most = 0;
    const auto work = [&](std::uint64_t bytes) {
        for (int i = 0; i < 300; ++i) {
            const MemoryShare share(budget, bytes);
            const std::uint64_t now = taken += bytes;
            for (std::uint64_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::yield();
            taken -= bytes;
        }
    };
    std::vector<std::thread> threads;
    for (const std::uint64_t bytes : {30u, 45u, 60u, 100u}) threads.emplace_back(work, bytes);
    for (std::thread& thread : threads) thread.join();
    CHECK(most <= 100);
    CHECK(most >= 60);
}

TEST_CASE("what exceeds the whole budget goes alone, and is not passed by what comes after it") {
    MemoryBudget budget(100);
    std::atomic<bool> large = false, small = false, passed = false;
    auto first = std::make_unique<MemoryShare>(budget, 10);
    std::thread waiting_large([&] {
        const MemoryShare share(budget, 1000);
        large = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        passed = small.load();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::thread waiting_small([&] {
        const MemoryShare share(budget, 10);
        small = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK_FALSE(large);
    CHECK_FALSE(small);
    first.reset();
    waiting_large.join();
    waiting_small.join();
    CHECK(large);
    CHECK(small);
    CHECK_FALSE(passed);
}

TEST_CASE("a share that was moved is given back once") {
    MemoryBudget budget(20);
    const MemoryShare held(budget, 15);
    {
        MemoryShare share(budget, 5);
        const MemoryShare moved(std::move(share));
    }
    // Given back twice, 10 would be free.
    std::atomic<bool> granted = false;
    std::optional<MemoryShare> once_more(std::in_place, budget, 5);
    std::thread waiting([&] {
        const MemoryShare another(budget, 5);
        granted = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK_FALSE(granted);
    once_more.reset();
    waiting.join();
    CHECK(granted);
}

TEST_CASE("without a word, pictures take no more than a quarter of the memory") {
    CHECK(default_memory_budget() > 0);
    CHECK(default_memory_budget() <= usable_memory() / 4);
}

TEST_CASE("a queue hands on in order, holds no more than its room, and ends when it is closed") {
    BoundedQueue<int> queue(2);
    CHECK_FALSE(queue.try_pop());
    std::atomic<int> pushed = 0;
    std::thread producer([&] {
        for (int i = 0; i < 100; ++i) {
            queue.push(i);
            ++pushed;
        }
        queue.close();
    });
    std::vector<int> all;
    bool kept_to_room = true;
    while (const std::optional<int> item = queue.pop()) {
        all.push_back(*item);
        kept_to_room = kept_to_room && pushed <= static_cast<int>(all.size()) + 2;
    }
    producer.join();
    CHECK(kept_to_room);
    REQUIRE(all.size() == 100);
    CHECK(std::is_sorted(all.begin(), all.end()));
    CHECK_FALSE(queue.pop());
}
