// How the learning rate changes in the course of a run.
#pragma once

#include <cstdint>
#include <string>

namespace shadenet {

/// The factor of the learning rate at step s, counted from 0:
///
/// - constant: 1
/// - cosine: rate + (1 − rate)·(1 + cos(π·min(s/steps, 1)))/2 (Loshchilov & Hutter 2017, without restarts)
/// - exponential: rate^(s/steps), with `staircase` rate^⌊s/steps⌋
enum class ScheduleKind : std::uint32_t { constant, cosine, exponential };

struct Schedule {
    /// Stands for 0 with cosine and for 0.96 with exponential.
    static constexpr float usual_rate = -1.0f;

    ScheduleKind kind = ScheduleKind::constant;
    /// Cosine: the factor in the end. Exponential: the factor of `steps` steps.
    float rate = usual_rate;
    std::uint64_t steps = 0;  ///< 0: to be those of the whole run
    bool staircase = false;
    bool operator==(const Schedule&) const = default;
};

/// Of step `step`. Throws std::invalid_argument when `schedule` needs its steps and has none.
double schedule_factor(const Schedule& schedule, std::uint64_t step);

/// "cosine to 0 in 200 steps", "exponential, times 0.96 in 50 steps, in stairs", "constant".
std::string describe(const Schedule& schedule);

/// Throws InputError naming the flag (--schedule-rate and so on), its value and what is accepted.
void validate(const Schedule& schedule);

/// Throws InputError for anything but constant|cosine|exponential.
ScheduleKind schedule_kind(const std::string& text);
std::string to_string(ScheduleKind kind);

}  // namespace shadenet
