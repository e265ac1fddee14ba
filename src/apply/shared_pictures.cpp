#include "apply/shared_pictures.h"

#include <optional>
#include <utility>

#include "apply/outcome_texts.h"

namespace shadenet {

void SharedPictures::give(ApplyPlan& plan, const std::string& model) {
    if (plan.single) return;
    Texts texts = {model, plan.new_results.string()};
    for (const ApplyJob& job : plan.jobs) {
        texts.insert(texts.end(), {job.input.string(), job.output.string(), job.name.string()});
    }
    work_.begin(texts);
    keep_share(plan.jobs, {group().rank() + 1, group().size()});
}

bool SharedPictures::take(ApplyPlan& plan, std::string& model) {
    const std::optional<Texts> told = work_.begun();
    if (!told) return false;
    const Texts& texts = *told;
    model = texts[0];
    plan.new_results = texts[1];
    for (std::size_t i = 2; i < texts.size(); i += 3) {
        plan.jobs.push_back({texts[i], texts[i + 1], texts[i + 2]});
    }
    keep_share(plan.jobs, {group().rank() + 1, group().size()});
    return true;
}

bool SharedPictures::all_ready(const std::function<void()>& prepare) {
    begun_ = work_.all_ready(prepare);
    return begun_;
}

void SharedPictures::add(const PictureOutcome& outcome) {
    append_texts(told_, outcome);
}

std::vector<PictureOutcome> SharedPictures::join() {
    std::vector<PictureOutcome> outcomes;
    if (!begun_ || std::exchange(joined_, true)) return outcomes;
    const std::vector<Texts> all = work_.gather([&] { return told_; });
    if (!group().leads()) return outcomes;
    for (const Texts& texts : all) read_texts(texts, outcomes);
    return outcomes;
}

int SharedPictures::leave(int exit_code) {
    join();
    return work_.leave(exit_code);
}

}  // namespace shadenet
