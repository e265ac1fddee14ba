#include "study/study_plan.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/plan_choice.h"

namespace shadenet {

namespace {

std::string run_name(const StudyVariant& variant, std::uint64_t seed) {
    const std::string seed_text = fmt::format("seed={}", seed);
    if (variant.settings.empty()) return seed_text;
    std::string name = fmt::format("{},{}", variant.label(), seed_text);
    std::ranges::replace(name, ':', '-');  // not every file system takes a colon
    return name;
}

void validate(const StudyVariant& variant) {
    try {
        validate(variant.options);
        choose_plan(variant.options.network.network(), variant.options.plan);
    } catch (const InputError& error) {
        if (variant.settings.empty()) throw;
        throw InputError(fmt::format("variant {}: {}", variant.label(), error.what()));
    }
}

}  // namespace

std::vector<std::string> varied_options(const StudyPlan& plan) {
    std::vector<std::string> options;
    for (const StudyVariant& variant : plan.variants) {
        for (const Setting& setting : variant.settings) {
            if (std::ranges::find(options, setting.option) == options.end())
                options.push_back(setting.option);
        }
    }
    return options;
}

std::vector<StudyRun> runs_of(const StudyPlan& plan) {
    std::vector<StudyRun> runs;
    for (std::uint32_t repeat = 0; repeat < plan.repeats; ++repeat) {
        for (std::size_t i = 0; i < plan.variants.size(); ++i) {
            const StudyVariant& variant = plan.variants[i];
            StudyRun run{i, repeat, "", variant.options};
            run.options.seed += repeat;
            run.name = run_name(variant, run.options.seed);
            run.options.output = plan.folder / run.name;
            run.options.resume = false;
            runs.push_back(std::move(run));
        }
    }
    return runs;
}

void validate(const StudyPlan& plan) {
    if (plan.repeats == 0 || plan.repeats > most_runs / std::max<std::size_t>(plan.variants.size(), 1)) {
        throw InputError(fmt::format("--repeat is {}, with {} variants; use at least 1, and {} runs at most",
                                     plan.repeats, plan.variants.size(), most_runs));
    }
    std::map<std::string, std::string> labels;
    for (const StudyVariant& variant : plan.variants) {
        validate(variant);
        const auto [first, is_new] = labels.emplace(config_text(variant.options, ""), variant.label());
        if (is_new) continue;
        throw InputError(fmt::format("variants {} and {} have the same options; leave one out", first->second,
                                     variant.label()));
    }
}

}  // namespace shadenet
