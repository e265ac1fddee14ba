#include "cli/shown_tuner.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "tune/tuner.h"

namespace shadenet {

ChosenTiles ShownTuner::choose(const Device& device, const Network& network, PlanKind plan,
                               const Shape& batch) {
    ChosenTiles tiles =
        tiles_for(device, network, plan, batch, measure_,
                  {.stop = stop_, .on_trial = [this](double seconds, double most) { show(seconds, most); }});
    bar_.reset();
    return tiles;
}

void ShownTuner::show(double seconds, double most) {
    if (!std::exchange(said_, true)) {
        spdlog::info(
            "measuring which tiles are fastest on this device, for up to {:.0f} s; later runs take what is "
            "found, and --no-tune leaves it out",
            most);
    }
    if (!bar_) bar_.emplace(!quiet_);
    bar_->show(std::min(seconds, most), most, "measuring tiles");
}

}  // namespace shadenet
