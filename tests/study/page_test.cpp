#include <cmath>
#include <regex>

#include "catch.h"
#include "made_study.h"
#include "study/study_curves.h"
#include "study/study_page.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

StudyResult three_variants() {
    return MadeStudy()
        .variant("none", {made_run(0.01, 0.02), made_run(0.02, 0.04), made_run(0.03, 0.03)})
        .variant("before", {made_run(0.1, 0.2), made_run(0.1, 0.3), made_run(0.1, 0.4)})
        .variant("after", {made_run(0.2, 0.2), made_run(0.9, {}, 1, RunState::diverged), RunResult()})
        .result();
}

}  // namespace

TEST_CASE("the page tells of every variant and run, and fetches nothing") {
    StudyResult result = three_variants();
    result.plan.name = "<placement>";
    const std::string page = study_page(result);
    for (const char* part :
         {"<h1>Study: &lt;placement&gt;</h1>", "norm=after,seed=1", "1 diverged", "7 of 9 runs finished",
          "norm=none ended lowest", "<td>0.02<small>17.0 dB</small><small>0.01 to 0.03</small></td>"}) {
        CHECK_THAT(page, ContainsSubstring(part));
    }
    CHECK(page.find("<placement>") == std::string::npos);
    CHECK_FALSE(std::regex_search(page, std::regex("(src|href)=\"(https?:|//)")));
    // No run has left a report here, so that none is linked.
    CHECK(page.find("report.html") == std::string::npos);
    CHECK(study_page(result) == page);
}

TEST_CASE("a study without any run yet has a page") {
    const StudyResult result = MadeStudy().variant("none", {RunResult(), RunResult()}).result();
    CHECK_THAT(study_page(result),
               ContainsSubstring("0 of 2 runs finished") && ContainsSubstring("no epoch yet"));
}

TEST_CASE("a curve is the median of the finished runs, in their range") {
    const StudyResult result = three_variants();
    const Chart training = training_curves(result), validation = validation_curves(result);
    REQUIRE(training.series.size() == 3);
    CHECK(training.epochs == std::vector<std::uint32_t>{1, 2, 3, 4});
    CHECK(training.series[0].values.back() == 0.02);
    CHECK(training.series[0].low.back() == 0.01);
    CHECK(training.series[0].high.back() == 0.03);
    CHECK(validation.series[1].values.back() == 0.3);
    // One finished run makes a line and no band; the one that diverged is not in it.
    CHECK(training.series[2].values.back() == 0.2);
    CHECK(training.series[2].low.empty());
}

TEST_CASE("the floor is that of linear networks where any variant has an activation") {
    StudyResult result = three_variants();
    for (VariantResult& variant : result.variants) {
        for (RunResult& run : variant.runs) run.floor = 0.005;
    }
    REQUIRE(training_curves(result).series.size() == 4);
    CHECK(training_curves(result).series.back().name == "floor");
    CHECK(training_curves(result).series.back().values.back() == 0.005);
    CHECK(validation_curves(result).series.size() == 3);
    result.plan.variants.back().options.network.two_layer.activation = "relu";
    CHECK(training_curves(result).series.back().name == "best linear filter");
    result.variants[1].runs[0].floor = 0.006;
    CHECK(training_curves(result).series.size() == 3);
}

TEST_CASE("every line of a study has its name in the legend") {
    StudyResult result = three_variants();
    const VariantResult one = result.variants.front();
    for (int i = 0; i < 30; ++i) {
        result.variants.push_back(one);
        result.variants.back().variant.settings = {{"hidden", std::to_string(100 + i)}};
    }
    const std::string page = study_page(result);
    for (int i = 0; i < 30; ++i) {
        const std::string name = ">hidden=" + std::to_string(100 + i) + "</text>";
        CHECK(page.find(name) != page.rfind(name));  // for training and for validation
    }
}

TEST_CASE("a curve goes as far as all its runs, and of runs that all diverged as far as these") {
    RunResult stopped_early = made_run(0.5);
    stopped_early.history.resize(2);
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.5), stopped_early})
                                   .variant("before", {made_run(0.9, {}, 1, RunState::diverged)})
                                   .result();
    const Chart chart = training_curves(result);
    REQUIRE(chart.epochs.size() == 4);
    CHECK(std::isfinite(chart.series[0].values[1]));
    CHECK(std::isnan(chart.series[0].values[2]));
    CHECK(chart.series[1].values[3] == 0.9);
    CHECK(validation_curves(result).epochs.empty());
}
