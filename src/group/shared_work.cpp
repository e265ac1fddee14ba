#include "group/shared_work.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/number.h"

namespace shadenet {

namespace {

/// A rank's state, which stands before the texts that it sends: this, why it has failed, or nothing where all
/// is well.
const std::string has_left = "left";

bool is_well(const Texts& texts) {
    return texts.front().empty();
}

}  // namespace

void SharedWork::begin(const Texts& texts) {
    told_ = true;
    if (group_.is_alone()) return;
    shared_ = true;
    Texts told = {"begin"};
    told.insert(told.end(), texts.begin(), texts.end());
    broadcast_texts(group_, told);
}

std::optional<Texts> SharedWork::begun() {
    Texts told = broadcast_texts(group_, {});
    told_ = true;
    shared_ = !told.empty();
    if (!shared_) return std::nullopt;
    told.erase(told.begin());
    return told;
}

std::vector<Texts> SharedWork::exchange(const std::string& state, Texts texts) {
    texts.insert(texts.begin(), state);
    return gather_texts(group_, texts);
}

std::vector<Texts> SharedWork::gather(const std::function<Texts()>& make) {
    if (!shared_) return {make()};
    Texts mine;
    std::exception_ptr failure;
    std::string state;
    try {
        mine = make();
    } catch (const std::exception& error) {
        failure = std::current_exception();
        state = fmt::format("failed: {}", error.what());
    }
    std::vector<Texts> all = exchange(state, std::move(mine));
    const auto first = std::ranges::find(all, state, [](const Texts& texts) { return texts.front(); });
    if (failure && first - all.begin() == group_.rank()) std::rethrow_exception(failure);
    if (!std::ranges::all_of(all, is_well)) return {};
    for (Texts& texts : all) texts.erase(texts.begin());
    return all;
}

bool SharedWork::all_ready(const std::function<void()>& prepare) {
    const std::vector<Texts> all = gather([&] {
        prepare();
        return Texts{};
    });
    return !all.empty();
}

void SharedWork::in_step(const std::function<void()>& steps) {
    try {
        steps();
    } catch (...) {
        if (shared_) group_.abandon();
        throw;
    }
}

int SharedWork::leave(int exit_code) {
    if (group_.is_alone() || group_.is_abandoned()) return exit_code;
    if (!std::exchange(told_, true)) broadcast_texts(group_, {});
    std::vector<Texts> all;
    // Others may have something to gather yet, and learn by this that it comes to nothing.
    do {
        all = exchange(has_left, {std::to_string(exit_code)});
    } while (!std::ranges::all_of(all, [](const Texts& texts) { return texts.front() == has_left; }));
    if (!group_.leads()) return 0;
    for (const Texts& texts : all) exit_code = std::max(exit_code, number_in<int>(texts[1]).value_or(0));
    return exit_code;
}

}  // namespace shadenet
