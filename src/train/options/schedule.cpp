#include "train/options/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "model/known_word.h"

namespace shadenet {

namespace {

constexpr auto schedule_words = words_of<ScheduleKind>("constant", "cosine", "exponential");

constexpr float usual_cosine_rate = 0.0f;
constexpr float usual_exponential_rate = 0.96f;

float rate_of(const Schedule& schedule) {
    if (schedule.rate != Schedule::usual_rate) return schedule.rate;
    return schedule.kind == ScheduleKind::cosine ? usual_cosine_rate : usual_exponential_rate;
}

}  // namespace

double schedule_factor(const Schedule& schedule, std::uint64_t step) {
    if (schedule.kind == ScheduleKind::constant) return 1.0;
    if (schedule.steps == 0) throw std::invalid_argument("a schedule without steps");
    const double rate = rate_of(schedule);
    const double turns = static_cast<double>(step) / static_cast<double>(schedule.steps);
    if (schedule.kind == ScheduleKind::exponential) {
        return std::pow(rate, schedule.staircase ? std::floor(turns) : turns);
    }
    return rate + (1.0 - rate) * (1.0 + std::cos(std::numbers::pi * std::min(turns, 1.0))) / 2.0;
}

std::string describe(const Schedule& schedule) {
    if (schedule.kind == ScheduleKind::constant) return "constant";
    const std::string rate = fmt::format("{}", rate_of(schedule));
    const char* to = schedule.kind == ScheduleKind::cosine ? " to" : ", times";
    return fmt::format("{}{} {} in {} steps{}", to_string(schedule.kind), to, rate, schedule.steps,
                       schedule.staircase ? ", in stairs" : "");
}

void validate(const Schedule& schedule) {
    const bool given = schedule.rate != Schedule::usual_rate;
    if (given && !(schedule.rate >= 0.0f && schedule.rate <= 1.0f)) {
        throw InputError(fmt::format("--schedule-rate is \"{}\"; use 0 to 1", schedule.rate));
    }
    if (given && schedule.kind == ScheduleKind::exponential && !(schedule.rate > 0.0f)) {
        throw InputError(fmt::format("--schedule-rate is \"{}\"; an exponential schedule needs one above 0",
                                     schedule.rate));
    }
    if (schedule.staircase && schedule.kind != ScheduleKind::exponential) {
        throw InputError(fmt::format("--staircase goes with --schedule exponential, and the schedule is {}",
                                     to_string(schedule.kind)));
    }
    if (schedule.kind == ScheduleKind::constant && (given || schedule.steps > 0)) {
        throw InputError(
            "--schedule-rate and --schedule-steps need a schedule; give --schedule cosine or exponential "
            "too");
    }
}

ScheduleKind schedule_kind(const std::string& text) {
    return known_word(schedule_words, "schedule", text);
}

std::string to_string(ScheduleKind kind) {
    return schedule_words[kind];
}

}  // namespace shadenet
