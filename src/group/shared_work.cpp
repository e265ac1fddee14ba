#include "group/shared_work.h"

#include <cstddef>
#include <vector>

namespace shadenet {

SharedWork::~SharedWork() {
    if (!begun_) {
        tell(false);
    } else if (!done_) {
        group_.abandon();
    }
}

void SharedWork::begin() {
    tell(true);
    begun_ = true;
}

void SharedWork::tell(bool begins) {
    std::vector<std::byte> word{std::byte{begins}};
    group_.broadcast(word);
}

bool SharedWork::begins(Group& group) {
    std::vector<std::byte> word;
    group.broadcast(word);
    return word.front() != std::byte{0};
}

}  // namespace shadenet
