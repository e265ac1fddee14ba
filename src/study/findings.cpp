#include "study/findings.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/axis.h"

namespace shadenet {

namespace {

/// What variants are compared by; less is better, but of shares of right answers more.
struct Measure {
    Spread VariantResult::*spread;
    std::string won;        ///< "ended lowest in training loss"
    std::string leads;      ///< what is said where the repeats support nothing
    std::string ties;       ///< what is said of several whose figures are the same
    const char* unit = "";  ///< behind a figure; takes an s where `counted` and not 1
    bool counted = false;
    bool is_share = false;
};

/// The spread of a share is kept negated, so that less is better in every comparison.
struct Entry {
    std::string label;
    Spread spread;
};

Spread negated(const Spread& spread) {
    return {spread.count, -spread.median, -spread.max, -spread.min};
}

/// Of an entry's spread.
std::string figure_of(double value, const Measure& measure) {
    return measure.is_share ? share_text(-value) : figure_text(value);
}

/// Of the distance of two of them.
std::string distance_of(double distance, const Measure& measure) {
    return measure.is_share ? fmt::format("{:.2f} points", 100 * distance) : figure_text(distance);
}

bool single(const Spread& spread) {
    return spread.count < 2;
}

bool apart(const Spread& low, const Spread& high) {
    return !single(low) && !single(high) && low.max < high.min;
}

/// "0.0012 (0.0011 to 0.0014)".
std::string range(const Spread& spread, const Measure& measure) {
    const std::string plural = measure.counted && spread.median != 1 ? "s" : "";
    const bool never = std::isinf(spread.median);
    const std::string median = figure_of(spread.median, measure) + (never ? "" : measure.unit + plural);
    if (single(spread)) return median;
    const auto [least, most] =
        measure.is_share ? std::pair(spread.max, spread.min) : std::pair(spread.min, spread.max);
    return fmt::format("{} ({} to {})", median, figure_of(least, measure), figure_of(most, measure));
}

std::string list_of(const std::vector<std::string>& parts) {
    if (parts.size() == 1) return parts.front();
    return fmt::format("{} and {}", fmt::join(parts.begin(), parts.end() - 1, ", "), parts.back());
}

/// "12 % below", of the medians; "0.31 points above" of shares.
std::string margin(const Spread& best, const Spread& other, const Measure& measure) {
    if (measure.is_share) return distance_of(other.median - best.median, measure) + " above";
    if (!(other.median > 0) || std::isinf(other.median)) return "below";
    const double percent = 100 * (1 - best.median / other.median);
    return fmt::format("{} % below", short_number(percent, percent > 99 ? 4 : 2));
}

/// Variants whose finished runs can all be compared, from the least median on.
std::vector<Entry> ranked(const StudyResult& result, Spread VariantResult::*measure, bool is_share = false) {
    std::vector<Entry> entries;
    for (const VariantResult& variant : result.variants) {
        const Spread& spread = variant.*measure;
        if (variant.diverged > 0 || spread.count == 0 || spread.count < variant.finished) continue;
        entries.push_back({variant.variant.label(), is_share ? negated(spread) : spread});
    }
    std::ranges::stable_sort(entries, {}, [](const Entry& entry) { return entry.spread.median; });
    return entries;
}

bool all_single(const std::vector<Entry>& entries) {
    return std::ranges::all_of(entries, single, &Entry::spread);
}

std::string no_spread(bool one_each) {
    return fmt::format("{}: no spread is known, and so not whether this is more than chance.",
                       one_each ? "One run each" : "Of single runs");
}

StudyFinding of_single_runs(const std::vector<Entry>& entries, const Measure& measure) {
    const Entry &best = entries[0], &next = entries[1];
    return {fmt::format("{} {}: {}, {} {} with {}. {}", best.label, measure.leads,
                        range(best.spread, measure), margin(best.spread, next.spread, measure), next.label,
                        range(next.spread, measure), no_spread(all_single(entries))),
            false};
}

StudyFinding of_parted_ranges(const std::vector<Entry>& entries, const Measure& measure) {
    const Entry &best = entries[0], &next = entries[1];
    const double widest = std::max(best.spread.width(), next.spread.width());
    std::string text = fmt::format("{} {}: {}, {} {}, the next, with {}.", best.label, measure.won,
                                   range(best.spread, measure), margin(best.spread, next.spread, measure),
                                   next.label, range(next.spread, measure));
    if (std::isfinite(widest)) {
        text += fmt::format(" The ranges of the repeats are {} apart, and the wider one is {} wide.",
                            distance_of(next.spread.min - best.spread.max, measure),
                            distance_of(widest, measure));
    }
    return {text, true};
}

/// Entries with their figures, by whether their ranges are apart from those of others.
struct Others {
    std::vector<std::string> alike, worse;
};

/// Of all entries but the first `best`, beside these.
Others others_than(const std::vector<Entry>& entries, std::size_t best, const Measure& measure) {
    Others others;
    for (std::size_t i = best; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        const bool is_worse =
            std::all_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(best),
                        [&](const Entry& one) { return apart(one.spread, entry.spread); });
        auto& parts = is_worse ? others.worse : others.alike;
        parts.push_back(fmt::format("{} with {}", entry.label, range(entry.spread, measure)));
    }
    return others;
}

StudyFinding of_overlapping_ranges(const std::vector<Entry>& entries, const Measure& measure) {
    const Entry& best = entries.front();
    const auto [alike, worse] = others_than(entries, 1, measure);
    std::string text =
        fmt::format("{} {}, {}, but the repeats do not support a difference from {}: the ranges overlap.",
                    best.label, measure.leads, range(best.spread, measure), list_of(alike));
    if (!worse.empty()) text += fmt::format(" They do support one from {}.", list_of(worse));
    return {text, !worse.empty()};
}

/// "a, b and c have the same training loss in the end, 0.0253", of the first `tied` entries.
std::string tie(const std::vector<Entry>& entries, std::size_t tied, const Measure& measure) {
    std::vector<std::string> labels, figures;
    for (std::size_t i = 0; i < tied; ++i) {
        labels.push_back(entries[i].label);
        figures.push_back(range(entries[i].spread, measure));
    }
    const bool one_range = std::ranges::count(figures, figures.front()) == std::ssize(figures);
    return fmt::format("{} {}, {}", list_of(labels), measure.ties,
                       one_range ? figures.front() : list_of(figures));
}

/// The figures of the first `tied` entries are the same in print: whatever they differ by, it is nothing.
StudyFinding of_ties(const std::vector<Entry>& entries, std::size_t tied, const Measure& measure) {
    std::string text = tie(entries, tied, measure);
    if (tied == entries.size()) return {text + ".", false};
    if (std::ranges::any_of(entries, single, &Entry::spread)) {
        const Entry& next = entries[tied];
        text += fmt::format(", {} {} with {}. {}", margin(entries[0].spread, next.spread, measure),
                            next.label, range(next.spread, measure), no_spread(all_single(entries)));
        return {text, false};
    }
    const auto [alike, worse] = others_than(entries, tied, measure);
    text += ".";
    if (!alike.empty()) {
        text += fmt::format(" The repeats do not support a difference from {}: the ranges overlap.",
                            list_of(alike));
    }
    if (!worse.empty()) text += fmt::format(" The repeats support a difference from {}.", list_of(worse));
    return {text, !worse.empty()};
}

void compare(std::vector<StudyFinding>& findings, const StudyResult& result, const Measure& measure) {
    const std::vector<Entry> entries = ranked(result, measure.spread, measure.is_share);
    if (entries.size() < 2 || std::isinf(entries[0].spread.median)) return;
    const std::string first = figure_of(entries[0].spread.median, measure);
    const auto is_first = [&](const Entry& entry) {
        return figure_of(entry.spread.median, measure) == first;
    };
    const auto tied = static_cast<std::size_t>(std::ranges::count_if(entries, is_first));
    if (tied > 1) {
        findings.push_back(of_ties(entries, tied, measure));
    } else if (std::ranges::any_of(entries, single, &Entry::spread)) {
        findings.push_back(of_single_runs(entries, measure));
    } else if (apart(entries[0].spread, entries[1].spread)) {
        findings.push_back(of_parted_ranges(entries, measure));
    } else {
        findings.push_back(of_overlapping_ranges(entries, measure));
    }
}

/// What the gaps between validation and training say of the norms, which alone have moving statistics.
StudyFinding verdict(const StudyResult& result, const std::vector<const VariantResult*>& plain,
                     const std::vector<const VariantResult*>& normed) {
    if (std::ranges::all_of(result.variants, &VariantResult::has_norm)) {
        return {
            "Every variant has a norm, so that what its moving statistics add cannot be told from what "
            "other pictures add.",
            false};
    }
    if (plain.empty()) {
        return {"No variant without a norm has such a figure to compare these with.", false};
    }
    std::size_t singles = 0;
    double most = 0;
    for (const VariantResult* variant : plain) {
        most = std::max(most, variant->gap.max);
        singles += single(variant->gap);
    }
    std::vector<std::string> above;
    for (const VariantResult* variant : normed) {
        singles += single(variant->gap);
        if (variant->gap.min > most) above.push_back(variant->variant.label());
    }
    if (singles > 0) return {no_spread(singles == plain.size() + normed.size()), false};
    if (above.empty()) {
        return {"The repeats do not support that it is larger with a norm than without one.", false};
    }
    return {
        fmt::format("It is larger for {} than for those without a norm: every run is above all of theirs. "
                    "Moving statistics are one possible reason.",
                    list_of(above)),
        true};
}

void judge_norms(std::vector<StudyFinding>& findings, const StudyResult& result) {
    const Measure times{&VariantResult::gap, "", "", "", " time", true};
    std::vector<const VariantResult*> plain, normed;
    std::vector<std::string> parts;
    for (const VariantResult& variant : result.variants) {
        if (variant.diverged > 0 || variant.gap.count == 0) continue;
        (variant.has_norm() ? normed : plain).push_back(&variant);
        parts.push_back(fmt::format("{} for {}", range(variant.gap, times), variant.variant.label()));
    }
    if (normed.empty()) return;
    StudyFinding finding = verdict(result, plain, normed);
    finding.text =
        fmt::format("Validation loss by training loss in the end: {}. {}", list_of(parts), finding.text);
    findings.push_back(std::move(finding));
}

void tell_what_diverged(std::vector<StudyFinding>& findings, const StudyResult& result) {
    for (const VariantResult& variant : result.variants) {
        if (variant.diverged == 0) continue;
        findings.push_back({fmt::format("{} of {} runs of {} diverged: the loss was no longer a number. The "
                                        "variant is left out of the comparisons.",
                                        variant.diverged, variant.runs.size(), variant.variant.label()),
                            true});
    }
}

void tell_what_failed(std::vector<StudyFinding>& findings, const StudyResult& result) {
    for (const VariantResult& variant : result.variants) {
        if (variant.failed == 0) continue;
        const auto first = std::ranges::find(variant.runs, RunState::failed, &RunResult::state);
        findings.push_back(
            {fmt::format("{} of {} runs of {} failed, and the study tries them again when it "
                         "is resumed: {}.",
                         variant.failed, variant.runs.size(), variant.variant.label(), first->failure),
             false});
    }
}

void tell_what_is_left(std::vector<StudyFinding>& findings, const StudyResult& result) {
    const std::size_t runs = result.plan.variants.size() * result.plan.repeats;
    const std::size_t done = result.finished() + result.diverged();
    if (done + result.failed() == runs) return;
    findings.push_back({fmt::format("The study is not done: {} of its {} runs have ended, and what is said "
                                    "here is of these.",
                                    done, runs),
                        false});
}

/// Of classifiers: what they are compared by first, the pictures that no choice was made on before all.
constexpr std::pair<Spread VariantResult::*, const char*> accuracies[] = {
    {&VariantResult::test_accuracy, "test"},
    {&VariantResult::validation_accuracy, "validation"},
    {&VariantResult::train_accuracy, "training"},
};

}  // namespace

