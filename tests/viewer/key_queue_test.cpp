#include "viewer/key_queue.h"

#include <vector>

#include "catch.h"

using namespace shadenet;

namespace {

using Given = std::vector<std::pair<int, int>>;  // key and action

constexpr int shift = 1, left = 2, other = 3;

struct KeyScene {
    Given given;
    KeyQueue queue{[this](const KeyEvent& event) { given.emplace_back(event.key, event.action); }};

    void add(int key, int action) { queue.add({.key = key, .action = action}); }
    /// What the next frame is given.
    Given frame() {
        given.clear();
        queue.begin_frame();
        return given;
    }
};

}  // namespace

TEST_CASE("a key that goes down is seen with what is held then, whatever is let go first") {
    KeyScene scene;
    scene.add(shift, 1);
    scene.add(left, 1);
    scene.add(shift, 0);
    scene.add(left, 0);
    scene.add(other, 1);
    CHECK(scene.given.empty());
    CHECK(scene.frame() == Given{{shift, 1}});
    CHECK(scene.frame() == Given{{left, 1}});
    CHECK(scene.frame() == Given{{shift, 0}, {left, 0}, {other, 1}});
    CHECK(scene.queue.empty());
    CHECK(scene.frame().empty());
}

TEST_CASE("quick taps of one key are as many as they were") {
    KeyScene scene;
    for (int i = 0; i < 2; ++i) {
        scene.add(left, 1);
        scene.add(left, 0);
    }
    CHECK(scene.frame() == Given{{left, 1}});
    CHECK(scene.frame() == Given{{left, 0}});
    CHECK(scene.frame() == Given{{left, 1}});
    CHECK_FALSE(scene.queue.empty());
    CHECK(scene.frame() == Given{{left, 0}});
}
