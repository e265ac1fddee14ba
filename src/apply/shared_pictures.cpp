#include "apply/shared_pictures.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "apply/outcome_texts.h"
#include "base/number.h"
#include "group/texts.h"

namespace shadenet {

void SharedPictures::give(ApplyPlan& plan, const std::string& model) {
    given_ = true;
    if (group_.is_alone()) return;
    shared_ = !plan.single;
    Texts texts;
    if (shared_) {
        texts = {model, plan.new_results.string()};
        for (const ApplyJob& job : plan.jobs) {
            texts.insert(texts.end(), {job.input.string(), job.output.string(), job.name.string()});
        }
    }
    broadcast_texts(group_, texts);
    if (shared_) keep_share(plan.jobs, {group_.rank() + 1, group_.size()});
}

bool SharedPictures::take(ApplyPlan& plan, std::string& model) {
    const Texts texts = broadcast_texts(group_, {});
    given_ = true;
    shared_ = !texts.empty();
    if (!shared_) return false;
    model = texts[0];
    plan.new_results = texts[1];
    for (std::size_t i = 2; i < texts.size(); i += 3) {
        plan.jobs.push_back({texts[i], texts[i + 1], texts[i + 2]});
    }
    keep_share(plan.jobs, {group_.rank() + 1, group_.size()});
    return true;
}

bool SharedPictures::all_ready(const std::function<void()>& prepare) {
    if (!shared_) {
        prepare();
        return true;
    }
    std::exception_ptr failure;
    std::string message;
    try {
        prepare();
    } catch (const std::exception& error) {
        failure = std::current_exception();
        message = fmt::format("failed: {}", error.what());
    }
    const std::vector<Texts> messages = gather_texts(group_, {message});
    begun_ = std::ranges::all_of(messages, [](const Texts& one) { return one.front().empty(); });
    const bool is_first = std::ranges::find(messages, Texts{message}) - messages.begin() == group_.rank();
    if (failure && is_first) std::rethrow_exception(failure);
    return begun_;
}

void SharedPictures::add(const PictureOutcome& outcome) {
    append_texts(told_, outcome);
}

std::vector<PictureOutcome> SharedPictures::join() {
    std::vector<PictureOutcome> outcomes;
    if (!begun_ || std::exchange(joined_, true)) return outcomes;
    const std::vector<Texts> all = gather_texts(group_, told_);
    if (!group_.leads()) return outcomes;
    for (const Texts& texts : all) read_texts(texts, outcomes);
    return outcomes;
}

int SharedPictures::leave(int exit_code) {
    if (group_.is_alone()) return exit_code;
    if (group_.leads() && !given_) broadcast_texts(group_, {});
    join();
    int highest = exit_code;
    for (const Texts& code : gather_texts(group_, {std::to_string(exit_code)})) {
        highest = std::max(highest, number_in<int>(code.front()).value_or(0));
    }
    return group_.leads() ? highest : 0;
}

}  // namespace shadenet
