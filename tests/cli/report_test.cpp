// shadenet report, and the report that train writes.
#include <csignal>

#include "catch.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

TEST_CASE("training ends with a report, and report makes the same again") {
    const Pictures pictures;
    const Outcome trained = run_shadenet(pictures.train({"--epochs", "3", "--test", pictures.path("more")}));
    REQUIRE(trained.exit_code == 0);
    CHECK_THAT(trained.out, ContainsSubstring("report     " + pictures.path("run/report.html")));
    CHECK(error_lines(trained) == 0);
    const auto before = contents(pictures / "run");
    for (const char* file : {"report.html", "loss.svg", "moving_statistics.svg"}) {
        CHECK(fs::remove(pictures / "run" / file));
    }
    const Outcome again = run_shadenet({"report", pictures.path("run")});
    CHECK(again.exit_code == 0);
    CHECK(again.out == "report     " + pictures.path("run/report.html") + "\n");
    CHECK(again.err.empty());
    CHECK(contents(pictures / "run") == before);
    CHECK_THAT(before.at("report.html"),
               ContainsSubstring("before → after") && ContainsSubstring("<b>3 epochs</b>"));
}

TEST_CASE("a stopped run has a report too") {
    const Pictures pictures;
    Arguments arguments = pictures.train({"--epochs", "100000"});
    Process process(as_command(arguments));
    wait_until([&] { return process.output().find("epoch      2/100000") != std::string::npos; });
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.exit_code == 130);
    CHECK_THAT(outcome.out, ContainsSubstring("report     " + pictures.path("run/report.html")));
    CHECK_THAT(read_text(pictures / "run/report.html"), ContainsSubstring("epochs</b> of 100000"));
}

TEST_CASE("a report that fails leaves the run finished, with a warning") {
    const Pictures pictures;
    fs::create_directories(pictures / "run/report.html/inside");
    const Outcome outcome = run_shadenet(pictures.train({"--epochs", "1", "--quiet"}));
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err,
               ContainsSubstring("no report was written: ") &&
                   ContainsSubstring("make it by `shadenet report " + pictures.path("run") + "`"));
    CHECK_THAT(outcome.out,
               ContainsSubstring("finished   epoch 1 of 1") && !ContainsSubstring("report     "));
    CHECK(fs::exists(pictures / "run/model.safetensors"));
}

TEST_CASE("a report of what is no run is refused in one line") {
    const Pictures pictures;
    CHECK(unlike_refusal(pictures, {"report", pictures.path("before")}, "holds no run") == "");
    CHECK(unlike_refusal(pictures, {"report", pictures.path("nowhere")}, "holds no run") == "");
    CHECK(unlike_refusal(pictures, {"report"}, "RUN") == "");
    pictures.trained_model();
    fs::remove(pictures / "run/images/after_p1.png");
    fs::copy(pictures / "run/history.csv", pictures / "run/images/after_p1.png");
    const Outcome damaged = run_shadenet({"report", pictures.path("run")});
    CHECK(damaged.exit_code == 2);
    CHECK(error_lines(damaged) == 1);
    CHECK_THAT(damaged.err, ContainsSubstring("after_p1.png"));
}
