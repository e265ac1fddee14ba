#include "viewer/key_queue.h"

#include <set>

namespace shadenet {

void KeyQueue::begin_frame() {
    std::set<int> changed;
    while (!waiting_.empty() && changed.insert(waiting_.front().key).second) {
        give_(waiting_.front());
        waiting_.pop_front();
    }
}

}  // namespace shadenet
