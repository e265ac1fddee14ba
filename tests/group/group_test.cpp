// What the ranks of a group learn of one another.
#include "group/group.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"
#include "group/texts.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("ranks are counted on each machine by itself") {
    ThreadGroup group(5, {"one", "two", "one", "three", "one"});
    const auto places = on_all<LocalPlace>(group, [](Group& rank) {
        rank.meet();
        return rank.local();
    });
    CHECK((places == std::vector<LocalPlace>{{0, 3}, {0, 1}, {1, 3}, {0, 1}, {2, 3}}));
    alone().meet();
    CHECK((alone().local() == LocalPlace{0, 1}));
}

TEST_CASE("every rank gets the pieces that are for it, in the order of the ranks") {
    ThreadGroup group(3);
    const auto text = [](const std::vector<std::byte>& bytes) {
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    const std::vector<std::string> given = {"aabbcc", "ddeeff", "gghhii"};
    const auto got = on_all<std::string>(group, [&](Group& rank) {
        return text(rank.exchange_pieces(std::as_bytes(std::span(given[rank.rank()]))));
    });
    CHECK((got == std::vector<std::string>{"aaddgg", "bbeehh", "ccffii"}));
    CHECK(group.rank(1).exchanges().bytes == 6);
    CHECK(text(alone().exchange_pieces(std::as_bytes(std::span(given[0])))) == given[0]);
}

TEST_CASE("texts of every rank arrive whole, in the order of the ranks") {
    ThreadGroup group(3);
    const std::string odd("a\0b\n", 4);
    const std::vector<Texts> given = {{"", "first"}, {}, {odd, std::string(1000, 'x'), "", "last"}};
    const auto gathered = on_all<std::vector<Texts>>(
        group, [&](Group& rank) { return gather_texts(rank, given[rank.rank()]); });
    for (const std::vector<Texts>& one : gathered) CHECK((one == given));
    const auto broadcast =
        on_all<Texts>(group, [&](Group& rank) { return broadcast_texts(rank, given[2 - rank.rank()]); });
    for (const Texts& one : broadcast) CHECK((one == given[2]));
}

TEST_CASE("what the leader does first, the others do only then") {
    ThreadGroup group(3);
    std::atomic<bool> is_done = false;
    const auto seen = on_all<int>(group, [&](Group& rank) {
        int found = -1;
        rank.leader_first([&] {
            if (rank.leads()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
            found = is_done.exchange(true) ? 1 : 0;
        });
        return found;
    });
    CHECK((seen == std::vector<int>{0, 1, 1}));
    alone().leader_first([&] { is_done = false; });
    CHECK_FALSE(is_done);
}
