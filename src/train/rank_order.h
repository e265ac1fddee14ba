// What rank 0 tells the others to do next.
#pragma once

#include <cstdint>

#include "group/group.h"

namespace shadenet {

struct RankOrder {
    enum class Kind : std::uint32_t {
        take_values,  ///< of rank 0, as they are after `step` steps
        make_step,
        end,
    };
    Kind kind = Kind::end;
    std::uint32_t epoch = 0;  ///< epochs finished
    std::uint64_t step = 0;   ///< steps done
    float learning_rate = 0;
    std::uint32_t unused = 0;  ///< where there would be bytes of no value
};

void send(Group& group, const RankOrder& order);
RankOrder receive_order(Group& group);

}  // namespace shadenet
