// Studies of classifiers: what is told by accuracy in place of loss.
#include <cmath>

#include "catch.h"
#include "made_study.h"
#include "study/findings.h"
#include "study/study_curves.h"
#include "study/study_page.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Without a norm 90, 91 and 92 % of the test's pictures, with one 94, 95 and 96 %.
StudyResult made_classifiers() {
    return MadeStudy()
        .of_classes()
        .variant("none", {made_class_run(0.99, 0.88, 0.90), made_class_run(0.98, 0.92, 0.91),
                          made_class_run(0.97, 0.90, 0.92)})
        .variant("before", {made_class_run(0.96, 0.94, 0.96), made_class_run(0.95, 0.96, 0.94),
                            made_class_run(0.94, 0.95, 0.95)})
        .result();
}

bool has_finding(const StudyResult& result, const std::string& text, bool supported) {
    for (const StudyFinding& finding : findings_of(result)) {
        if (finding.text == text && finding.supported == supported) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a classifier's figures are those of its last epoch, its best one and its test") {
    RunResult run = made_class_run(0.8, 0.6, 0.7);
    run.history[1].validation_accuracy = 0.65;
    CHECK(run.train_accuracy() == 0.8);
    CHECK(run.validation_accuracy() == 0.6);
    CHECK(run.best_validation_accuracy() == 0.65);
    CHECK(run.best_raced_accuracy() == 0.65);
    CHECK(run.test_accuracy() == 0.7);
    CHECK(run.test_loss() == 1.25);
    run.best_logged = 0.66;
    CHECK(run.best_validation_accuracy() == 0.66);
    CHECK(run.epochs_to_accuracy(0.65) == 2u);
    CHECK_FALSE(run.epochs_to_accuracy(0.651));
    const RunResult unvalidated = made_class_run(0.8, {}, {});
    CHECK_FALSE(unvalidated.best_validation_accuracy());
    CHECK(unvalidated.best_raced_accuracy() == 0.8);
    CHECK(unvalidated.epochs_to_accuracy(0.6) == 3u);
    CHECK_FALSE(unvalidated.test_accuracy());
    CHECK_FALSE(made_run(0.5, 0.5).best_raced_accuracy());
}

TEST_CASE("classifiers are raced to the lowest of the best accuracies") {
    const StudyResult result = made_classifiers();
    REQUIRE(result.threshold);
    CHECK(*result.threshold == 0.90);
    CHECK(result.threshold_text() == "a validation accuracy of 90.00 %");
    CHECK(result.variants[0].epochs_to_threshold.median == 4);
    CHECK(std::isinf(result.variants[0].epochs_to_threshold.max));
    CHECK(result.variants[1].epochs_to_threshold.max == 4);
    const StudyResult unvalidated = MadeStudy()
                                        .of_classes()
                                        .variant("none", {made_class_run(0.5, {}, {})})
                                        .variant("before", {made_class_run(0.7, {}, {})})
                                        .result();
    CHECK(unvalidated.threshold_text() == "a training accuracy of 50.00 %");
    CHECK(unvalidated.variants[1].epochs_to_threshold.median == 3);
}

TEST_CASE("more right answers are better, and their distance is told in points") {
    const StudyResult result = made_classifiers();
    CHECK(
        has_finding(result,
                    "norm=before ended highest in test accuracy: 95.00 % (94.00 % to 96.00 %), 4.00 points "
                    "above norm=none, the next, with 91.00 % (90.00 % to 92.00 %). The ranges of the repeats "
                    "are 2.00 points apart, and the wider one is 2.00 points wide.",
                    true));
    CHECK(
        has_finding(result,
                    "norm=none ended highest in training accuracy: 98.00 % (97.00 % to 99.00 %), 3.00 points "
                    "above norm=before, the next, with 95.00 % (94.00 % to 96.00 %). The ranges of the "
                    "repeats are 1.00 points apart, and the wider one is 2.00 points wide.",
                    true));
    for (const StudyFinding& finding : findings_of(result)) CHECK_THAT(finding.text, !ContainsSubstring("-"));
}

TEST_CASE("accuracies that are the same in print are equal, and those that overlap are not told apart") {
    const StudyResult equal = MadeStudy()
                                  .of_classes()
                                  .variant("none", {made_class_run(0.5, {}, 0.90001)})
                                  .variant("before", {made_class_run(0.5, {}, 0.90002)})
                                  .result();
    CHECK(has_finding(equal, "norm=before and norm=none have the same test accuracy in the end, 90.00 %.",
                      false));
    const StudyResult overlapping =
        MadeStudy()
            .of_classes()
            .variant("none", {made_class_run(0.5, {}, 0.8), made_class_run(0.5, {}, 0.9)})
            .variant("before", {made_class_run(0.5, {}, 0.85), made_class_run(0.5, {}, 0.99)})
            .result();
    CHECK(
        has_finding(overlapping,
                    "norm=before has the highest test accuracy in the end, 92.00 % (85.00 % to 99.00 %), but "
                    "the repeats do not support a difference from norm=none with 85.00 % (80.00 % to "
                    "90.00 %): the ranges overlap.",
                    false));
}

TEST_CASE("a classifier's row of the summary has its accuracies, and a filter's has none") {
    const std::string text = summary_text(made_classifiers());
    CHECK_THAT(text, ContainsSubstring("seconds_per_epoch,train_accuracy,validation_accuracy,"
                                       "best_validation_accuracy,test_loss,test_accuracy\n"));
    CHECK_THAT(text,
               ContainsSubstring(",none,1,finished,4,8,0.5,0.75,0.75,0.9,4,1,0.98,0.92,0.92,1.25,0.91\n"));
    const StudyResult filters = MadeStudy().variant("none", {made_run(0.5)}).result();
    CHECK_THAT(summary_text(filters), !ContainsSubstring("accuracy"));
}

TEST_CASE("a study of classifiers shows its accuracies, and no decibels") {
    const StudyResult result = made_classifiers();
    const std::string page = study_page(result);
    for (const char* part :
         {"One classifier, learned in 2 ways from the same labelled pictures, <i>digits</i>",
          "<h2>Accuracy and loss</h2>", "<th>test accuracy</th>",
          "<td>95.00 %<small>94.00 % to 96.00 %</small></td>", "<td>96.00 %</td>", "epochs to 90.00 %"}) {
        CHECK_THAT(page, ContainsSubstring(part));
    }
    const std::string tables =
        page.substr(page.find("<h2>Results</h2>"), page.find("<section class=\"words\">"));
    CHECK_THAT(tables.substr(0, tables.find("class=\"words\"")), !ContainsSubstring(" dB"));
    const Chart chart = accuracy_curves(result);
    REQUIRE(chart.series.size() == 2);
    CHECK(chart.series[0].values.back() == 90);
    CHECK(chart.series[0].low.back() == 88);
    CHECK(chart.series[1].high.back() == 96);
    CHECK_FALSE(chart.in_decibels);
    CHECK_FALSE(training_curves(result).in_decibels);
}
