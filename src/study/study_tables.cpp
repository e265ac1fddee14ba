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
std::string decibels(const StudyResult& result, double loss) {
    return result.classes() ? "" : fmt::format("<small>{}</small>", psnr_text(loss));
}

std::string loss_cell(const StudyResult& result, std::optional<double> loss) {
    return loss ? cell(figure_text(*loss) + decibels(result, *loss)) : cell(none);
}

std::string loss_cell(const StudyResult& result, const Spread& spread) {
    if (spread.count < 2)
        return loss_cell(result, spread.count == 0 ? std::nullopt : std::optional(spread.median));
    return fmt::format("<td>{}{}<small>{} to {}</small></td>", figure_text(spread.median),
                       decibels(result, spread.median), figure_text(spread.min), figure_text(spread.max));
}

std::string share_cell(std::optional<double> share) {
    return cell(share ? share_text(*share) : none);
}

std::string share_cell(const Spread& spread) {
    if (spread.count < 2) return share_cell(spread.count == 0 ? std::nullopt : std::optional(spread.median));
    return fmt::format("<td>{}<small>{} to {}</small></td>", share_text(spread.median),
                       share_text(spread.min), share_text(spread.max));
}

std::string runs_text(const VariantResult& variant) {
    std::string text = fmt::format("{} of {}", variant.finished, variant.runs.size());
    if (variant.diverged > 0) text += fmt::format("<small>{} diverged</small>", variant.diverged);
    if (variant.failed > 0) text += fmt::format("<small>{} failed</small>", variant.failed);
    return text;
}

std::string goal_text(const StudyResult& result) {
    if (!result.threshold) return "the threshold";
    return result.classes() ? share_text(*result.threshold) : short_loss(*result.threshold, 3);
}

std::string run_link(const RunResult& run) {
    const std::string name = escaped(run.run.name);
    if (!is_there(RunPaths(run.run.options.output).report())) return name;
    return fmt::format("<a href=\"{0}/report.html\">{0}</a>", name);
}

/// The headings of the figures that both tables have.
std::string figure_headings(const StudyResult& result, const char* between) {
    std::string html;
    if (result.classes()) {
        html =
            "<th>test accuracy</th><th>validation accuracy</th><th>best validation accuracy</th>"
            "<th>training accuracy</th>";
    }
    return html + fmt::format(
                      "<th>training loss</th><th>validation loss</th><th>best validation</th>{}"
                      "<th>epochs to {}</th><th>seconds an epoch</th>",
                      between, goal_text(result));
}

std::string run_row(const RunResult& run, const StudyResult& result) {
    std::string html =
        fmt::format("<tr><th scope=\"row\">{}</th>{}{}", run_link(run), cell(to_string(run.state)),
                    cell(fmt::format("{}", run.history.empty() ? 0 : run.history.back().epoch)));
    if (result.classes()) {
        for (const auto& accuracy : {run.test_accuracy(), run.validation_accuracy(),
                                     run.best_validation_accuracy(), run.train_accuracy()}) {
            html += share_cell(accuracy);
        }
    }
    const auto reached = result.epochs_to_threshold(run);
    return html + loss_cell(result, run.train_loss()) + loss_cell(result, run.validation_loss()) +
           loss_cell(result, run.best_validation_loss()) +
           cell(reached ? fmt::format("{}", *reached) : none) + cell(run.seconds_per_epoch()) + "</tr>";
}

std::string variant_row(const StudyResult& result, std::size_t index) {
    const VariantResult& variant = result.variants[index];
    std::string html = fmt::format(
        "<tr><th scope=\"row\"><span class=\"swatch\" style=\"background:{}\"></span>{}</th>{}",
        variant_colour(result, index), escaped(variant.variant.label()), cell(runs_text(variant)));
    if (result.classes()) {
        for (const Spread& accuracy : {variant.test_accuracy, variant.validation_accuracy,
                                       variant.best_validation_accuracy, variant.train_accuracy}) {
            html += share_cell(accuracy);
        }
    }
    return html + loss_cell(result, variant.train_loss) + loss_cell(result, variant.validation_loss) +
           loss_cell(result, variant.best_validation_loss) + cell(variant.gap) +
           cell(variant.epochs_to_threshold) + cell(variant.seconds_per_epoch) + "</tr>";
}

}  // namespace

std::string variant_table(const StudyResult& result) {
    std::string html =
        "<div class=\"scroll\"><table class=\"results\"><thead><tr><th>variant</th>"
        "<th>runs done</th>" +
        figure_headings(result, "<th>validation / training</th>") + "</tr></thead><tbody>";
    for (std::size_t i = 0; i < result.variants.size(); ++i) html += variant_row(result, i);
    return html + "</tbody></table></div>";
}

std::string run_table(const StudyResult& result) {
    std::string html =
        "<div class=\"scroll\"><table class=\"results\"><thead><tr><th>run</th>"
        "<th>state</th><th>epochs</th>" +
        figure_headings(result, "") + "</tr></thead><tbody>";
    for (const VariantResult& variant : result.variants) {
        for (const RunResult& run : variant.runs) html += run_row(run, result);
    }
    return html + "</tbody></table></div>";
}

}  // namespace shadenet
