#include "study/findings.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "catch.h"
#include "made_study.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// The finding that has `part`; one without text where there is none.
StudyFinding finding_with(const StudyResult& result, const std::string& part) {
    for (const StudyFinding& finding : findings_of(result)) {
        if (finding.text.find(part) != std::string::npos) return finding;
    }
    return {};
}

}  // namespace

TEST_CASE("ranges that do not overlap support a difference, with its margin") {
    const StudyResult result = MadeStudy()
                                   .variant("before", {made_run(0.20), made_run(0.21), made_run(0.24)})
                                   .variant("none", {made_run(0.12), made_run(0.10), made_run(0.14)})
                                   .result();
    const StudyFinding finding = finding_with(result, "ended lowest in training loss");
    CHECK(finding.supported);
    CHECK(
        finding.text ==
        "norm=none ended lowest in training loss: 0.12 (0.1 to 0.14), 43 % below norm=before, the next, with "
        "0.21 (0.2 to 0.24). The ranges of the repeats are 0.06 apart, and the wider one is 0.04 wide.");
}

TEST_CASE("a margin of nearly all is told from one of all") {
    const StudyResult result = MadeStudy()
                                   .variant("before", {made_run(0.0253), made_run(0.0253)})
                                   .variant("none", {made_run(0.0000687), made_run(0.0000687)})
                                   .result();
    CHECK_THAT(finding_with(result, "ended lowest in training loss").text,
               ContainsSubstring(", 99.73 % below norm=before"));
}

TEST_CASE("ranges that overlap do not support one") {
    const StudyResult result = MadeStudy()
                                   .variant("before", {made_run(0.20), made_run(0.21), made_run(0.24)})
                                   .variant("none", {made_run(0.12), made_run(0.10), made_run(0.20)})
                                   .result();
    const StudyFinding finding = finding_with(result, "training loss in the end");
    CHECK_FALSE(finding.supported);
    CHECK(finding.text ==
          "norm=none has the lowest training loss in the end, 0.12 (0.1 to 0.2), but the repeats do not "
          "support a "
          "difference from norm=before with 0.21 (0.2 to 0.24): the ranges overlap.");
    CHECK(finding_with(result, "ended lowest in training loss").text.empty());
}

TEST_CASE("a difference from some and not from others is said so") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.10), made_run(0.20)})
                                   .variant("after", {made_run(0.5), made_run(0.6)})
                                   .variant("before", {made_run(0.15), made_run(0.3)})
                                   .result();
    const StudyFinding finding = finding_with(result, "training loss in the end");
    CHECK(finding.supported);
    CHECK_THAT(finding.text,
               ContainsSubstring("difference from norm=before with 0.225 (0.15 to 0.3): the ranges "
                                 "overlap. They do support one from norm=after with 0.55"));
}

TEST_CASE("variants with the same figure are said to be equal, whatever their order") {
    // Equal to three digits; the later one is the lower one by nothing.
    const StudyResult all = MadeStudy()
                                .variant("none", {made_run(0.02531)})
                                .variant("before", {made_run(0.0253)})
                                .variant("after", {made_run(0.02531)})
                                .result();
    const StudyFinding equal = finding_with(all, "training loss in the end");
    CHECK_FALSE(equal.supported);
    CHECK(equal.text ==
          "norm=before, norm=none and norm=after have the same training loss in the end, 0.0253.");
    CHECK(finding_with(all, "fastest").text.empty());
    CHECK_THAT(finding_with(all, "equally many epochs").text,
               ContainsSubstring("took equally many epochs to a training loss of 0.0253, 4 epochs."));
    for (const StudyFinding& finding : findings_of(all)) CHECK_THAT(finding.text, !ContainsSubstring("0 %"));

    const StudyResult two = MadeStudy()
                                .variant("none", {made_run(0.5)})
                                .variant("before", {made_run(0.4)})
                                .variant("after", {made_run(0.4)})
                                .result();
    CHECK_THAT(finding_with(two, "training loss in the end").text,
               ContainsSubstring("norm=before and norm=after have the same training loss in the end, 0.4, "
                                 "20 % below norm=none with 0.5. One run each: no spread"));
}

