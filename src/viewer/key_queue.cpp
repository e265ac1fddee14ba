#include "viewer/key_queue.h"

#include <set>

#include <GLFW/glfw3.h>

namespace shadenet {

void KeyQueue::begin_frame() {
    std::set<int> changed;
    while (!waiting_.empty() && changed.insert(waiting_.front().key).second) {
        const KeyEvent event = waiting_.front();
        waiting_.pop_front();
        give_(event);
        // What is held with it now, and no more or less, is what it was pressed with.
        if (event.action == GLFW_PRESS) return;
    }
}

}  // namespace shadenet