std::vector<StudyFinding> findings_of(const StudyResult& result) {
    std::vector<StudyFinding> findings;
    tell_what_is_left(findings, result);
    tell_what_failed(findings, result);
    tell_what_diverged(findings, result);
    if (result.classes()) {
        for (const auto& [spread, part] : accuracies) {
            const std::string name = fmt::format("{} accuracy", part);
            compare(findings, result,
                    {spread, "ended highest in " + name, fmt::format("has the highest {} in the end", name),
                     fmt::format("have the same {} in the end", name), "", false, true});
        }
    }
    compare(findings, result,
            {&VariantResult::train_loss, "ended lowest in training loss",
             "has the lowest training loss in the end", "have the same training loss in the end"});
    compare(findings, result,
            {&VariantResult::validation_loss, "ended lowest in validation loss",
             "has the lowest validation loss in the end", "have the same validation loss in the end"});
    if (result.threshold) {
        const std::string goal = result.threshold_text(), first = "was first at " + goal;
        compare(findings, result,
                {&VariantResult::epochs_to_threshold, first, first, "took equally many epochs to " + goal,
                 " epoch", true});
    }
    compare(findings, result,
            {&VariantResult::seconds_per_epoch, "has the fastest epochs", "has the fastest epochs",
             "have equally fast epochs", " s"});
    judge_norms(findings, result);
    return findings;
}

double chance_of_parted_ranges(std::size_t n) {
    double ways = 1;
    for (std::size_t i = 1; i <= n; ++i) ways *= static_cast<double>(n + i) / static_cast<double>(i);
    return 2 / ways;
}

std::string comparison_rule(const StudyResult& result) {
    // Of a study that was stopped some variants may have fewer than planned.
    const std::vector<Entry> entries = ranked(result, &VariantResult::train_loss);
    std::size_t least = result.plan.repeats, most = 0;
    for (const Entry& entry : entries) {
        least = std::min(least, entry.spread.count);
        most = std::max(most, entry.spread.count);
    }
    if (least < 2) {
        return fmt::format("{}: no spread is known, and no difference is called supported.",
                           all_single(entries) ? "One run each" : "Of single runs");
    }
    return fmt::format(
        "A difference is called supported when the ranges of the repeats, smallest to largest, do not "
        "overlap. With {} repeats, two variants that are alike in truth look different so in {}{} % of "
        "comparisons.",
        least, least < most ? "at most " : "", short_number(100 * chance_of_parted_ranges(least), 2));
}

}  // namespace shadenet
