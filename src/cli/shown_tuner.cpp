#include "cli/shown_tuner.h"

#include <algorithm>
#include <optional>

#include <spdlog/spdlog.h>

#include "cli/progress_bar.h"
#include "tune/tuner.h"

namespace shadenet {

ChosenTiles ShownTuner::choose(const Device& device, const Network& network, PlanKind plan,
                               const Shape& batch) const {
    std::optional<ProgressBar> bar;
    const auto show = [&](double seconds, double most) {
        if (!bar) {
            spdlog::info(
                "measuring which tiles are fastest on this device, for up to {:.0f} s; later runs take what "
                "is found, and --no-tune leaves it out",
                most);
            bar.emplace(!quiet_);
        }
        bar->show(std::min(seconds, most), most, "measuring tiles");
    };
    return tiles_for(device, network, plan, batch, measure_, {.stop = stop_, .on_trial = show});
}

}  // namespace shadenet
