#include "viewer/key_queue.h"

#include <vector>

#include "catch.h"

using namespace shadenet;

TEST_CASE("every change of a key is seen by a frame of its own, and all in their order") {
    std::vector<std::pair<int, int>> given;  // key and action
    KeyQueue queue([&](const KeyEvent& event) { given.emplace_back(event.key, event.action); });
    const auto add = [&](int key, int action) { queue.add({.key = key, .action = action}); };
    using Given = std::vector<std::pair<int, int>>;
    constexpr int ctrl = 1, s = 2, other = 3;
    add(ctrl, 1);
    add(s, 1);
    add(s, 0);
    add(ctrl, 0);
    add(s, 1);
    add(other, 1);
    CHECK(given.empty());
    queue.begin_frame();
    CHECK(given == Given{{ctrl, 1}, {s, 1}});
    queue.begin_frame();
    CHECK(given == Given{{ctrl, 1}, {s, 1}, {s, 0}, {ctrl, 0}});
    CHECK_FALSE(queue.empty());
    queue.begin_frame();
    CHECK(given.size() == 6);
    CHECK(given.back() == std::pair(other, 1));
    CHECK(queue.empty());
}
