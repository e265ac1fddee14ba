// shadenet check: pairs looked at before they are learned from.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/one_line.h"
#include "base/told_file.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/new_file.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "cli/tables.h"
#include "cli/text.h"
#include "data/pair_profiles.h"
#include "group/shared_work.h"
#include "image/not_taken.h"
#include "image/pairs.h"
#include "model/parameters.h"
#include "pairs/look_texts.h"
#include "pairs/looking.h"
#include "pairs/pair_findings.h"
#include "report/contact_sheet.h"
#include "train/options/quality.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using Weight = PairFinding::Weight;

struct CheckFlags {
    std::string input, target, html, network;
    bool overwrite = false;
};

/// How many numbers the network has to learn; an empty name: the one that train takes.
std::uint64_t parameters_of(const std::string& network) {
    NetworkChoice choice = default_options(Quality::normal).network;
    if (!network.empty()) choice.asked = network;
    choice.look_up();
    require_filter(choice.network());
    return initial_parameters(choice.network(), 0).trainable_values();
}

void check_place(const CheckFlags& flags) {
    if (flags.html.empty()) {
        if (flags.overwrite) throw InputError("--overwrite is for the page of --html; give --html too");
        return;
    }
    check_new_file(flags.html, "--html", flags.overwrite, page_file);
}

/// Looks at this rank's pairs: the ranks take them by turns. Throws Stopped when interrupted.
std::vector<PairLook> look_at_own(const SharedWork& work, const std::vector<ImagePair>& pairs) {
    std::vector<ImagePair> own;
    for (std::size_t i = work.part(); i < pairs.size(); i += work.parts()) own.push_back(pairs[i]);
    const unsigned processes = work.group().local().ranks;
    const std::atomic<bool>& stop = stop_on_interrupt();
    ProgressBar bar(work.group().leads());
    const auto count = static_cast<std::uint32_t>(own.size());
    std::optional<std::vector<PairLook>> looks = look_at_all(
        count, [&](std::uint32_t i) { return look_at_files(own[i], processes); },
        [&](std::uint32_t done) {
            bar.show(done, count, fmt::format("{} of {} looked at", done, counted(count, "pair")));
            return !stop;
        },
        processes);
    if (!looks) throw Stopped();
    return std::move(*looks);
}

/// Looks at the pairs together with the other ranks, and gets what all have seen, in the order of the pairs.
/// None where another rank has failed. Throws as look_at_own() does.
std::optional<std::vector<PairLook>> look_at(SharedWork& work, const std::vector<ImagePair>& pairs) {
    const std::vector<Texts> seen = work.gather([&] {
        Texts texts;
        for (const PairLook& look : look_at_own(work, pairs)) append_texts(texts, look);
        return texts;
    });
    if (seen.empty()) return std::nullopt;
    std::vector<std::vector<PairLook>> of_ranks(seen.size());
    for (std::size_t rank = 0; rank < seen.size(); ++rank) read_texts(seen[rank], of_ranks[rank]);
    std::vector<PairLook> looks;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        looks.push_back(std::move(of_ranks[i % seen.size()][i / seen.size()]));
    return looks;
}

/// The pairs as texts, for the other ranks.
Texts texts_of(const std::vector<ImagePair>& pairs) {
    Texts texts;
    for (const ImagePair& pair : pairs) {
        texts.insert(texts.end(), {pair.stem, pair.input.string(), pair.target.string()});
    }
    return texts;
}

std::vector<ImagePair> pairs_in(const Texts& texts) {
    std::vector<ImagePair> pairs;
    for (std::size_t i = 0; i < texts.size(); i += 3) pairs.push_back({texts[i], texts[i + 1], texts[i + 2]});
    return pairs;
}

/// Colour profiles that differ, as train says them, too.
void add_profiles(const std::vector<PairLook>& looks, const std::vector<std::string>& names,
                  std::vector<PairFinding>& findings) {
    PairProfiles profiles;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (looks[i].problem.empty()) profiles.add(names[i], looks[i].profile, looks[i].target_profile);
    }
    for (std::string& line : profiles.lines()) {
        findings.push_back({Weight::warning, "colours", std::move(line), "", {}});
    }
    std::ranges::stable_sort(findings, std::greater(), &PairFinding::weight);
}

