// shadenet study, from the outside.
#include <algorithm>
#include <csignal>

#include <CLI/CLI.hpp>

#include "catch.h"
#include "cli/study_flags.h"
#include "pictures.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// Flags of a study of small runs, into the folder study/.
Arguments study_of(const Pictures& pictures, const Arguments& more, const char* epochs = "2") {
    Arguments arguments = {"study",
                           "--input",
                           pictures.path("before"),
                           "--target",
                           pictures.path("after"),
                           "--output",
                           pictures.path("study"),
                           "--epochs",
                           epochs,
                           "--no-tune",
                           "--hidden",
                           "3",
                           "--classic"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto sizes = [](const std::string& argument) { return argument.starts_with("size="); };
    if (std::ranges::none_of(more, sizes)) arguments.insert(arguments.end(), {"--size", "8"});
    return arguments;
}

/// What the program makes of these flags, without a run; and what it says of them.
StudyPlan plan_of_flags(Arguments arguments, Arguments& notes) {
    if (std::ranges::count(arguments, "--reference") == 0) arguments.emplace_back("--classic");
    for (const char* folder : {"input", "target", "output"})
        arguments.push_back(std::string("--") + folder + "=x");
    std::ranges::reverse(arguments);  // as the parser takes them
    CLI::App command;
    StudyFlags flags;
    add_study_flags(command, flags);
    command.parse(arguments);
    return plan_of(flags, notes);
}

/// Of those that nothing needs to be said of.
StudyPlan plan_of_flags(const Arguments& arguments) {
    Arguments notes;
    const StudyPlan plan = plan_of_flags(arguments, notes);
    CHECK(notes.empty());
    return plan;
}

Arguments labels(const StudyPlan& plan) {
    Arguments all;
    for (const StudyVariant& variant : plan.variants) all.push_back(variant.label());
    return all;
}

std::size_t runs_in(const fs::path& folder) {
    std::size_t runs = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) runs += entry.is_directory();
    return runs;
}

}  // namespace

