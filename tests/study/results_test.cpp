#include "study/results.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "made_study.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("the median and the ends of values") {
    const Spread odd = spread_of({3, 1, 10});
    CHECK(odd.count == 3);
    CHECK(odd.median == 3);
    CHECK(odd.min == 1);
    CHECK(odd.max == 10);
    CHECK(spread_of({4, 1, 2, 8}).median == 3);
    CHECK(spread_of({7}).width() == 0);
    CHECK(spread_of({}).count == 0);
    CHECK(spread_of({std::nan(""), 2}).count == 1);
    CHECK(spread_of({5, std::numeric_limits<double>::infinity(), 6}).median == 6);
}

TEST_CASE("the threshold is the highest of the medians, and a run reaches it or does not") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.1), made_run(0.2), made_run(0.3)})
                                   .variant("before", {made_run(0.5), made_run(0.4), made_run(0.6)})
                                   .result();
    REQUIRE(result.threshold);
    CHECK(*result.threshold == 0.5);
    // 1 - 0.9 / 4 · epoch is 0.55 at epoch 2 and 0.325 at epoch 3.
    CHECK(result.variants[0].runs[0].epochs_to(*result.threshold) == 3u);
    CHECK_FALSE(result.variants[1].runs[2].epochs_to(*result.threshold));
    CHECK(result.variants[0].epochs_to_threshold.median == 3);
    CHECK(result.variants[1].epochs_to_threshold.median == 4);
    CHECK(std::isinf(result.variants[1].epochs_to_threshold.max));
}

TEST_CASE("a variant of which a run diverged does not set the threshold") {
    const auto threshold = [](RunState state) {
        return MadeStudy()
            .variant("none", {made_run(0.8), made_run(0.9, {}, 1, state)})
            .variant("before", {made_run(0.1), made_run(0.3)})
            .result()
            .threshold;
    };
    CHECK(threshold(RunState::unfinished) == 0.8);
    CHECK(threshold(RunState::diverged) == 0.2);
}

TEST_CASE("runs that diverged or are not done count as such and in no figure") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.1), made_run(0.9, {}, 1, RunState::diverged),
                                                     made_run(0.01, {}, 1, RunState::unfinished)})
                                   .result();
    CHECK(result.finished() == 1);
    CHECK(result.diverged() == 1);
    CHECK(result.variants[0].train_loss.count == 1);
    CHECK(result.variants[0].train_loss.median == 0.1);
    CHECK_FALSE(result.validated());
    CHECK_FALSE(StudyResult().threshold);
}

TEST_CASE("the last validation loss, the best one and the gap to training") {
    RunResult run = made_run(0.5, 3.0);
    CHECK(run.validation_loss() == 3.0);
    CHECK(run.best_validation_loss() == 2.0);
    run.lowest_logged = 1.5;
    CHECK(run.best_validation_loss() == 1.5);
    run.lowest_logged = 2.5;
    CHECK(run.best_validation_loss() == 2.0);
    CHECK(run.gap() == 6.0);
    run.history.back().validation_loss.reset();
    CHECK(run.validation_loss() == 2.0);
    run.history.clear();
    CHECK_FALSE(run.train_loss());
    CHECK_FALSE(run.gap());
    CHECK_FALSE(run.seconds_per_epoch());
}

TEST_CASE("summary.csv has a row for every run") {
    const StudyResult result = MadeStudy()
                                   .variant("none", {made_run(0.25, 3.0, 0.5), made_run(0.5)})
                                   .variant("after", {made_run(1, {}, 1, RunState::diverged), RunResult()})
                                   .result();
    CHECK(summary_text(result) ==
          "run,norm,seed,state,epochs,steps,train_loss,validation_loss,best_validation_loss,threshold,"
          "epochs_to_threshold,seconds_per_epoch\n"
          "\"norm=none,seed=0\",none,0,finished,4,8,0.25,3,2,0.375,4,0.5\n"
          "\"norm=none,seed=1\",none,1,finished,4,8,0.5,,,0.375,,1\n"
          "\"norm=after,seed=0\",after,0,diverged,4,8,1,,,0.375,,1\n"
          "\"norm=after,seed=1\",after,1,waiting,0,0,,,,0.375,,\n");
}
