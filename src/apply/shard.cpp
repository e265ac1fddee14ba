#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "apply/jobs.h"
#include "base/checksum.h"
#include "base/error.h"

namespace shadenet {

namespace {

std::optional<std::uint32_t> whole_number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::uint32_t> variable(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::nullopt : whole_number(text);
}

/// Slurm numbers the tasks of an array as the user asked: "--array=10-40:10" has the tasks 10, 20, 30 and 40.
Shard slurm_shard() {
    const auto id = variable("SLURM_ARRAY_TASK_ID"), count = variable("SLURM_ARRAY_TASK_COUNT");
    const std::uint32_t first = variable("SLURM_ARRAY_TASK_MIN").value_or(0);
    const std::uint32_t step = variable("SLURM_ARRAY_TASK_STEP").value_or(1);
    if (!id || !count) {
        throw InputError(
            "--shard auto reads SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, which are not set here; run "
            "it in a Slurm job array, or give --shard 1/4");
    }
    const bool fits = step > 0 && *id >= first && (*id - first) % step == 0 && (*id - first) / step < *count;
    if (!fits) {
        throw InputError(
            fmt::format("--shard auto: Slurm's task {} is none of {} tasks from {} in steps of {}; arrays "
                        "must be evenly spaced, or give --shard 1/4",
                        *id, *count, first, step));
    }
    return {(*id - first) / step + 1, *count};
}

}  // namespace

bool Shard::takes(const std::string& name) const {
    return checksum(std::as_bytes(std::span(name))) % count == index - 1;
}

Shard parse_shard(const std::string& text) {
    if (text == "auto") return slurm_shard();
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string_view whole(text);
    const std::uint32_t index = whole_number(whole.substr(0, slash)).value_or(0);
    const std::uint32_t count = whole_number(whole.substr(std::min(slash + 1, text.size()))).value_or(0);
    if (index >= 1 && index <= count) return {index, count};
    throw InputError(
        fmt::format("--shard {}: is no share; give 1/4 to 4/4 for four machines, or auto", text));
}

}  // namespace shadenet