TEST_CASE("of equal variants with repeats the ranges are told, and what differs from all of them") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.7), made_run(0.8)})
                                   .variant("before", {made_run(0.3), made_run(0.5)})
                                   .variant("after", {made_run(0.2), made_run(0.6)})
                                   .result();
    const StudyFinding finding = finding_with(result, "training loss in the end");
    CHECK(finding.supported);
    CHECK(finding.text ==
          "norm=before and norm=after have the same training loss in the end, 0.4 (0.3 to 0.5) and 0.4 (0.2 "
          "to 0.6). The repeats support a difference from norm=none with 0.75 (0.7 to 0.8).");
    const StudyResult wide = MadeStudy()
                                 .variant("none", {made_run(0.55), made_run(0.8)})
                                 .variant("before", {made_run(0.3), made_run(0.5)})
                                 .variant("after", {made_run(0.2), made_run(0.6)})
                                 .result();
    const StudyFinding open = finding_with(wide, "training loss in the end");
    CHECK_FALSE(open.supported);
    CHECK_THAT(open.text, ContainsSubstring("The repeats do not support a difference from norm=none with"));
    // Each reaches the median of both in one run of two.
    const StudyResult halves = MadeStudy()
                                   .variant("none", {made_run(0.2), made_run(0.6)})
                                   .variant("before", {made_run(0.2), made_run(0.6)})
                                   .result();
    CHECK(finding_with(halves, "epochs to a").text.empty());
    CHECK(finding_with(halves, "first at").text.empty());
}

TEST_CASE("of one run each no spread is known") {
    const StudyResult result =
        MadeStudy().variant("none", {made_run(0.1)}).variant("before", {made_run(0.9)}).result();
    const StudyFinding finding = finding_with(result, "training loss in the end");
    CHECK_FALSE(finding.supported);
    CHECK_THAT(finding.text, ContainsSubstring("One run each: no spread is known"));
    CHECK_THAT(comparison_rule(result), ContainsSubstring("One run each: no spread is known"));
    for (const StudyFinding& one : findings_of(result)) CHECK_FALSE(one.supported);
}

TEST_CASE("the first at the threshold and the fastest are found") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.1, {}, 5), made_run(0.1, {}, 6)})
                                   .variant("before", {made_run(0.8, {}, 1), made_run(0.8, {}, 2)})
                                   .result();
    const StudyFinding first = finding_with(result, "first at a training loss of 0.8");
    CHECK(first.supported);
    CHECK_THAT(first.text, ContainsSubstring("norm=none was") && ContainsSubstring("1 epoch (1 to 1)"));
    CHECK_THAT(finding_with(result, "fastest epochs").text, ContainsSubstring("norm=before has the fastest"));
}

TEST_CASE("what never reaches the threshold has no number of epochs") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.1), made_run(0.1)})
                                   .variant("before", {made_run(0.7), made_run(0.9)})
                                   .result();
    CHECK_THAT(finding_with(result, "first at").text, ContainsSubstring("with never (3 to never)"));
}

TEST_CASE("the gap of a norm is called larger where it is above that of any run without") {
    const auto verdict = [](double with_norm) {
        return finding_with(MadeStudy()
                                .variant("none", {made_run(0.1, 0.11), made_run(0.1, 0.13)})
                                .variant("before", {made_run(0.1, with_norm), made_run(0.1, 0.5)})
                                .result(),
                            "Validation loss by training loss");
    };
    CHECK(verdict(0.4).supported);
    CHECK_THAT(verdict(0.4).text,
               ContainsSubstring("It is larger for norm=before than for those without a norm") &&
                   ContainsSubstring("Moving statistics are one possible reason"));
    CHECK_FALSE(verdict(0.12).supported);
    CHECK_THAT(verdict(0.12).text, ContainsSubstring("do not support that it is larger with a norm"));
}

TEST_CASE("one run each is said of the gap only where no variant has more") {
    const auto verdict = [](const std::vector<RunResult>& plain) {
        const std::vector<RunResult> normed(plain.size(), made_run(0.1, 0.4));
        return finding_with(MadeStudy().variant("none", plain).variant("before", normed).result(),
                            "Validation loss by training loss");
    };
    CHECK_THAT(verdict({made_run(0.1, 0.1)}).text, ContainsSubstring("One run each"));
    const StudyFinding finding = verdict({made_run(0.1, 0.1), RunResult()});
    CHECK_FALSE(finding.supported);
    CHECK_THAT(finding.text, ContainsSubstring("Of single runs") && !ContainsSubstring("One run each"));
}

