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
        // Now exactly those keys are held that were held when this key was pressed.
        if (event.action == GLFW_PRESS) return;
    }
}

}  // namespace shadenet
