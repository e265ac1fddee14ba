#include "bench/rank_bench.h"

#include "device_fixture.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("ranks: a step of more ranks takes as long as its exchanges are predicted to") {
    const RankTimes times{.ranks = 2, .step = {.median = 64}, .exchange_ms = 4, .calls = 5, .bytes = 1000};
    CHECK(times.work_ms() == 60);
    const LinkSpeed link{.latency_us = 100, .bytes_per_us = 1000};
    // One rank exchanges nothing; two once over the link; 64 in six rounds, and 63 times the bytes.
    CHECK(predicted_ms(times, 60, link, 1) == 60);
    CHECK(predicted_ms(times, 60, link, 2) == Approx(60 + (5 * 100 + 1) * 1e-3));
    CHECK(predicted_ms(times, 60, link, 64) == Approx(60 + (5 * 6 * 100 + 63) * 1e-3));
    CHECK(predicted_ms(times, 60, link, 65) == Approx(60 + (5 * 7 * 100 + 64) * 1e-3));
    // Sums of 4 MB come in whole from one other rank, and from more in slices, by one more exchange. Small
    // ones never do.
    RankTimes sums = times;
    sums.sum_columns = {1'000'000, 16};
    sums.bytes += 4e6 + 64;
    CHECK(predicted_ms(sums, 60, link, 2) == Approx(60 + (5 * 100 + 4001.064) * 1e-3));
    CHECK(predicted_ms(sums, 60, link, 64) ==
          Approx(60 + (6 * 6 * 100 + 63 * 1.064 + 2 * 4000 * 63 / 64.0) * 1e-3));
}

TEST_CASE_METHOD(DeviceFixture, "ranks: the exchanges of a step are counted, and its time is measured") {
    for (const PlanKind plan : {PlanKind::fused, PlanKind::stack}) {
        const BenchedStep step{.plan = plan};
        const Shape shape{2, 3, 16, 16};
        const PlanTiles tiles = default_plan_tiles(device, step.network, plan, shape);
        ThreadGroup group(2);
        const auto timed = [&](Group& rank) { return time_ranks(device, rank, step, shape, 3, tiles); };
        RankTimes other;
        std::jthread follower([&] {
            // A device is one thread's.
            const auto own = Device::open("");
            other = time_ranks(*own, group.rank(1), step, shape, 3, tiles);
        });
        const RankTimes times = timed(group.rank(0));
        follower.join();
        CHECK(times.ranks == 2);
        CHECK(times.step.runs == 3);
        CHECK(times.calls >= 2);
        // Moments of patches are exchanged for several steps at once.
        if (plan == PlanKind::fused) CHECK(times.calls < 3);
        CHECK(times.calls == other.calls);
        CHECK(times.bytes > 100);
        CHECK(times.bytes == other.bytes);
        CHECK(times.exchange_ms > 0);
        double calls = 0, bytes = 0;
        for (const NamedExchange& one : times.exchanges) {
            calls += one.calls;
            bytes += one.calls * one.bytes;
            CHECK(one.least_us > 0);
            CHECK(one.mean_us >= one.least_us);
        }
        CHECK(calls == Approx(times.calls));
        CHECK(bytes == Approx(times.bytes));
        CHECK(times.step.median > 0);
        CHECK(times.link.latency_us > 0);
        CHECK(times.link.bytes_per_us > 0);
    }
    const RankTimes alone_times =
        time_ranks(device, alone(), {}, {1, 3, 8, 8}, 2,
                   default_plan_tiles(device, BenchedStep{}.network, PlanKind::fused, {1, 3, 8, 8}));
    CHECK(alone_times.calls == 0);
}
