// Which tiles are fastest, measured while the user watches.
#pragma once

#include <atomic>

#include "engine/plan_tiles.h"

namespace shadenet {

/// Says in the log of each network and plan whose tiles are measured, and for how long at most. On a terminal
/// a bar shows how far it is.
class ShownTuner {
  public:
    /// `measure`: else the tiles are the defaults. `stop` may be null, and must outlive this.
    ShownTuner(bool measure, bool quiet, const std::atomic<bool>* stop)
        : measure_(measure), quiet_(quiet), stop_(stop) {}

    /// As tiles_for(), whose errors it throws. Throws Stopped soon after `stop` has become true.
    ChosenTiles choose(const Device& device, const Network& network, PlanKind plan, const Shape& batch) const;

  private:
    bool measure_, quiet_;
    const std::atomic<bool>* stop_;
};

}  // namespace shadenet
