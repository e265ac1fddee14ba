#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/counted.h"
#include "report/axis.h"
#include "report/html.h"
#include "report/sections.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

std::string time_taken(const RunRecord& run) {
    double seconds = 0;
    for (const EpochRecord& record : run.history) seconds += std::max(0.0, record.seconds);
    // The limit makes even a damaged file's seconds fit into an integer.
    const auto whole = static_cast<std::uint64_t>(std::llround(std::min(seconds, 1e15)));
    if (seconds < 59.5) return fmt::format("{} seconds", short_number(seconds, 2));
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

/// That of classes has no decibels.
std::string loss_of(const RunRecord& run, double loss) {
    return run.options.learns_classes() ? short_number(loss, 4) : short_loss(loss);
}

/// Why a run that is finished has not done all its epochs.
std::string early_end(const RunRecord& run) {
    if (!run.ended_early()) return "";
    const BestValidation& best = *run.early_stop.best;
    return fmt::format(
        " It ended early: <b>{}</b> in a row without a lower loss than {}{} at step {}; "
        "<i>best.safetensors</i> holds that model.",
        counted(run.early_stop.since, "validation"), loss_of(run, best.loss),
        best.accuracy ? fmt::format(" ({:.2f} % right)", 100 * *best.accuracy) : "", best.step);
}

std::string progress(const RunRecord& run) {
    if (run.history.empty()) {
        return fmt::format("No epoch of {} {}.{}", run.options.epochs,
                           run.ended_early() ? "was done" : "is done yet", early_end(run));
    }
    const EpochRecord &first = run.history.front(), &last = run.history.back();
    std::string text = fmt::format(
        "After <b>{}</b>{}, {} the loss from <b>{}</b> to <b>{}</b>", counted(last.epoch, "epoch"),
        last.epoch < run.options.epochs ? fmt::format(" of {}", run.options.epochs) : "",
        last.train_loss <= first.train_loss ? "training has brought" : "training has let rise",
        loss_of(run, first.train_loss), loss_of(run, last.train_loss));
    if (last.validation_loss) {
        text +=
            fmt::format("; on the validation pictures it is <b>{}</b>", loss_of(run, *last.validation_loss));
    }
    return text + fmt::format(". That took {}.{}", time_taken(run), early_end(run));
}

/// In a sentence; the section below has the rest.
std::string quality_sentence(const RunRecord& run) {
    if (!run.quality) return "";
    const QualityRecord& quality = *run.quality;
    return fmt::format("The result <b>{}</b>: {}, on {}. ",
                       quality.verdict.grade == QualityGrade::same
                           ? grade_text(quality.verdict.grade)
                           : "is " + grade_text(quality.verdict.grade),
                       error_text(quality.all.loss, quality.all.levels), pictures_text(quality));
}

/// The floor, to judge the loss by.
std::string floor_sentence(const RunRecord& run) {
    if (!run.floor) return "";
    std::string text = fmt::format(" The {} {} <b>{}</b>: {}.", floor_name(run.architecture()),
                                   has_activation(run.architecture()) ? "has" : "is",
                                   short_loss(run.floor->loss), floor_meaning(*run.floor, run.options));
    if (run.floor->reached) {
        text += fmt::format(" The network's loss on the same pixels is <b>{}</b>, {}.",
                            short_loss(*run.floor->reached),
                            gap_text(*run.floor, floor_name(run.architecture())));
    }
    return text;
}

std::string solved_sentence(const RunRecord& run) {
    if (run.solved.empty()) return "";
    return fmt::format(" The last layer was then solved by least squares, for a loss of {}.",
                       escaped(run.solved));
}

/// The names of the domains: "day, night".
std::string domain_names(const RunRecord& run) {
    std::string names;
    for (const Domain& domain : run.options.domains) names += (names.empty() ? "" : ", ") + domain.name;
    return names;
}

/// Of a run on labelled pictures; the last figure of it where there is one.
std::string class_task(const RunRecord& run) {
    std::string text = fmt::format("A network learned to tell the classes of the pictures in <i>{}</i>.",
                                   folder_name(run.options.labelled));
    if (run.test) {
        text += fmt::format(" Of the test pictures the {} model answers <b>{}</b>.",
                            run.test->best ? "best validation's" : "trained", to_string(*run.test));
    }
    return text;
}

std::string task(const RunRecord& run) {
    if (run.options.learns_classes()) return class_task(run);
    const std::string pictures = run.pairs.empty() ? "pairs of pictures, before and after it"
                                                   : counted(run.pairs.size(), "pair") + " of pictures";
    if (!run.options.domains.empty()) {
        return fmt::format(
            "A small network learned a filter from {} of several streams: <i>{}</i>. They share its weights, "
            "and each has moving statistics of its own; the curves show those of the first.",
            pictures, domain_names(run));
    }
    return fmt::format(
        "A small network learned a filter from {}: those in the folder <i>{}</i> are to become "
        "those in <i>{}</i>.",
        pictures, folder_name(run.options.input), folder_name(run.options.target));
}

}  // namespace

std::string folder_name(const fs::path& path) {
    return escaped((path.has_filename() ? path : path.parent_path()).filename().string());
}

std::string title(const RunRecord& run) {
    if (run.options.learns_classes()) return "classes of " + folder_name(run.options.labelled);
    if (!run.options.domains.empty()) return domain_names(run);
    return fmt::format("{} → {}", folder_name(run.options.input), folder_name(run.options.target));
}

std::string heading(const RunRecord& run) {
    return fmt::format(
        "<header><h1>{}</h1><p class=\"lead\">{} {}{}{}</p><p class=\"device\">On {}</p></header>",
        title(run), task(run), quality_sentence(run) + progress(run), solved_sentence(run),
        floor_sentence(run), escaped(run.device));
}

}  // namespace shadenet