TEST_CASE("a variant without a norm that diverged is not said to be missing") {
    const StudyResult result =
        MadeStudy()
            .variant("none", {made_run(0.1, 0.11), made_run(0.1, {}, 1, RunState::diverged)})
            .variant("before", {made_run(0.1, 0.4), made_run(0.1, 0.5)})
            .result();
    const StudyFinding finding = finding_with(result, "Validation loss by training loss");
    CHECK_FALSE(finding.supported);
    CHECK_THAT(finding.text, ContainsSubstring("No variant without a norm has such a figure") &&
                                 !ContainsSubstring("Every variant has a norm"));
}

TEST_CASE("without a variant that has no norm the gap is not put down to moving statistics") {
    const StudyResult result = MadeStudy()
                                   .variant("after", {made_run(0.1, 0.11), made_run(0.1, 0.13)})
                                   .variant("before", {made_run(0.1, 0.4), made_run(0.1, 0.5)})
                                   .result();
    const StudyFinding finding = finding_with(result, "Validation loss by training loss");
    CHECK_FALSE(finding.supported);
    CHECK_THAT(finding.text, ContainsSubstring("Every variant has a norm"));
}

TEST_CASE("a variant that diverged is named and compared with none") {
    const StudyResult result =
        MadeStudy()
            .variant("none", {made_run(0.01), made_run(0.01, {}, 1, RunState::diverged)})
            .variant("after", {made_run(0.5), made_run(0.6)})
            .variant("before", {made_run(0.7), made_run(0.8)})
            .result();
    CHECK_THAT(finding_with(result, "diverged").text, ContainsSubstring("1 of 2 runs of norm=none diverged"));
    CHECK_THAT(finding_with(result, "ended lowest in training loss").text,
               ContainsSubstring("norm=after ended lowest") && !ContainsSubstring("norm=none"));
}

TEST_CASE("a study that is not done says so") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.1), RunResult()})
                                   .variant("after", {made_run(0.5), made_run(0.5)})
                                   .result();
    CHECK_THAT(findings_of(result).front().text, ContainsSubstring("3 of its 4 runs have ended"));
    CHECK_THAT(finding_with(result, "training loss in the end").text, ContainsSubstring("Of single runs"));
    CHECK(findings_of(StudyResult()).empty());
}

TEST_CASE("the rule of comparison is that of the repeats which are finished") {
    const auto rule = [](const std::vector<RunResult>& none, const std::vector<RunResult>& after) {
        return comparison_rule(MadeStudy().variant("none", none).variant("after", after).result());
    };
    const RunResult run = made_run(0.1), waiting;
    CHECK_THAT(rule({run, run, run}, {run, run, run}),
               ContainsSubstring("With 3 repeats") && ContainsSubstring("so in 10 % of comparisons"));
    CHECK_THAT(rule({run, run, waiting}, {run, run, waiting}),
               ContainsSubstring("With 2 repeats") && ContainsSubstring("so in 33 % of comparisons"));
    CHECK_THAT(rule({run, run, run}, {run, run, waiting}),
               ContainsSubstring("With 2 repeats") && ContainsSubstring("so in at most 33 % of comparisons"));
    CHECK_THAT(rule({run, run, run}, {run, waiting, waiting}),
               ContainsSubstring("Of single runs: no spread"));
    // A variant that diverged is compared with none.
    const RunResult diverged = made_run(0.1, {}, 1, RunState::diverged);
    CHECK_THAT(rule({run, run, run}, {run, diverged, diverged}), ContainsSubstring("With 3 repeats"));
    CHECK_THAT(rule({waiting, waiting}, {waiting, waiting}), ContainsSubstring("With 2 repeats"));
}

TEST_CASE("the chance of ranges apart is that of ranks") {
    CHECK(chance_of_parted_ranges(1) == 1);
    CHECK(chance_of_parted_ranges(2) == 2.0 / 6);
    CHECK(std::abs(chance_of_parted_ranges(3) - 0.1) < 1e-15);
    // Counted out: which places of six the first set's three values can have.
    std::vector<int> places = {0, 0, 0, 1, 1, 1};
    int all = 0, parted = 0;
    do {
        ++all;
        parted += std::ranges::is_sorted(places) || std::ranges::is_sorted(places, std::greater<>());
    } while (std::ranges::next_permutation(places).found);
    CHECK(std::abs(chance_of_parted_ranges(3) - static_cast<double>(parted) / all) < 1e-15);
}
