#include "pairs/pair_findings.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/median.h"
#include "pairs/duplicates.h"
#include "pairs/filter_findings.h"
#include "pairs/pair_text.h"

namespace shadenet {

namespace {

using Pairs = std::vector<std::uint32_t>;
using Weight = PairFinding::Weight;

/// Collects what is found of the pairs.
class Collector {
  public:
    Collector(std::span<const PairLook> looks, const LookedFor& about) : looks_(looks), about_(about) {}

    /// The pairs of which `is` says yes.
    Pairs that(const std::function<bool(const PairLook&)>& is) const {
        Pairs pairs;
        for (std::uint32_t i = 0; i < looks_.size(); ++i) {
            if (looks_[i].problem.empty() && is(looks_[i])) pairs.push_back(i);
        }
        return pairs;
    }
    /// "in 2 of 7 pairs", or "in all 7 pairs".
    std::string share(const Pairs& pairs) const {
        if (pairs.size() == looks_.size() && looks_.size() > 1) {
            return fmt::format("in all {} pairs", looks_.size());
        }
        return fmt::format("in {} of {}", pairs.size(), counted(looks_.size(), "pair"));
    }
    std::string names(const Pairs& pairs) const { return some_names(pairs, about_.names); }
    void add(Weight weight, const char* name, std::string what, std::string remedy, Pairs pairs) {
        findings_.push_back({weight, name, std::move(what), std::move(remedy), std::move(pairs)});
    }

    void find_unreadable();
    void find_foreign();
    void find_turned();
    void find_scaled();
    void find_shifted();
    void find_common_shift();
    void find_equal();
    void find_duplicates();
    void find_clipped();
    void find_depths();
    void find_too_small();

    std::vector<PairFinding> take() { return std::move(findings_); }

  private:
    const PairLook& look(std::uint32_t pair) const { return looks_[pair]; }

