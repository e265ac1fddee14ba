#include "base/threads.h"

#include <atomic>
#include <string>

#include "catch.h"
#include "no_threads.h"

using namespace shadenet;

TEST_CASE("a group starts as many threads as it is asked for, and waits for all") {
    std::atomic<int> done = 0;
    ThreadGroup group;
    CHECK(group.start(3, [&] { ++done; }) == 3);
    CHECK(group.start(2, [&] { ++done; }) == 2);
    group.join();
    CHECK(done == 5);
    CHECK(group.start(0, [&] { ++done; }) == 0);
}

#ifdef __GLIBC__
TEST_CASE("where the system allows no threads, a group has none and a single one is an error with a remedy") {
    const test::NoThreads none;
    ThreadGroup group;
    CHECK(group.start(3, [] {}) == 0);
    try {
        start_thread([] {}).join();
        FAIL("a thread was started");
    } catch (const WorkError& error) {
        CHECK(std::string(error.what()).find("ulimit -u") != std::string::npos);
    }
}
#endif