TEST_CASE("a study shows its runs and what it found, and leaves everything") {
    const Pictures pictures;
    const Outcome outcome = run_shadenet(
        study_of(pictures, {"--vary", "norm=none,before", "--vary", "optimizer=adam,sgd", "--repeat", "1"}));
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(error_lines(outcome) == 0);
    for (const char* part : {"run 1/4  norm=none,optimizer=adam,seed=0  loss ",
                             "run 4/4  norm=before,optimizer=sgd,seed=0  loss ", "training loss",
                             "a training loss of", "finished   4 of 4 runs", "study.html"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    CHECK(runs_in(pictures / "study") == 4);
    CHECK(fs::is_regular_file(pictures / "study/norm=before,optimizer=sgd,seed=0/report.html"));
    CHECK_THAT(read_text(pictures / "study/summary.csv"),
               ContainsSubstring("\"norm=none,optimizer=sgd,seed=0\",none,sgd,0,finished,2,2,"));

    const std::string refusal =
        unlike_refusal(pictures, study_of(pictures, {"decay"}), "holds a study already");
    CHECK(refusal == "");
    const Outcome resumed = run_shadenet({"study", "--resume", "--output", pictures.path("study"), "-q"});
    CHECK(resumed.exit_code == 0);
    CHECK_THAT(resumed.out, !ContainsSubstring("run 1/4") && ContainsSubstring("finished   4 of 4 runs"));
}

TEST_CASE("a run that fails is listed, and in the exit code") {
    const Pictures pictures;
    write_picture(pictures / "before/wide.png", 12, 9, 4);
    write_grey_picture(pictures / "after/wide.png", 12, 9, 4);
    const Outcome outcome = run_shadenet(study_of(pictures, {"--vary", "size=8,0", "--repeat", "1"}));
    INFO(outcome.err);
    CHECK(outcome.exit_code == 1);
    CHECK(error_lines(outcome) == 0);
    for (const char* part : {"run 2/2  size=0,seed=0  failed: ", "? 1 of 1 runs of size=0 failed",
                             "finished   1 of 2 runs, 1 failed, after"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
}

TEST_CASE("ready-made studies give way to flags") {
    const StudyPlan placement = plan_of_flags({"placement"});
    CHECK(labels(placement) == Arguments{"norm=none", "norm=before", "norm=after"});
    CHECK(placement.repeats == 3);
    CHECK(placement.variants[2].options.network.two_layer.activation == "relu");
    CHECK(placement.variants[2].options.network.two_layer.norm == NormPlacement::after);
    const StudyPlan tanh = plan_of_flags({"placement", "--activation", "tanh", "--vary", "norm=none,after"});
    CHECK(labels(tanh) == Arguments{"norm=none", "norm=after"});
    CHECK(tanh.variants[0].options.network.two_layer.activation == "tanh");
    const StudyPlan after = plan_of_flags({"optimizer", "--norm", "after", "--seed", "7", "--reference"});
    CHECK(labels(after) == Arguments{"optimizer=adam", "optimizer=amsgrad"});
    CHECK(after.variants[1].options.network.two_layer.norm == NormPlacement::after);
    CHECK(after.variants[1].options.optimizer.kind == OptimizerKind::amsgrad);
    CHECK(after.variants[1].options.optimizer.learning_rate == 0.001f);
    CHECK(runs_of(after).back().name == "optimizer=amsgrad,seed=9");
    const StudyPlan batch = plan_of_flags({"batch"});
    CHECK(labels(batch) == Arguments{"batch=1", "batch=2", "batch=all"});
    CHECK(batch.variants[2].options.batch == 0);
    CHECK(plan_of_flags({"decay"}).variants[2].options.network.two_layer.decay == 0.999f);
}

TEST_CASE("what only a norm can do holds for the variants that have one, and this is said") {
    Arguments notes;
    const StudyPlan placement =
        plan_of_flags({"placement", "--debias", "--freeze-norm", "9", "--zero-init-residual"}, notes);
    CHECK(notes == Arguments{"norm=none has no norm: --debias and --freeze-norm and --zero-init-residual are "
                             "left out there"});
    for (const StudyVariant& variant : placement.variants) {
        const bool norm = variant.label() != "norm=none";
        CHECK(variant.options.debias == norm);
        CHECK(variant.options.freeze_norm == (norm ? 9 : 0));
        CHECK(variant.options.zero_init_residual == norm);
        CHECK(variant.options.network.two_layer.activation == "relu");
    }
    notes.clear();
    const StudyPlan optimizer = plan_of_flags({"optimizer", "--no-center", "--no-scale", "--lr=0.5"}, notes);
    CHECK(notes == Arguments{"norm=none has no norm: --no-center and --no-scale are left out there"});
    CHECK(optimizer.variants[0].options.network.two_layer.center);
    CHECK(optimizer.variants[0].options.network.two_layer.scale);
    CHECK_FALSE(optimizer.variants[2].options.network.two_layer.center);
    CHECK_FALSE(optimizer.variants[2].options.network.two_layer.scale);
    CHECK(optimizer.variants[0].options.optimizer.learning_rate == 0.5f);
    notes.clear();
    plan_of_flags({"--vary", "norm=before,none", "--debias"}, notes);
    CHECK(notes == Arguments{"norm=none has no norm: --debias is left out there"});
}

TEST_CASE("flags without a value are varied by yes and no") {
    const StudyPlan plan =
        plan_of_flags({"--vary", "debias=no,yes", "--vary", "residual=yes,no", "--vary", "no-center=yes,no"});
    REQUIRE(plan.variants.size() == 8);
    CHECK(plan.variants[6].label() == "debias=yes,residual=no,no-center=yes");
    CHECK(plan.variants[6].options.debias);
    CHECK_FALSE(plan.variants[6].options.network.two_layer.residual);
    CHECK_FALSE(plan.variants[6].options.network.two_layer.center);
    CHECK_FALSE(plan.variants[1].options.debias);
    CHECK(plan.variants[1].options.network.two_layer.residual);
    CHECK(plan.variants[1].options.network.two_layer.center);
}

TEST_CASE("every flag of training and of the network can be varied") {
    for (const auto& [option, values] :
         std::vector<std::pair<const char*, const char*>>{{"lr", "0.1,0.2"},
                                                          {"epochs", "1,2"},
                                                          {"size", "8,0"},
                                                          {"resize", "yes,no"},
                                                          {"crops", "1,8"},
                                                          {"flip", "yes,no"},
                                                          {"schedule", "constant,cosine"},
                                                          {"schedule-steps", "3,4"},
                                                          {"hidden", "1,2"},
                                                          {"kernel", "1,3"},
                                                          {"epsilon", "1e-3,1e-5"},
                                                          {"freeze-norm", "0,1"},
                                                          {"zero-init-residual", "yes,no"},
                                                          {"scale", "yes,no"},
                                                          {"plan", "fused,stack"},
                                                          {"weights", "he,truncated:0.01"},
                                                          {"biases", "0,1"},
                                                          {"weight-decay", "0,0.01"},
                                                          {"activation", "none,tanh"}}) {
        INFO(option);
        const std::string variation = std::string(option) + "=" + values;
        const std::string name = option;
        const std::string base = name == "schedule-steps"            ? "--schedule=cosine"
                                 : name == "crops" || name == "flip" ? "--resize=false"
                                                                     : "--batch=1";
        CHECK(plan_of_flags({"--vary", variation, base}).variants.size() == 2);
    }
}

TEST_CASE("a study compares networks, each shaped by what its variant has") {
    const StudyPlan plan = plan_of_flags({"--vary", "network=two-layer,dncnn", "--vary", "hidden=4,8"});
    REQUIRE(plan.variants.size() == 4);
    CHECK(plan.variants[1].label() == "network=two-layer,hidden=8");
    CHECK(plan.variants[1].options.network.network() == two_layer_network({.hidden = 8}));
    CHECK(plan.variants[2].options.network.network() == dncnn_network({.hidden = 4}));
    CHECK(plan.variants[3].options.network.network() == dncnn_network({.hidden = 8}));
    const StudyPlan deep = plan_of_flags({"--network", "dncnn", "--vary", "depth=3,4"});
    CHECK(deep.variants[1].options.network.network() == dncnn_network({.depth = 4}));
}

TEST_CASE("every flag of training comes into the options of all variants") {
    for (const char* norm_part : {"center", "scale"}) {
        const TrainOptions usual;
        const StudyPlan plan = plan_of_flags({"--vary",
                                              "decay=0.9,0.99",
                                              "--validation-input",
                                              "v",
                                              "--validation-target",
                                              "w",
                                              std::string("--no-") + norm_part,
                                              "--debias",
                                              "--freeze-norm",
                                              "7",
                                              "--schedule",
                                              "exponential",
                                              "--schedule-rate",
                                              "0.5",
                                              "--schedule-steps",
                                              "40",
                                              "--staircase",
                                              "--validate-every",
                                              "3",
                                              "--early-stop",
                                              "4",
                                              "--histograms",
                                              "--tensorboard"});
        REQUIRE(plan.variants.size() == 2);
        for (const StudyVariant& variant : plan.variants) {
            const TrainOptions& options = variant.options;
            CHECK(options.network.two_layer.center == (std::string(norm_part) != "center"));
            CHECK(options.network.two_layer.scale == (std::string(norm_part) != "scale"));
            CHECK(options.debias);
            CHECK(options.freeze_norm == 7);
            CHECK_FALSE(options.zero_init_residual);
            CHECK(options.schedule == Schedule{ScheduleKind::exponential, 0.5f, 40, true});
            CHECK(options.validate_every == 3);
            CHECK(options.early_stop == 4);
            CHECK(options.histograms);
            CHECK(options.tensorboard);
            CHECK(options.validation_input == "v");
            CHECK(options.validation_target == "w");
            CHECK(options.epochs == usual.epochs);
            CHECK(options.optimizer.learning_rate == usual.optimizer.learning_rate);
        }
        CHECK(plan.variants[0].options.network.two_layer.decay == 0.9f);
        CHECK(plan.variants[1].options.network.two_layer.decay == 0.99f);
    }
    // γ has to be there where it is to begin at 0.
    for (const StudyVariant& variant : plan_of_flags({"decay", "--zero-init-residual"}).variants) {
        CHECK(variant.options.zero_init_residual);
        CHECK_FALSE(variant.options.debias);
        CHECK_FALSE(variant.options.histograms);
        CHECK_FALSE(variant.options.tensorboard);
    }
}

TEST_CASE("a study that makes no sense is refused in one line") {
    const Pictures pictures;
    const auto check = [&](const Arguments& more, const std::string& part) {
        INFO(part);
        CHECK(unlike_refusal(pictures, study_of(pictures, more), part) == "");
    };
    check({"--repeat", "1"}, "nothing to study");
    check({"paint"}, "\"paint\" is not known");
    check({"--vary", "norm"}, "OPTION=VALUE,VALUE");
    check({"--vary", "norm=none,sideways"}, "--norm");
    check({"--vary", "lr=0.1,fast"}, "\"fast\" is not a number");
    check({"--vary", "debias=maybe"}, "use yes or no");
    check({"--vary", "seed=1,2"}, "cannot be varied");
    check({"--vary", "output=a,b"}, "cannot be varied");
    check({"--vary", "quiet=yes,no"}, "cannot be varied");
    check({"--vary", "norm=none,before", "--norm", "after"}, "both given");
    check({"--vary", "norm=none,before", "--vary", "norm=after"}, "given twice");
    check({"--vary", "norm=none,before", "--vary", "debias=no,yes"},
          "variant norm=none,debias=yes: --debias needs a batch norm");
    check({"--vary", "lr=0.1,0.2", "--norm", "none", "--debias"}, "--debias needs a batch norm");
    check({"--vary", "lr=0.1,0.10"}, "have the same options");
    check({"decay", "--repeat", "400"}, "--repeat");
    check({"--resume"}, "leave --classic out");
}

TEST_CASE("a study is stopped by ctrl-c and goes on") {
    const Pictures pictures;
    Process process(as_command(study_of(pictures, {"--vary", "norm=none,before", "--repeat", "1"}, "150")));
    wait_until([&] { return process.output().find("run 1/2") != std::string::npos; });
    process.signal(SIGINT);
    const Outcome stopped = process.wait();
    CHECK(stopped.exit_code == 130);
    CHECK_THAT(stopped.out, ContainsSubstring("to go on   shadenet study --resume --output"));
    CHECK(fs::is_regular_file(pictures / "study/study.html"));
    const Outcome resumed =
        run_shadenet({"study", "--resume", "--output", pictures.path("study"), "--no-tune"});
    CHECK(resumed.exit_code == 0);
    CHECK_THAT(resumed.out, ContainsSubstring("finished   2 of 2 runs"));
}

TEST_CASE("a study whose pictures moved goes on with their new places") {
    const Pictures pictures;
    CHECK(run_shadenet(study_of(pictures, {"--repeat", "2"}, "1")).exit_code == 0);
    fs::rename(pictures / "before", pictures / "moved");
    Arguments resume = {"study", "--resume", "--repeat", "3", "--output", pictures.path("study")};
    const Outcome gone = run_shadenet(resume);
    CHECK(gone.exit_code == 2);
    CHECK_THAT(gone.err, ContainsSubstring("before: no such folder"));
    resume.insert(resume.end(), {"--input", pictures.path("moved")});
    const Outcome moved = run_shadenet(resume);
    INFO(moved.err);
    CHECK(moved.exit_code == 0);
    CHECK_THAT(moved.out, ContainsSubstring("3 of 3 runs"));
}
