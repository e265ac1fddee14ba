// Rounds of work, on ranks that are threads of the test.
#include "group/rounds.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "catch.h"
#include "group/share_sums.h"
#include "group/shares.h"
#include "group/values.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// What a rank has done, and how it ended: "done", "stopped", or the message of what it threw.
struct DoneRounds {
    std::vector<std::uint32_t> worked, collected;
    std::string end;
};

/// Four rounds on three ranks; on `failing` the third throws `error`.
template <class Error = InputError>
std::vector<DoneRounds> done_rounds(std::optional<std::uint32_t> failing, std::uint32_t stop_before = 9) {
    ThreadGroup group(3);
    return on_all<DoneRounds>(group, [&](Group& rank) {
        DoneRounds done;
        const Rounds rounds{.count = 4,
                            .go_on = [&](std::uint32_t round) { return round < stop_before; },
                            .work =
                                [&](std::uint32_t round) {
                                    done.worked.push_back(round);
                                    if (failing == rank.rank() && round == 2) throw Error("it broke");
                                },
                            .collect = [&](std::uint32_t round) { done.collected.push_back(round); }};
        try {
            done.end = do_rounds(rank, rounds) ? "done" : "stopped";
        } catch (const InputError& error) {
            done.end = std::string("input: ") + error.what();
        } catch (const OutOfDeviceMemory& error) {
            done.end = std::string("memory: ") + error.what();
        } catch (const BadResult& error) {
            done.end = std::string("result: ") + error.what();
        } catch (const std::exception& error) {
            done.end = std::string("work: ") + error.what();
        }
        return done;
    });
}

}  // namespace

TEST_CASE("rounds are done by all ranks, one after the other") {
    for (const DoneRounds& rank : done_rounds({})) {
        CHECK(rank.worked == std::vector<std::uint32_t>{0, 1, 2, 3});
        CHECK(rank.collected == rank.worked);
        CHECK(rank.end == "done");
    }
    CHECK(do_rounds(alone(), {.count = 0, .work = [](std::uint32_t) { FAIL(); }}));
}

TEST_CASE("rounds end everywhere when rank 0 goes on no more") {
    for (const DoneRounds& rank : done_rounds({}, 2)) {
        CHECK(rank.collected == std::vector<std::uint32_t>{0, 1});
        CHECK(rank.end == "stopped");
    }
}

TEST_CASE("rounds end everywhere when work fails, and rank 0 tells whose") {
    const auto ends = [](const std::vector<DoneRounds>& ranks) {
        std::vector<std::string> all;
        for (const DoneRounds& rank : ranks) {
            CHECK(rank.collected == std::vector<std::uint32_t>{0, 1});
            all.push_back(rank.end);
        }
        return all;
    };
    using Ends = std::vector<std::string>;
    CHECK((ends(done_rounds(0)) == Ends{"input: it broke", "stopped", "stopped"}));
    CHECK((ends(done_rounds(2)) == Ends{"input: rank 2 on a thread: it broke", "stopped", "stopped"}));
    CHECK((ends(done_rounds<OutOfDeviceMemory>(1)) ==
           Ends{"memory: rank 1 on a thread: it broke", "stopped", "stopped"}));
    CHECK((ends(done_rounds<BadResult>(2)) ==
           Ends{"result: rank 2 on a thread: it broke", "stopped", "stopped"}));
    CHECK((ends(done_rounds<std::logic_error>(1)) ==
           Ends{"work: rank 1 on a thread: it broke", "stopped", "stopped"}));
}

TEST_CASE("values of the ranks' examples are joined in the order of all examples") {
    for (const std::uint32_t count : {1u, 5u, 12u}) {
        ThreadGroup group(2);
        const auto joined = on_all<std::vector<double>>(group, [&](Group& rank) {
            const Shares shares(rank, 4);
            std::vector<double> own;
            for (const std::uint32_t example : shares.own_before(count)) own.push_back(1.5 * example);
            return joined_examples<double>(shares, own, count);
        });
        for (const std::vector<double>& all : joined) {
            REQUIRE(all.size() == count);
            for (std::uint32_t example = 0; example < count; ++example) CHECK(all[example] == 1.5 * example);
        }
    }
}

TEST_CASE("rank 0's values take the place of all others'") {
    ThreadGroup group(3);
    const auto given = on_all<std::vector<float>>(group, [](Group& rank) {
        const auto own = static_cast<float>(rank.rank());
        std::vector<float> first = {own, own + 0.5f}, none, last = {own + 7};
        broadcast_values(rank, {first, none, last});
        first.push_back(last.front());
        return first;
    });
    for (const std::vector<float>& values : given) CHECK(values == std::vector<float>{0, 0.5f, 7});
}

TEST_CASE("the sums of shares: the same bits on every number of ranks, and those of adding in their order") {
    const auto value_of = [](std::uint32_t share, std::size_t at) {
        return std::ldexp(1.0 + 0.1 * static_cast<double>(at), static_cast<int>(17 * share % 50));
    };
    for (const std::size_t values : {0u, 1u, 3u, 10u}) {
        std::vector<double> expected(values);
        for (std::uint32_t share = 0; share < 6; ++share)
            for (std::size_t at = 0; at < values; ++at) expected[at] += value_of(share, at);
        for (const std::uint32_t ranks : {1u, 2u, 3u, 6u}) {
            ThreadGroup group(ranks);
            const auto sums = on_all<std::vector<double>>(group, [&](Group& rank) {
                const Shares shares(rank, 6);
                ShareSum sum(shares);
                for (std::uint32_t share = 0; share < shares.own(); ++share) {
                    std::vector<double> own(values);
                    for (std::size_t at = 0; at < values; ++at)
                        own[at] = value_of(shares.first() + share, at);
                    sum.add(own);
                }
                return sum.of_all();
            });
            for (const std::vector<double>& all : sums) CHECK(all == expected);
        }
    }
}