    std::span<const PairLook> looks_;
    const LookedFor& about_;
    std::vector<PairFinding> findings_;
};

void Collector::find_unreadable() {
    Pairs pairs;
    for (std::uint32_t i = 0; i < looks_.size(); ++i) {
        if (!looks_[i].problem.empty()) pairs.push_back(i);
    }
    if (pairs.empty()) return;
    add(Weight::fault, "cannot be read",
        fmt::format("{} a picture cannot be read: {}", share(pairs), look(pairs.front()).problem),
        "copy the pictures again, or take the pairs out of both folders", pairs);
}

void Collector::find_foreign() {
    Pairs pairs = that([](const PairLook& look) { return look.is_foreign(); });
    if (pairs.empty()) return;
    std::ranges::sort(pairs, std::greater(), [&](std::uint32_t i) { return look(i).unexplained(); });
    add(Weight::fault, "something else",
        fmt::format("{} the target shows something else than its input: {}; no turn and no scale brings them "
                    "together, and {:.0f} % of what is in the target of {} does not come from its input",
                    share(pairs), names(pairs), 100 * look(pairs.front()).unexplained(),
                    about_.names.at(pairs.front())),
        "give each picture its own partner: they are paired by name", pairs);
}

void Collector::find_turned() {
    const Pairs pairs = that([](const PairLook& look) {
        return look.placement.kind == PairPlacement::Kind::found && !look.placement.is_upright();
    });
    if (pairs.empty()) return;
    add(Weight::fault, "turned",
        fmt::format("{} the target is turned or mirrored against its input: {}; that of {} is {}",
                    share(pairs), names(pairs), about_.names.at(pairs.front()),
                    turn_text(look(pairs.front()).placement)),
        "turn them back; where EXIF's orientation turns one side only, take it off (`exiftool -Orientation= "
        "FILE`)",
        pairs);
}

void Collector::find_scaled() {
    Pairs pairs = that([](const PairLook& look) {
        return look.placement.is_upright()
                   ? look.placement.scale != 1 || !look.same_size()
                   : !look.same_size() && look.placement.kind == PairPlacement::Kind::unknown;
    });
    if (pairs.empty()) return;
    std::ranges::sort(pairs, std::greater(),
                      [&](std::uint32_t i) { return std::abs(std::log(look(i).placement.scale)); });
    const PairLook& worst = look(pairs.front());
    std::string facts;
    if (worst.placement.kind == PairPlacement::Kind::found) {
        facts = fmt::format("; things are {} as large in the target of {} as in its input",
                            scale_text(worst.placement.scale), about_.names.at(pairs.front()));
    }
    if (!worst.same_size()) {
        facts += fmt::format("; {} is {}x{} before and {}x{} after", about_.names.at(pairs.front()),
                             worst.width, worst.height, worst.target_width, worst.target_height);
    }
    add(Weight::fault, "another crop or scale",
        fmt::format("{} the target is another crop, or in another scale: {}{}", share(pairs), names(pairs),
                    facts),
        "make targets with their input's size and borders: without cropping, straightening, lens correction "
        "and resizing",
        pairs);
}

void Collector::find_shifted() {
    Pairs pairs = that([](const PairLook& look) { return look.is_shifted(); });
    if (pairs.empty()) return;
    const auto size = [&](std::uint32_t i) { return std::hypot(look(i).placement.x, look(i).placement.y); };
    std::ranges::stable_sort(pairs, std::greater(), size);
    const PairPlacement& worst = look(pairs.front()).placement;
    bool same = true, whole = true;
    for (const std::uint32_t i : pairs) {
        const PairPlacement& one = look(i).placement;
        same = same && std::hypot(one.x - worst.x, one.y - worst.y) <= pair_bounds::same_shift;
        whole = whole &&
                std::hypot(one.x - std::round(one.x), one.y - std::round(one.y)) <= pair_bounds::same_shift;
    }
    std::string how = fmt::format("{}: {}", shift_text(worst.x, worst.y), names(pairs));
    if (!same)
        how = fmt::format("by different shifts, {} by {}: {}", about_.names.at(pairs.front()),
                          shift_text(worst.x, worst.y), names(pairs));
    add(Weight::fault, "shifted", fmt::format("{} the target lies beside its input, {}", share(pairs), how),
        fmt::format("align them, or let `train --align` take whole pixels out{}",
                    whole ? "" : "; parts of a pixel stay, and blur"),
        pairs);
}

/// Too small for --align, and the same for most: a resizing that puts pixels elsewhere, as a rule.
void Collector::find_common_shift() {
    const Pairs pairs = that([](const PairLook& look) {
        const PairPlacement& placement = look.placement;
        return placement.is_shift_only() && !look.is_shifted() && look.same_size() && !look.equal;
    });
    if (pairs.empty()) return;
    std::vector<double> xs, ys;
    for (const std::uint32_t i : pairs) {
        xs.push_back(look(i).placement.x);
        ys.push_back(look(i).placement.y);
    }
    const double x = upper_median(xs), y = upper_median(ys);
    if (std::hypot(x, y) < pair_bounds::shift || std::hypot(x, y) >= 1) return;
    Pairs agreeing;
    for (const std::uint32_t i : pairs) {
        const PairPlacement& one = look(i).placement;
        const bool agrees = std::hypot(one.x - x, one.y - y) <= pair_bounds::same_shift &&
                            one.bend <= pair_bounds::same_shift;
        if (agrees) agreeing.push_back(i);
    }
    if (4 * agreeing.size() < 3 * pairs.size()) return;
    add(Weight::warning, "part of a pixel",
        fmt::format("{} the target lies a part of a pixel beside its input: {}", share(agreeing),
                    shift_text(x, y)),
        "make targets without resizing, which moves them by parts of a pixel; the filter has to learn that "
        "too",
        agreeing);
}

void Collector::find_equal() {
    Pairs pairs = that([](const PairLook& look) { return look.equal; });
    if (pairs.empty()) return;
    const bool all = pairs.size() == looks_.size();
    add(all ? Weight::fault : Weight::warning, "target is input",
        fmt::format("{} the target is the input itself, in every pixel: {}", share(pairs), names(pairs)),
        all ? "give pictures after the filter as targets: of these nothing is to be learned"
            : "filter these pictures too, or take the pairs out",
        pairs);
}

void Collector::find_duplicates() {
    Pairs same, contrary;
    std::string same_example, contrary_example;
    for (const Duplicate& one : duplicates_of(looks_)) {
        Pairs& pairs = one.same_target ? same : contrary;
        std::string& example = one.same_target ? same_example : contrary_example;
        if (pairs.empty()) {
            example = fmt::format("{} and {}", about_.names.at(one.first), about_.names.at(one.second));
        }
        pairs.push_back(one.second);
    }
    if (!contrary.empty()) {
        add(Weight::warning, "contradicts another",
            fmt::format("{} a picture is there again with another target, as {}: they contradict each other",
                        share(contrary), contrary_example),
            "take out the pairs with the wrong target", contrary);
    }
    if (!same.empty()) {
        add(Weight::note, "there again",
            fmt::format("{} the pictures are there again, as {}", share(same), same_example),
            "take them out: they teach nothing new, and in validation they hide what was not learned", same);
    }
}

void Collector::find_clipped() {
    double dark = 0, bright = 0, count = 0;
    Pairs pairs = that([](const PairLook& look) { return look.is_sound() && !look.equal; });
    for (const std::uint32_t i : pairs) {
        dark += look(i).fit.clipped_dark;
        bright += look(i).fit.clipped_bright;
        ++count;
    }
    if (count == 0 || (dark + bright) / count < pair_bounds::clipped) return;
    const auto clipped = [&](std::uint32_t i) {
        return look(i).fit.clipped_dark + look(i).fit.clipped_bright;
    };
    std::erase_if(pairs, [&](std::uint32_t i) { return clipped(i) < pair_bounds::clipped; });
    std::ranges::stable_sort(pairs, std::greater(), clipped);
    add(Weight::note, "clips",
        fmt::format(
            "the targets clip: {:.0f} % of all values become black and {:.0f} % white that were neither, "
            "most in {}",
            100 * dark / count, 100 * bright / count, names(pairs)),
        "make targets with less contrast or exposure, unless clipping is what the filter is for", pairs);
}

void Collector::find_depths() {
    const Pairs mixed = that([](const PairLook& look) { return look.bits != look.target_bits; });
    if (!mixed.empty()) {
        const PairLook& first = look(mixed.front());
        const auto [fewer, more] = std::minmax(first.bits, first.target_bits);
        add(Weight::note, "bits differ",
            fmt::format("{} one picture has {} bits, that {}, and the other {}: {}", share(mixed), more,
                        first.bits == more ? "before" : "after", fewer, names(mixed)),
            fmt::format("export both with {} bits: {} leave steps that no filter makes", more, fewer), mixed);
    }
    const Pairs deep = that([](const PairLook& look) { return look.bits > 8 && look.target_bits > 8; });
    if (!deep.empty() && mixed.empty() && deep.size() < looks_.size()) {
        add(Weight::note, "bits differ",
            fmt::format("{} the pictures have {} bits, and in the others 8: {}", share(deep),
                        look(deep.front()).bits, names(deep)),
            "export all of them alike", deep);
    }
}

void Collector::find_too_small() {
    const Pairs pairs = that([](const PairLook& look) {
        return std::min({look.width, look.height, look.target_width, look.target_height}) < least_placed_side;
    });
    if (pairs.empty()) return;
    add(Weight::note, "too small",
        fmt::format(
            "{} a picture has fewer than {} pixels on a side: whether before and after lie on each other "
            "cannot be told: {}",
            share(pairs), least_placed_side, names(pairs)),
        "give larger pictures", pairs);
}

}  // namespace

const char* to_string(PairFinding::Weight weight) {
    switch (weight) {
        case Weight::fault:
            return "fault";
        case Weight::warning:
            return "warning";
        case Weight::note:
            return "note";
    }
    return "";
}

std::string some_names(std::span<const std::uint32_t> pairs, const std::vector<std::string>& names,
                       std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < std::min(most, pairs.size()); ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : ", ", names.at(pairs[i]));
    }
    if (pairs.size() > most) text += fmt::format(" and {} more", pairs.size() - most);
    return text;
}

std::vector<PairFinding> findings_of(std::span<const PairLook> looks, const LookedFor& about) {
    Collector found(looks, about);
    found.find_unreadable();
    found.find_foreign();
    found.find_turned();
    found.find_scaled();
    found.find_shifted();
    found.find_equal();
    found.find_common_shift();
    std::vector<PairFinding> of_filter = filter_findings_of(looks, about);
    found.find_duplicates();
    found.find_clipped();
    found.find_depths();
    found.find_too_small();
    std::vector<PairFinding> findings = found.take();
    findings.insert(findings.end(), std::make_move_iterator(of_filter.begin()),
                    std::make_move_iterator(of_filter.end()));
    std::ranges::stable_sort(findings, std::greater(), &PairFinding::weight);
    return findings;
}

}  // namespace shadenet
