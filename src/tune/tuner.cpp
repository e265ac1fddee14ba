#include "tune/tuner.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/error.h"
#include "check/probe.h"
#include "engine/two_layer/fused.h"
#include "tune/tile_store.h"

namespace shadenet {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double tuning_seconds = 3;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds of a step by the device's clock, or by the host's where the device has none.
double step_seconds(TrainingPlan& plan, const Batch& batch, Recorder& recorder, BufferRange loss) {
    double best = 0;
    for (int turn = 0; turn < 3; ++turn) {
        recorder.profiler().clear_totals();
        const auto start = Clock::now();
        plan.step(recorder, batch, {.losses = loss});
        recorder.finish();
        double seconds = 0;
        for (const auto& [name, time] : recorder.profiler().times()) seconds += time.seconds;
        if (seconds == 0) seconds = seconds_since(start);
        best = turn == 0 ? seconds : std::min(best, seconds);
    }
    return best;
}

class Tuner {
  public:
    Tuner(const Device& device, const Network& architecture, double seconds, PlanMaker make)
        : device_(device),
          seconds_(seconds),
          make_(std::move(make)),
          probe_(device, architecture, *match_fused(architecture).network) {
        if (make_) return;
        make_ = [&](const ParameterBuffers& parameters, const FusedLayout& layout, std::uint32_t batch,
                    const FusedTiles& tiles) {
            return std::make_unique<FusedPlan>(device, architecture, parameters, layout, batch, tiles);
        };
    }

    /// Measures unless it has been, or the time is up.
    void attempt(const FusedTiles& tiles) {
        if (std::ranges::find(tuning_.measured, tiles, &Measurement::tiles) != tuning_.measured.end()) return;
        if (!tuning_.measured.empty() && seconds_since(start_) + longest_ > seconds_) return;
        const auto start = Clock::now();
        tuning_.measured.push_back(measure(tiles));
        longest_ = std::max(longest_, seconds_since(start));
    }

    const Measurement& best() const {
        const Measurement* best = nullptr;
        for (const Measurement& one : tuning_.measured) {
            if (one.problem.empty() && (best == nullptr || one.seconds < best->seconds)) best = &one;
        }
        if (best == nullptr) {
            throw WorkError(
                fmt::format("{}: the fused plan does not compute rightly there ({}); use --plan stack, "
                            "and see what `shadenet doctor` finds",
                            device_.info().name, tuning_.measured.front().problem));
        }
        return *best;
    }

    Tuning take() {
        tuning_.tiles = best().tiles;
        tuning_.source = "measured now";
        return std::move(tuning_);
    }

  private:
    Measurement measure(const FusedTiles& tiles) {
        const ParameterBuffers parameters(device_, probe_.parameters());
        const Buffer loss(device_, sizeof(float), "loss of the probe");
        const std::unique_ptr<TrainingPlan> plan = make_(parameters, probe_.layout(), probe_.pairs(), tiles);
        Recorder recorder(device_);
        const Batch batch = probe_.batch(recorder);
        plan->step(recorder, batch, {.losses = loss.whole()});
        recorder.finish();
        Measurement measurement{tiles, 0, probe_.problem(parameters, loss)};
        if (measurement.problem.empty())
            measurement.seconds = step_seconds(*plan, batch, recorder, loss.whole());
        return measurement;
    }

    const Device& device_;
    double seconds_;
    PlanMaker make_;
    Clock::time_point start_ = Clock::now();
    check::Probe probe_;
    double longest_ = 0;
    Tuning tuning_;
};

}  // namespace

Tuning tune(const Device& device, const Network& architecture, const TileTable& table, double seconds,
            const PlanMaker& make) {
    Tuner tuner(device, architecture, seconds, make);
    for (const FusedTile& forward : table.forward) tuner.attempt({forward, table.backward.front()});
    const FusedTile forward = tuner.best().tiles.forward;
    for (const FusedTile& backward : table.backward) tuner.attempt({forward, backward});
    return tuner.take();
}

Tuning tiles_for(const Device& device, const Network& architecture, bool measure) {
    const FusedMatch match = match_fused(architecture);
    const std::uint32_t kernel = match.network ? match.network->conv1.kernel : 3;
    if (!measure || !match.network) return {{default_tiles(device.info().kind, kernel), "defaults"}, {}};
    const TileTable table = tile_table(device.info().kind, kernel);
    const TileStore store(device, *match.network);
    if (const auto kept = store.read(table)) return {{*kept, "measured before"}, {}};
    const Tuning tuning = tune(device, architecture, table, tuning_seconds);
    store.write(tuning.tiles);
    return tuning;
}

}  // namespace shadenet
