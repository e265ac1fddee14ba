#include "study/study_page.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "report/axis.h"
#include "report/chart.h"
#include "report/html.h"
#include "report/page.h"
#include "report/sections.h"
#include "study/findings.h"
#include "study/study_curves.h"
#include "study/study_tables.h"

namespace shadenet {

namespace {

constexpr std::size_t most_picture_bytes = 4'500'000;
constexpr std::size_t most_variants_shown = 12;
constexpr ChartSize chart_size{620, 380};

/// "norm, optimizer": what is varied.
std::string varied_text(const StudyPlan& plan) {
    const std::vector<std::string> options = varied_options(plan);
    return options.empty() ? "seeds" : fmt::format("{}", fmt::join(options, ", "));
}

std::string page_title(const StudyPlan& plan) {
    return plan.name.empty() ? fmt::format("Study: {}", escaped(varied_text(plan)))
                             : fmt::format("Study: {}", escaped(plan.name));
}

/// What is learned from what, in so many ways; of several domains of pictures the first is named.
std::string task(const TrainOptions& options, const std::string& ways) {
    if (options.learns_classes()) {
        return fmt::format("One classifier, learned in {} from the same labelled pictures, <i>{}</i>", ways,
                           folder_name(options.labelled));
    }
    const bool domains = !options.domains.empty();
    const fs::path& input = domains ? options.domains.front().input : options.input;
    const fs::path& target = domains ? options.domains.front().target : options.target;
    return fmt::format(
        "One filter, learned in {} from the same pairs: pictures of the folder <i>{}</i> are to "
        "become those in <i>{}</i>{}",
        ways, folder_name(input), folder_name(target),
        options.domains.size() > 1
            ? fmt::format(", and so on with {}", counted(options.domains.size(), "stream"))
            : "");
}

std::string heading_of(const StudyResult& result) {
    const StudyPlan& plan = result.plan;
    const std::size_t runs = plan.variants.size() * plan.repeats;
    std::string state = fmt::format("{} of {} finished", result.finished(), counted(runs, "run"));
    if (result.diverged() > 0) state += fmt::format(", {} diverged", result.diverged());
    if (result.failed() > 0) state += fmt::format(", {} failed", result.failed());
    const std::string times = plan.repeats == 1 ? "once" : counted(plan.repeats, "time");
    const std::string lead =
        fmt::format("{}. Varied: {}. Each variant was trained {}, from seed {} on.",
                    task(plan.variants.front().options, counted(plan.variants.size(), "way")),
                    escaped(varied_text(plan)), times, plan.variants.front().options.seed);
    return fmt::format("<header><h1>{}</h1><p class=\"lead\">{}</p><p class=\"device\">{}</p></header>",
                       page_title(plan), lead, state);
}

std::string findings_section(const StudyResult& result) {
    std::string items;
    for (const StudyFinding& finding : findings_of(result)) {
        items += fmt::format("<li class=\"{}\">{}</li>", finding.supported ? "held" : "open",
                             escaped(finding.text));
    }
    if (items.empty()) items = "<li class=\"open\">There is nothing to compare yet.</li>";
    return fmt::format(
        "<section><h2>Findings</h2><ul class=\"findings\">{}</ul><p class=\"device\">{} Figures are medians, "
        "with the smallest and the largest of the repeats.</p></section>\n",
        items, escaped(comparison_rule(result)));
}

std::string figure(const Chart& chart, const char* caption) {
    return fmt::format("<figure class=\"chart\">{}<figcaption>{}</figcaption></figure>",
                       inline_chart(chart, chart_size), caption);
}

std::string curves_section(const StudyResult& result) {
    std::string charts;
    if (result.classes()) {
        charts = figure(accuracy_curves(result),
                        result.validated() ? "<b>Right answers</b> in validation, by the moving statistics"
                                           : "<b>Right answers</b> in training, while it goes on");
    }
    charts += figure(training_curves(result), "<b>Training</b>, by the statistics of the batch at hand");
    const Chart validation = validation_curves(result);
    if (!validation.epochs.empty()) {
        charts += figure(validation, "<b>Validation</b>, on other pictures, by the moving statistics");
    }
    return fmt::format(
        "<section><h2>{}</h2><p>Every line is the median of a variant's repeats, and the band around it "
        "goes "
        "from the lowest to the highest of them, as far as all of them went.</p><div "
        "class=\"charts\">{}</div>"
        "</section>\n",
        result.classes() ? "Accuracy and loss" : "Loss", charts);
}

std::string results_section(const StudyResult& result) {
    std::string text =
        "After the last epoch: the median of the finished repeats, and under it the least and the greatest.";
    if (result.threshold) {
        text += fmt::format(
            " They are raced to {}, the {}, which "
            "the median run of every variant gets to{}. Where batches are smaller, an epoch has more steps.",
            result.threshold_text(),
            result.classes() ? "lowest of the variants' medians of the best epoch"
                             : "highest of the variants' medians in the end",
            result.diverged() > 0 ? "; those of which a run diverged are left out" : "");
    }
    return fmt::format("<section><h2>Results</h2><p>{}</p>{}</section>\n", text, variant_table(result));
}

std::string runs_section(const StudyResult& result) {
    return fmt::format(
        "<section><h2>Runs</h2><p>Each has a folder and a page of its own. The same numbers are in "
        "<a href=\"summary.csv\">summary.csv</a>.</p>{}</section>\n",
        run_table(result));
}

/// The first pair of the variant's first run that has a result, in at most `budget` bytes.
std::optional<ShownSet> picture_of(const VariantResult& variant, std::size_t budget) {
    for (const RunResult& result : variant.runs) {
        if (!result.finished()) continue;
        try {
            RunRecord run = read_run(result.run.options.output);
            run.tests.clear();
            if (!run.pairs.empty()) run.pairs.erase(run.pairs.begin() + 1, run.pairs.end());
            ShownPictures shown = show_pictures(run, budget);
            if (shown.pairs.empty()) continue;
            ShownSet set = std::move(shown.pairs.front());
            set.stem = fmt::format("{}: {}", variant.variant.label(), set.stem);
            return set;
        } catch (const InputError&) {
            continue;  // damaged since; the page goes without
        }
    }
    return std::nullopt;
}

std::string pictures_section(const StudyResult& result) {
    if (result.classes()) return "";
    const std::size_t count = std::min(result.variants.size(), most_variants_shown);
    std::vector<ShownSet> sets;
    for (std::size_t i = 0; i < count; ++i) {
        if (auto set = picture_of(result.variants[i], most_picture_bytes / count))
            sets.push_back(*std::move(set));
    }
    if (sets.empty()) return "";
    const std::string left_out =
        count < result.variants.size() ? fmt::format(" Of the first {} variants.", count) : std::string();
    return picture_section("What each made of one picture",
                           "The same picture by every variant, from its first finished run." + left_out,
                           sets);
}

}  // namespace

std::string study_page(const StudyResult& result) {
    return html_page(page_title(result.plan), heading_of(result),
                     findings_section(result) + curves_section(result) + results_section(result) +
                         pictures_section(result) + runs_section(result) + words_section(false));
}

void write_study_page(const StudyResult& result) {
    std::vector<Chart> charts = {training_curves(result)};
    if (Chart validation = validation_curves(result); !validation.epochs.empty()) {
        charts.push_back(std::move(validation));
    }
    if (result.classes()) charts.insert(charts.begin(), accuracy_curves(result));
    write_file_atomically(
        result.plan.folder / "loss.svg",
        chart_file(result.classes() ? "Accuracy and loss of every variant" : "Loss of every variant", charts,
                   charts.size(), chart_size));
    write_file_atomically(result.plan.folder / "study.html", study_page(result));
}

}  // namespace shadenet