/// False when interrupted.
bool write_sheet(const CheckFlags& flags, const std::vector<ImagePair>& pairs,
                 const std::vector<PairLook>& looks, const std::vector<std::string>& names,
                 const std::vector<PairFinding>& findings) {
    const std::vector<std::uint32_t> order = sheet_order(findings, pairs.size());
    std::vector<SheetPair> shown;
    ProgressBar bar(true);
    for (const std::uint32_t i : order) {
        if (stop_on_interrupt()) {
            bar.clear();
            spdlog::warn("interrupted; {} is not written", flags.html);
            return false;
        }
        bar.show(static_cast<double>(shown.size()), static_cast<double>(order.size()), "contact sheet");
        try {
            shown.push_back(
                sheet_pair(i, read_image(pairs[i].input).image, read_image(pairs[i].target).image));
        } catch (const InputError&) {
            shown.push_back({i, {}, {}, {}});  // which is a finding
        }
    }
    bar.clear();
    const std::string from = fmt::format("{} and {}", flags.input, flags.target);
    write_told_file(flags.html, contact_sheet(from, findings, looks, names, shown));
    return true;
}

void show_findings(const std::vector<PairFinding>& findings, std::size_t pairs) {
    const auto of_weight = [&](Weight weight) {
        return static_cast<std::size_t>(std::ranges::count(findings, weight, &PairFinding::weight));
    };
    if (findings.empty()) {
        say("checked    {}: nothing found", counted(pairs, "pair"));
        return;
    }
    say("checked    {}: {}, {}, {}", counted(pairs, "pair"), counted(of_weight(Weight::fault), "fault"),
        counted(of_weight(Weight::warning), "warning"), counted(of_weight(Weight::note), "note"));
    for (const PairFinding& finding : findings) {
        say("{}", finding_lines(to_string(finding.weight), finding.what, finding.remedy));
    }
}

int lead_check(const CheckFlags& flags, SharedWork& work) {
    check_place(flags);
    LookedFor about{{}, parameters_of(flags.network)};
    const std::vector<ImagePair> pairs = pair_images(flags.input, flags.target);
    for (const std::string& line : not_taken_in({flags.input, flags.target})) spdlog::info("{}", line);
    for (const ImagePair& pair : pairs) about.names.push_back(on_one_line(pair.stem));
    work.begin(texts_of(pairs));
    const std::optional<std::vector<PairLook>> looks = look_at(work, pairs);
    if (!looks) return exit_fine;
    std::vector<PairFinding> findings = findings_of(*looks, about);
    add_profiles(*looks, about.names, findings);
    show_findings(findings, pairs.size());
    if (!flags.html.empty()) {
        if (!write_sheet(flags, pairs, *looks, about.names, findings)) return exit_after_interrupt();
        say("sheet      {}", shown(flags.html));
    }
    const bool serious = !findings.empty() && findings.front().weight != Weight::note;
    return serious ? exit_failure : exit_fine;
}

/// This rank's part, whichever it is.
int check_part(const std::function<int(SharedWork&)>& part) {
    SharedWork work(this_group());
    return work.leave(reported([&] {
        try {
            return part(work);
        } catch (const Stopped&) {
            spdlog::warn("interrupted; nothing is told of pairs until all are looked at");
            return exit_after_interrupt();
        }
    }));
}

int run_check(const CheckFlags& flags) {
    return check_part([&](SharedWork& work) { return lead_check(flags, work); });
}

int follow_check(const CheckFlags&) {
    return check_part([](SharedWork& work) {
        if (const std::optional<Texts> pairs = work.begun()) look_at(work, pairs_in(*pairs));
        return exit_fine;
    });
}

}  // namespace

void add_check_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "check", "Look at pairs before they are learned from: do they fit?", exit_code,
                    run_check, follow_check);
    add_valued(command, "-i,--input", flags.input, "pictures before the filter", "DIR")->required();
    add_valued(command, "--target", flags.target, "the same pictures after it", "DIR")->required();
    add_valued(command, "--network", flags.network,
               "what is to learn from them: two-layer, dncnn, a file, or the layers themselves",
               "NAME|FILE|TEXT");
    add_valued(command, "--html", flags.html, "show the pairs side by side in this file, the worst first",
               "FILE");
    command.add_flag("--overwrite", flags.overwrite, "replace the page of --html that is there");
    command.footer(
        "Finds targets that are shifted, turned, mirrored, cropped, scaled or of another\n"
        "picture; pairs that another filter has made; targets that depend on the whole\n"
        "picture or on the place in it; pictures that are there twice, clip, or differ\n"
        "in bits or colours; and too little to learn from. Exit codes: 0 nothing worse\n"
        "than a note; 1 faults or warnings, so that training waits for better pairs:\n"
        "  shadenet check -i photos --target photos_in_grey --html pairs.html &&\n"
        "  shadenet train -i photos --target photos_in_grey -o grey_filter");
}

}  // namespace shadenet
