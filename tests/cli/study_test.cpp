// shadenet study, from the outside.
#include <csignal>

#include "catch.h"
#include "pictures.h"

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
                           "--size",
                           "8",
                           "--epochs",
                           epochs,
                           "--no-tune",
                           "--hidden",
                           "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
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
        study_of(pictures, {"--vary", "norm=none,before", "--vary", "optimizer=adam,sgd", "--repeat", "2"}));
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(error_lines(outcome) == 0);
    for (const char* part : {"run 1/8  norm=none,optimizer=adam,seed=0  loss ",
                             "run 8/8  norm=before,optimizer=sgd,seed=1  loss ", "training loss",
                             "was first at a training loss of", "finished   in", "study.html"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    CHECK(runs_in(pictures / "study") == 8);
    CHECK(fs::is_regular_file(pictures / "study/norm=before,optimizer=sgd,seed=1/report.html"));
    CHECK_THAT(read_text(pictures / "study/summary.csv"),
               ContainsSubstring("\"norm=none,optimizer=sgd,seed=1\",none,sgd,1,finished,2,2,"));

    const std::string refusal =
        unlike_refusal(pictures, study_of(pictures, {"decay"}), "holds a study already");
    CHECK(refusal == "");
    const Outcome resumed = run_shadenet({"study", "--resume", "--output", pictures.path("study"), "-q"});
    CHECK(resumed.exit_code == 0);
    CHECK_THAT(resumed.out, !ContainsSubstring("run 1/8") && ContainsSubstring("8 of 8 runs done"));
}

TEST_CASE("ready-made studies give way to flags") {
    const Pictures pictures;
    const auto variants = [&](const Arguments& more) {
        fs::remove_all(pictures / "study");
        const Outcome outcome = run_shadenet(study_of(pictures, more));
        REQUIRE(outcome.exit_code == 0);
        return runs_in(pictures / "study");
    };
    CHECK(variants({"placement", "--repeat", "1"}) == 3);
    CHECK_THAT(read_text(pictures / "study/norm=after,seed=0/config.json"),
               ContainsSubstring("\"activation\": \"relu\""));
    CHECK(variants({"placement", "--repeat", "1", "--activation", "tanh", "--vary", "norm=none,after"}) == 2);
    CHECK_THAT(read_text(pictures / "study/norm=after,seed=0/config.json"),
               ContainsSubstring("\"activation\": \"tanh\""));
    CHECK(variants({"optimizer", "--repeat", "1", "--norm", "after", "--seed", "7"}) == 2);
    CHECK_THAT(read_text(pictures / "study/optimizer=amsgrad,seed=7/config.json"),
               ContainsSubstring("\"norm\": \"after\""));
    CHECK(variants({"batch", "--repeat", "1"}) == 3);
    CHECK_THAT(read_text(pictures / "study/batch=all,seed=0/config.json"), ContainsSubstring("\"batch\": 0"));
}

TEST_CASE("flags without a value are varied by yes and no") {
    const Pictures pictures;
    const Outcome outcome =
        run_shadenet(study_of(pictures, {"--vary", "debias=no,yes", "--vary", "residual=yes,no", "--vary",
                                         "no-center=yes,no", "--repeat", "1", "-q"}));
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(runs_in(pictures / "study") == 8);
    const std::string config =
        read_text(pictures / "study/debias=yes,residual=no,no-center=yes,seed=0/config.json");
    for (const char* part : {"\"debias\": true", "\"residual\": false", "\"center\": false"}) {
        CHECK_THAT(config, ContainsSubstring(part));
    }
    CHECK_THAT(read_text(pictures / "study/debias=no,residual=yes,no-center=no,seed=0/config.json"),
               ContainsSubstring("\"center\": true"));
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
    check({"--vary", "norm=none,before", "--debias"}, "variant norm=none: --debias needs a batch norm");
    check({"--vary", "lr=0.1,0.10"}, "have the same options");
    check({"decay", "--repeat", "400"}, "--repeat");
    check({"--resume"}, "leave --input out");
}

TEST_CASE("a study is stopped by ctrl-c and goes on") {
    const Pictures pictures;
    Process process(as_command(study_of(pictures, {"--vary", "norm=none,before", "--repeat", "2"}, "150")));
    wait_until([&] { return process.output().find("run 1/4") != std::string::npos; });
    process.signal(SIGINT);
    const Outcome stopped = process.wait();
    CHECK(stopped.exit_code == 130);
    CHECK_THAT(stopped.out, ContainsSubstring("to go on   shadenet study --resume --output"));
    CHECK(fs::is_regular_file(pictures / "study/study.html"));
    const Outcome resumed =
        run_shadenet({"study", "--resume", "--output", pictures.path("study"), "--no-tune"});
    CHECK(resumed.exit_code == 0);
    CHECK_THAT(resumed.out, ContainsSubstring("4 of 4 runs done"));
}
