#include "tune/trials.h"

#include <algorithm>

#include "base/error.h"
#include "base/median.h"

namespace shadenet {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double seconds_of(Recorder& recorder, const std::function<void()>& work) {
    recorder.profiler().clear_totals();
    const auto start = Clock::now();
    work();
    recorder.finish();
    double seconds = 0;
    for (const auto& [name, time] : recorder.profiler().times()) seconds += time.seconds;
    return seconds > 0 ? seconds : seconds_since(start);
}

/// Calls `measure` some times, and for so long that it sees more than one moment of a busy machine.
template <class Measure>
std::vector<double> repeated(const Measure& measure) {
    constexpr std::size_t turns = 3;
    constexpr double enough = 0.04;
    std::vector<double> figures;
    const auto begin = Clock::now();
    while (figures.size() < turns || seconds_since(begin) < enough) figures.push_back(measure());
    return figures;
}

}  // namespace

double least_seconds(Recorder& recorder, const std::function<void()>& work) {
    return std::ranges::min(repeated([&] { return seconds_of(recorder, work); }));
}

double times_as_long(Recorder& recorder, const std::function<void()>& work,
                     const std::function<void()>& other) {
    return upper_median(repeated([&] {
        const double of_other = seconds_of(recorder, other);
        return seconds_of(recorder, work) / of_other;
    }));
}

void Trials::end_if_stopped() const {
    if (watch_.stop != nullptr && *watch_.stop) throw Stopped();
}

const Measurement* Trials::attempt(const std::string& name, const std::function<Measurement()>& measure) {
    const auto found = std::ranges::find(measured_, name, &Measurement::tiles);
    if (found != measured_.end()) return &*found;
    left_out_ = is_over();
    if (left_out_) return nullptr;
    const double begin = seconds();
    end_if_stopped();
    if (watch_.on_trial) watch_.on_trial(begin, seconds_);
    Measurement measurement = measure();
    end_if_stopped();  // there may be no time for another trial
    measurement.tiles = name;
    measured_.push_back(std::move(measurement));
    longest_ = std::max(longest_, seconds() - begin);
    return &measured_.back();
}

}  // namespace shadenet
