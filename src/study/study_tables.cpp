#include "study/study_tables.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/psnr.h"
#include "report/axis.h"
#include "report/html.h"
#include "study/study_curves.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

constexpr const char* none = "–";

std::string cell(const std::string& text) {
    return fmt::format("<td>{}</td>", text);
}

std::string cell(std::optional<double> value) {
    return cell(value ? figure_text(*value) : none);
}

std::string cell(const Spread& spread) {
    if (spread.count == 0) return cell(none);
    if (spread.count == 1) return cell(figure_text(spread.median));
    return fmt::format("<td>{}<small>{} to {}</small></td>", figure_text(spread.median),
                       figure_text(spread.min), figure_text(spread.max));
}

/// Of a mean squared error, also in decibels.
std::string loss_cell(std::optional<double> loss) {
    if (!loss) return cell(none);
    return fmt::format("<td>{}<small>{}</small></td>", figure_text(*loss), psnr_text(*loss));
}

std::string loss_cell(const Spread& spread) {
    if (spread.count < 2) return loss_cell(spread.count == 0 ? std::nullopt : std::optional(spread.median));
    return fmt::format("<td>{}<small>{}</small><small>{} to {}</small></td>", figure_text(spread.median),
                       psnr_text(spread.median), figure_text(spread.min), figure_text(spread.max));
}

std::string runs_text(const VariantResult& variant) {
    std::string text = fmt::format("{} of {}", variant.finished, variant.runs.size());
    if (variant.diverged > 0) text += fmt::format("<small>{} diverged</small>", variant.diverged);
    if (variant.failed > 0) text += fmt::format("<small>{} failed</small>", variant.failed);
    return text;
}

std::string threshold_text(const StudyResult& result) {
    return result.threshold ? short_loss(*result.threshold, 3) : "the threshold";
}

std::string run_link(const RunResult& run) {
    const std::string name = escaped(run.run.name);
    if (!is_there(RunPaths(run.run.options.output).report())) return name;
    return fmt::format("<a href=\"{0}/report.html\">{0}</a>", name);
}

std::string run_row(const RunResult& run, std::optional<double> threshold) {
    const auto reached = threshold ? run.epochs_to(*threshold) : std::nullopt;
    return fmt::format(
        "<tr><th scope=\"row\">{}</th>{}{}{}{}{}{}{}</tr>", run_link(run), cell(to_string(run.state)),
        cell(fmt::format("{}", run.history.empty() ? 0 : run.history.back().epoch)),
        loss_cell(run.train_loss()), loss_cell(run.validation_loss()), loss_cell(run.best_validation_loss()),
        cell(reached ? fmt::format("{}", *reached) : none), cell(run.seconds_per_epoch()));
}

}  // namespace

std::string variant_table(const StudyResult& result) {
    std::string html = fmt::format(
        "<div class=\"scroll\"><table class=\"results\"><thead><tr><th>variant</th><th>runs done</th>"
        "<th>training loss</th><th>validation loss</th><th>best validation</th><th>validation / training</th>"
        "<th>epochs to {}</th><th>seconds an epoch</th></tr></thead><tbody>",
        threshold_text(result));
    for (std::size_t i = 0; i < result.variants.size(); ++i) {
        const VariantResult& variant = result.variants[i];
        html += fmt::format(
            "<tr><th scope=\"row\"><span class=\"swatch\" "
            "style=\"background:{}\"></span>{}</th>{}{}{}{}{}{}{}</tr>",
            variant_colour(result, i), escaped(variant.variant.label()), cell(runs_text(variant)),
            loss_cell(variant.train_loss), loss_cell(variant.validation_loss),
            loss_cell(variant.best_validation_loss), cell(variant.gap), cell(variant.epochs_to_threshold),
            cell(variant.seconds_per_epoch));
    }
    return html + "</tbody></table></div>";
}

std::string run_table(const StudyResult& result) {
    std::string html = fmt::format(
        "<div class=\"scroll\"><table class=\"results\"><thead><tr><th>run</th><th>state</th><th>epochs</th>"
        "<th>training loss</th><th>validation loss</th><th>best validation</th><th>epochs to {}</th>"
        "<th>seconds an epoch</th></tr></thead><tbody>",
        threshold_text(result));
    for (const VariantResult& variant : result.variants) {
        for (const RunResult& run : variant.runs) html += run_row(run, result.threshold);
    }
    return html + "</tbody></table></div>";
}

}  // namespace shadenet
