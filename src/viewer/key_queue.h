// Keys that go down and up between two frames. Dear ImGui before 1.87 would see only the last state, and lose
// a quick tap when frames are slow; later versions have a queue of their own.
#pragma once

#include <deque>
#include <functional>
#include <utility>

namespace shadenet {

/// A key event with the numbers of GLFW.
struct KeyEvent {
    int key = 0, scancode = 0, action = 0, mods = 0;
};

class KeyQueue {
  public:
    using Give = std::function<void(const KeyEvent&)>;
    explicit KeyQueue(Give give) : give_(std::move(give)) {}

    void add(const KeyEvent& event) { waiting_.push_back(event); }
    /// To be called before a frame. Passes on the events that one frame can see, in order: one change of each
    /// key, and nothing after a key that goes down.
    void begin_frame();
    bool empty() const { return waiting_.empty(); }

  private:
    Give give_;
    std::deque<KeyEvent> waiting_;
};

}  // namespace shadenet
