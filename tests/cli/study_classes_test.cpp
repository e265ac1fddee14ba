// shadenet study --data: classifiers compared, from the outside.
#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "catch.h"
#include "cli/study_flags.h"
#include "labelled_set.h"
#include "message_of.h"
#include "pictures.h"
#include "study/study_file.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// What the program makes of these flags, without a run.
StudyPlan class_plan(Arguments arguments) {
    arguments.insert(arguments.end(), {"--data=x", "--output=x"});
    std::ranges::reverse(arguments);  // as the parser takes them
    CLI::App command;
    StudyFlags flags;
    add_study_flags(command, flags);
    command.parse(arguments);
    Arguments notes;
    return plan_of(flags, notes);
}

std::vector<std::string> class_labels(const StudyPlan& plan) {
    std::vector<std::string> all;
    for (const StudyVariant& variant : plan.variants) all.push_back(variant.label());
    return all;
}

}  // namespace

TEST_CASE("a study of classifiers ranks them by accuracy, and gives networks the form of the data") {
    const TemporaryFolder folder;
    write_part(folder / "data", "train", labelled_set(30, 4, 3, 3));
    write_part(folder / "data", "t10k", labelled_set(9, 4, 3, 3, 2));
    const std::string study = (folder / "study").string();
    const Outcome outcome =
        run_shadenet({"study", "placement", "--data", (folder / "data").string(), "--network", "mlp",
                      "--epochs", "2", "--batch", "9", "--repeat", "1", "--output", study, "--no-tune"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(error_lines(outcome) == 0);
    for (const char* part :
         {"run 3/3  norm=after,seed=0  loss ", " % right", "test accuracy", "finished   3 of 3 runs"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    CHECK_THAT(outcome.out, !ContainsSubstring(" dB"));
    CHECK_THAT(
        read_text(folder / "study/summary.csv"),
        ContainsSubstring("best_validation_accuracy,test_loss,test_accuracy\n\"norm=none,seed=0\",none,0,"
                          "finished,2,6,"));
    CHECK_THAT(read_text(folder / "study/study.html"), ContainsSubstring("<th>test accuracy</th>"));

    const StudyRecord record = read_study(folder / "study");
    CHECK(record.plan.variants.front().options.network.fits_data);
    const Outcome more =
        run_shadenet({"study", "--resume", "--repeat", "2", "--output", study, "-q", "--no-tune"});
    INFO(more.err);
    CHECK(more.exit_code == 0);
    CHECK_THAT(more.out, ContainsSubstring("finished   6 of 6 runs"));
}

TEST_CASE("the placement of norms is an axis of every network") {
    for (const char* network :
         {"mlp", "mlp-sigmoid", "all-cnn", "input 1x28x28, dense 9, relu, dense 7, relu, dense 10"}) {
        INFO(network);
        const StudyPlan plan = class_plan({"placement", "--network", network});
        CHECK(class_labels(plan) == Arguments{"norm=none", "norm=before", "norm=after"});
        const auto layers = [&](std::size_t i) { return plan.variants[i].options.network.network(); };
        CHECK_FALSE(has_norm(layers(0)));
        CHECK(norms_of(layers(1)).size() == norms_of(layers(2)).size());
        CHECK(has_norm(layers(1)));
        CHECK(layers(1) != layers(2));
    }
    // As its file has them: seed S1.
    CHECK(class_plan({"placement"}).variants[1].options.network.network() == named_network("mlp", {}));
}

TEST_CASE("seed2 compares All-CNN without norm, with norm, and with AMSGrad") {
    const StudyPlan plan = class_plan({"seed2"});
    CHECK(class_labels(plan) == Arguments{"norm=none,optimizer=adam", "norm=before,optimizer=adam",
                                          "norm=before,optimizer=amsgrad"});
    for (const StudyVariant& variant : plan.variants) {
        CHECK(variant.options.flip);
        CHECK(convs_of(variant.options.network.network()).size() == 9);
        CHECK(has_norm(variant.options.network.network()) == (variant.label() != "norm=none,optimizer=adam"));
    }
    const StudyPlan other = class_plan({"seed2", "--network", "mlp", "--flip=false"});
    CHECK_FALSE(other.variants[0].options.flip);
    CHECK(convs_of(other.variants[0].options.network.network()).empty());
}

TEST_CASE("what is only about pairs is no axis of classifiers") {
    for (const char* variation : {"align=yes,no", "crops=1,2", "zero-init-residual=yes,no"}) {
        CHECK_THAT(message_of<InputError>([&] {
                       class_plan({"--vary", variation});
                   }),
                   ContainsSubstring(" is about pairs of pictures, and --data brings labelled ones"));
    }
}

TEST_CASE("the other ready-made studies take labelled pictures, too") {
    CHECK(class_labels(class_plan({"optimizer"})).size() == 3);
    const StudyPlan decay = class_plan({"decay"});
    CHECK(common_decay(decay.variants[1].options.network.network()) == 0.99f);
    CHECK(class_plan({"batch"}).variants[2].options.batch == 0);
    const StudyPlan rounds =
        class_plan({"--vary", "weights=he,glorot", "--epoch-steps", "5", "--steps", "15"});
    CHECK(rounds.variants[1].options.epochs == 3);
}
