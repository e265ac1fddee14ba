#include "task/rank_order.h"

#include <cstddef>
#include <cstring>
#include <vector>

namespace shadenet {

void send(Group& group, const RankOrder& order) {
    std::vector<std::byte> bytes(sizeof order);
    std::memcpy(bytes.data(), &order, sizeof order);
    group.broadcast(bytes);
}

LedWork::LedWork(Group& group, RankOrder order) : group_(group) {
    if (!group.is_alone()) send(group, order);
}

LedWork::~LedWork() {
    if (!done_ && !group_.is_alone()) group_.abandon();
}

RankOrder receive_order(Group& group) {
    std::vector<std::byte> bytes(sizeof(RankOrder));
    group.broadcast(bytes);
    RankOrder order;
    std::memcpy(&order, bytes.data(), sizeof order);
    return order;
}

}  // namespace shadenet
