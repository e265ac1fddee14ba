// What rank 0 tells the others to do next.
#pragma once

#include <cstdint>

#include "group/group.h"

namespace shadenet {

struct RankOrder {
    enum class Kind : std::uint32_t {
        take_values,  ///< of rank 0, as they are after `step` steps
        make_step,
        validate,           ///< on its part of the validation examples
        find_floor,         ///< its part of it
        publish_untrained,  ///< its part of what Task makes of the untrained network
        publish_trained,    ///< and of the trained one
        end_steps,          ///< there will be no more
        solve,              ///< the last layer, on its part of the pairs
        end,
    };
    Kind kind = Kind::end;
    std::uint32_t epoch = 0;  ///< epochs finished
    std::uint64_t step = 0;   ///< steps done
    float learning_rate = 0;
    std::uint32_t frozen = 0;  ///< 1: the norms keep their statistics when the last layer is solved
};

/// Of rank 0, around work that the other ranks do, too. Where it ends without done(), the others may wait
/// within it, and are abandoned.
class LedWork {
  public:
    /// Sends the order, where there is another rank. The group must outlive it.
    LedWork(Group& group, RankOrder order);
    LedWork(Group& group, RankOrder::Kind kind) : LedWork(group, RankOrder{.kind = kind}) {}
    LedWork(const LedWork&) = delete;
    ~LedWork();
    void done() { done_ = true; }

  private:
    Group& group_;
    bool done_ = false;
};

void send(Group& group, const RankOrder& order);
RankOrder receive_order(Group& group);

}  // namespace shadenet
