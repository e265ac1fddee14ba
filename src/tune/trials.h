// Tries choices of tiles one after the other until the time is up.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gpu/recorder.h"

namespace shadenet {

/// One choice of tiles.
struct Measurement {
    std::string tiles;    ///< their name, with what they were tried for
    double seconds = 0;   ///< of the work; 0 where it failed
    std::string problem;  ///< why it is not used; empty when it is right
};

/// Seconds of a call of `work`, the least of several: by the device's clock, or by the host's where the
/// device has none. Waits.
double least_seconds(Recorder& recorder, const std::function<void()>& work);

/// How many times as long `work` takes as `other`: the median of calls in turns, because others may have some
/// of the processors for a while. Waits.
double times_as_long(Recorder& recorder, const std::function<void()>& work,
                     const std::function<void()>& other);

/// What may end trials early, and who is told how far they are.
struct TrialsWatch {
    const std::atomic<bool>* stop = nullptr;  ///< when it becomes true, the trial at work is the last
    /// Before each trial: so many seconds have passed, of so many that they may take in all.
    std::function<void(double seconds, double most)> on_trial{};
};

class Trials {
  public:
    /// No trial begins that may end later than after so many seconds from now, but the first.
    explicit Trials(double seconds, TrialsWatch watch = {}) : seconds_(seconds), watch_(std::move(watch)) {}

    /// Tries the choices in order, each name once and no more, and returns the fastest that is right; nothing
    /// if none is, or none was tried. `name` and `measure` take a choice; measure() returns a Measurement,
    /// whose name is set here. Throws Stopped when the watch says so.
    template <class Choice, class Name, class Measure>
    std::optional<Choice> fastest(const std::vector<Choice>& choices, const Name& name,
                                  const Measure& measure) {
        std::optional<Choice> best;
        double best_seconds = 0;
        for (const Choice& choice : choices) {
            const Measurement* tried = attempt(name(choice), [&] { return measure(choice); });
            if (tried == nullptr) break;
            if (!tried->problem.empty() || (best && tried->seconds >= best_seconds)) continue;
            best = choice;
            best_seconds = tried->seconds;
        }
        return best;
    }

    /// Whether a choice was not tried.
    bool left_out() const { return left_out_; }
    /// Whether there is no time for another trial.
    bool is_over() const { return !measured_.empty() && seconds() + longest_ > seconds_; }
    const std::vector<Measurement>& measured() const { return measured_; }
    /// Since the beginning.
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  private:
    using Clock = std::chrono::steady_clock;

    void end_if_stopped() const;
    /// Null if the time is up.
    const Measurement* attempt(const std::string& name, const std::function<Measurement()>& measure);

    double seconds_;
    TrialsWatch watch_;
    Clock::time_point start_ = Clock::now();
    double longest_ = 0;
    bool left_out_ = false;
    std::vector<Measurement> measured_;  ///< in the order of trying
};

}  // namespace shadenet
