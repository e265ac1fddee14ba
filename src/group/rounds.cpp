#include "group/rounds.h"

#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "group/texts.h"

namespace shadenet {

namespace {

constexpr const char *goes_on = "", *stops = "stop";
// Kinds of failures, of which the message stands behind the kind.
constexpr const char *bad_input = "input", *no_memory = "memory", *bad_result = "result", *other = "work";

/// What a rank tells of its part, and what its work has thrown.
struct RoundPart {
    Texts told = {goes_on};
    std::exception_ptr failure{};
};

RoundPart done_part(const Group& group, const Rounds& rounds, std::uint32_t round) {
    if (group.leads() && rounds.go_on && !rounds.go_on(round)) return {{stops}};
    const auto failed = [&](const char* kind, const std::exception& error) {
        return RoundPart{{kind, fmt::format("rank {} on {}: {}", group.rank(), group.host(), error.what())},
                         std::current_exception()};
    };
    try {
        rounds.work(round);
        return {};
    } catch (const InputError& error) {
        return failed(bad_input, error);
    } catch (const OutOfDeviceMemory& error) {
        return failed(no_memory, error);
    } catch (const BadResult& error) {
        return failed(bad_result, error);
    } catch (const std::exception& error) {
        return failed(other, error);
    }
}

[[noreturn]] void throw_failure_of(const Texts& told) {
    if (told[0] == bad_input) throw InputError(told[1]);
    if (told[0] == no_memory) throw OutOfDeviceMemory(told[1]);
    if (told[0] == bad_result) throw BadResult(told[1]);
    throw WorkError(told[1]);
}

}  // namespace

bool do_rounds(Group& group, const Rounds& rounds) {
    for (std::uint32_t round = 0; round < rounds.count; ++round) {
        const RoundPart part = done_part(group, rounds, round);
        bool all_go_on = true;
        const Texts* other_failure = nullptr;
        const std::vector<Texts> all = gather_texts(group, part.told);
        for (const Texts& told : all) {
            all_go_on = all_go_on && told[0] == goes_on;
            if (told.size() > 1 && other_failure == nullptr) other_failure = &told;
        }
        if (group.leads() && part.failure) std::rethrow_exception(part.failure);
        if (group.leads() && other_failure != nullptr) throw_failure_of(*other_failure);
        if (!all_go_on) return false;
        if (rounds.collect) rounds.collect(round);
    }
    return true;
}

}  // namespace shadenet
