// What came of the test of a classifier: the table of answers, and the worst mistakes.
#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "report/confusion.h"
#include "report/html.h"
#include "report/sections.h"

namespace shadenet {

namespace {

constexpr std::size_t pairs_beside_matrix = 10, pairs_without_matrix = 40;

std::string pair_table(const TestResults& results, std::size_t most) {
    const std::vector<ConfusedPair> pairs = confused_pairs(results, most);
    if (pairs.empty()) return "";
    std::string html =
        "<div class=\"scroll confused\"><table><caption>Most confused</caption><thead><tr><th>class</th>"
        "<th>answer</th><th>pictures</th><th>of the class</th></tr></thead><tbody>";
    for (const ConfusedPair& pair : pairs) {
        html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{:.1f} %</td></tr>",
                            escaped(results.classes[pair.label]), escaped(results.classes[pair.answer]),
                            pair.count,
                            100.0 * static_cast<double>(pair.count) /
                                static_cast<double>(pictures_of_class(results, pair.label)));
    }
    return html + "</tbody></table></div>";
}

std::string table_of_answers(const TestResults& results) {
    if (results.classes.size() > most_classes_drawn) {
        return fmt::format("<p>With {} classes the table of all answers is too large to draw.</p>{}",
                           results.classes.size(), pair_table(results, pairs_without_matrix));
    }
    return fmt::format(
        "<p>Each row is a true class, each column an answer: what lies off the diagonal is a mistake. At the "
        "end of a row stands how many pictures of that class are answered right. Point at a cell for its "
        "counts.</p><div class=\"answers\"><figure class=\"confusion\">{}</figure>{}</div>",
        confusion_svg(results), pair_table(results, pairs_beside_matrix));
}

std::string percent_text(double probability) {
    return fmt::format("{:.{}f} %", 100 * probability, probability > 0.0005 && probability < 0.9995 ? 1 : 3);
}

std::string mistake_figure(const ReportedMistake& shown, const TestResults& results) {
    const Mistake& mistake = shown.mistake;
    const std::string answer = escaped(results.classes[mistake.answer]);
    const std::string label = escaped(results.classes[mistake.label]);
    const ShownPicture picture = exact_picture(shown.picture);
    return fmt::format(
        "<figure title=\"{}\"><img{} width=\"{}\" height=\"{}\" alt=\"{} taken for {}\" src=\"{}\">"
        "<figcaption><span>is <b>{}</b></span> <span>{}</span><br><span>answer <b>{}</b></span> "
        "<span>{}</span></figcaption></figure>",
        escaped(mistake.name), picture.pixelated ? " class=\"small\"" : "", picture.width, picture.height,
        label, answer, picture.uri, label, percent_text(mistake.right_probability), answer,
        percent_text(mistake.probability));
}

std::string mistakes_section(const RunRecord& run) {
    if (run.mistakes.empty()) return "";
    const std::uint64_t all = run.test->pictures() - run.test->correct();
    std::string html = fmt::format(
        "<section><h2>Worst mistakes</h2><p>{} wrong answers, those first whose true class was held least "
        "likely. Below each picture stand both classes with their probabilities; point at it for its "
        "name.</p><div class=\"mistakes\">",
        run.mistakes.size() < all ? fmt::format("{} of {}", run.mistakes.size(), all)
                                  : fmt::format("All {}", all));
    for (const ReportedMistake& mistake : run.mistakes) html += mistake_figure(mistake, *run.test);
    return html + "</div></section>\n";
}

}  // namespace

std::string test_sections(const RunRecord& run) {
    if (!run.test) return "";
    const TestResults& results = *run.test;
    return fmt::format(
        "<section><h2>Test</h2><p>Of the test pictures, which training never saw, the model "
        "answers <b>{}</b>.{}</p>{}</section>\n{}",
        to_string(results), results.best ? "" : found_before(run.history, results.step),
        table_of_answers(results), mistakes_section(run));
}

}  // namespace shadenet
