#include "tune/trials.h"

#include <algorithm>

namespace shadenet {

double least_seconds(Recorder& recorder, const std::function<void()>& work) {
    constexpr int turns = 4;
    double least = 0;
    for (int turn = 0; turn < turns; ++turn) {
        recorder.profiler().clear_totals();
        const auto start = std::chrono::steady_clock::now();
        work();
        recorder.finish();
        double seconds = 0;
        for (const auto& [name, time] : recorder.profiler().times()) seconds += time.seconds;
        if (seconds == 0) {
            seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        }
        least = turn == 0 ? seconds : std::min(least, seconds);
    }
    return least;
}

const Measurement* Trials::attempt(const std::string& name, const std::function<Measurement()>& measure) {
    const auto found = std::ranges::find(measured_, name, &Measurement::tiles);
    if (found != measured_.end()) return &*found;
    if (is_over()) return nullptr;
    const double begin = seconds();
    Measurement measurement = measure();
    measurement.tiles = name;
    measured_.push_back(std::move(measurement));
    longest_ = std::max(longest_, seconds() - begin);
    return &measured_.back();
}

}  // namespace shadenet
