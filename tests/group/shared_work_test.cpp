// Work that the ranks of a group do together; the ranks are threads.
#include "group/shared_work.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "catch.h"
#include "message_of.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// What a rank got of its work, and its exit code.
struct PartOutcome {
    std::vector<Texts> texts = {{"poison"}};
    std::string error = "poison";
    int exit_code = -1;
    bool was_begun = false;
};

/// `part` of every rank, of work that rank 0 begins. An error of it leaves with 2.
std::vector<PartOutcome> do_parts(ThreadGroup& group,
                                  const std::function<void(SharedWork&, PartOutcome&)>& part) {
    std::vector<PartOutcome> outcomes(group.size());
    const auto one = [&](Group& rank) {
        PartOutcome& outcome = outcomes[rank.rank()];
        SharedWork work(rank);
        outcome.error = message_of<InputError>([&] {
            if (rank.leads()) work.begin({"to", "do"});
            if (!rank.leads()) outcome.was_begun = work.begun() == Texts{"to", "do"};
            part(work, outcome);
        });
        outcome.exit_code = work.leave(outcome.error.empty() ? 0 : 2);
    };
    const ThreadGroup::Followers others(group, one);
    one(group.rank(0));
    return outcomes;
}

Texts text_of(const SharedWork& work) {
    return {std::to_string(work.group().rank()), ""};
}

}  // namespace

TEST_CASE("all ranks get what every rank has made") {
    ThreadGroup group(3);
    const auto outcomes = do_parts(group, [](SharedWork& work, PartOutcome& outcome) {
        CHECK(work.all_ready([] {}));
        outcome.texts = work.gather([&] { return text_of(work); });
    });
    for (const PartOutcome& one : outcomes) {
        CHECK((one.texts == std::vector<Texts>{{"0", ""}, {"1", ""}, {"2", ""}}));
        CHECK(one.exit_code == 0);
    }
    CHECK((outcomes[1].was_begun && outcomes[2].was_begun));
}

TEST_CASE("what a rank throws is thrown there, and the others get nothing") {
    for (const std::uint32_t failing : {0u, 2u}) {
        ThreadGroup group(4);
        const auto outcomes = do_parts(group, [&](SharedWork& work, PartOutcome& outcome) {
            outcome.texts = work.gather([&]() -> Texts {
                if (work.group().rank() >= failing) throw InputError("no room");
                return text_of(work);
            });
        });
        for (std::uint32_t rank = 0; rank < 4; ++rank) {
            CHECK(outcomes[rank].error == (rank == failing ? "no room" : ""));
            if (rank != failing) CHECK(outcomes[rank].texts.empty());
            CHECK(outcomes[rank].exit_code == (rank == 0 ? 2 : 0));
        }
    }
}

TEST_CASE("a rank that leaves early keeps no other waiting") {
    for (const std::uint32_t leaving : {0u, 1u}) {
        ThreadGroup group(3);
        const auto outcomes = do_parts(group, [&](SharedWork& work, PartOutcome& outcome) {
            if (work.group().rank() == leaving) throw InputError("early");
            outcome.texts = work.gather([&] { return text_of(work); });
            CHECK_FALSE(work.all_ready([] {}));
        });
        for (std::uint32_t rank = 0; rank < 3; ++rank) {
            CHECK(outcomes[rank].error == (rank == leaving ? "early" : ""));
            if (rank != leaving) CHECK(outcomes[rank].texts.empty());
        }
        CHECK(outcomes[0].exit_code == 2);
    }
}

TEST_CASE("rank 0 works by itself where it does not begin, and so does a process alone") {
    ThreadGroup group(2);
    bool was_begun = true;
    int code = -1;
    {
        const ThreadGroup::Followers others(group, [&](Group& rank) {
            SharedWork work(rank);
            was_begun = work.begun().has_value();
            code = work.leave(0);
        });
        SharedWork work(group.rank(0));
        CHECK((work.gather([] { return Texts{"mine"}; }) == std::vector<Texts>{{"mine"}}));
        CHECK(work.leave(1) == 1);
    }
    CHECK_FALSE(was_begun);
    CHECK(code == 0);

    SharedWork work(alone());
    work.begin({"to do"});
    CHECK_FALSE(work.is_shared());
    CHECK((work.gather([] { return Texts{"mine"}; }) == std::vector<Texts>{{"mine"}}));
    CHECK_THROWS_AS(work.all_ready([] { throw InputError("no room"); }), InputError);
    CHECK(work.leave(130) == 130);
}

TEST_CASE("a rank that fails in step with the others is given up, and waits for nobody") {
    ThreadGroup group(2);
    const ThreadGroup::Followers others(group, [&](Group& rank) {
        SharedWork work(rank);
        CHECK(work.begun().has_value());
        CHECK_THROWS_AS(work.in_step([] { throw WorkError("lost"); }), WorkError);
        CHECK(rank.is_abandoned());
        CHECK(work.leave(1) == 1);
    });
    SharedWork work(group.rank(0));
    work.begin();
    work.in_step([] {});
    CHECK_FALSE(group.rank(0).is_abandoned());
}
