// What the program says of itself, and flags that it refuses.
#include <regex>
#include <sstream>
#include <string>
#include <utility>

#include "catch.h"
#include "pictures.h"
#include "places.h"

using namespace shadenet::test;

TEST_CASE("help and version are printed on stdout, with exit code 0") {
    const Outcome version = run_shadenet({"--version"});
    CHECK(version.exit_code == 0);
    CHECK(std::regex_match(version.out,
                           std::regex("shadenet [0-9]+\\.[0-9]+\\.[0-9]+\ncommit +[^ \n]+\n"
                                      "libraries  ([^,\n]+ [0-9.]+[a-z]?,\n {11})+[^,\n]+ [0-9.]+\n")));
    const Outcome help = run_shadenet({"--help"});
    CHECK(help.exit_code == 0);
    for (const char* command :
         {"train", "check", "study", "apply", "classify", "stats", "adapt", "export", "inspect", "devices"}) {
        CHECK_THAT(help.out, ContainsSubstring(command));
        const Outcome of_command = run_shadenet({command, "--help"});
        CHECK(of_command.exit_code == 0);
        CHECK_THAT(of_command.out, ContainsSubstring(std::string("Usage: shadenet ") + command));
        CHECK(of_command.err.empty());
    }
}

TEST_CASE("help shows the defaults") {
    const Outcome help = run_shadenet({"train", "--help"});
    for (const char* part : {"[200]", "[0.01]", "[32]", "[64]", "[adam]", "[16]", "[3]", "[0.9]", "[1e-05]",
                             "[before]", "[auto]", "[cosine]", "[reference]", "[leaky_relu]", "[edge]",
                             "[50%]", "[on; =false: off]", "[normal]"}) {
        CHECK_THAT(help.out, ContainsSubstring(part));
    }
    for (const char* flag :
         {"--stream NAME=DIR:DIR ", "--schedule NAME ", "--schedule-rate R ", "--schedule-steps N ",
          "--staircase ", "--validate-every STEPS ", "--early-stop PATIENCE ", "--no-center ", "--no-scale ",
          "--debias ", "--freeze-norm EPOCH|SHARE% ", "--zero-init-residual ", "--weights RULE ",
          "--biases VALUE ", "--weight-decay D ", "--histograms ", "--tensorboard "}) {
        CHECK_THAT(help.out, ContainsSubstring(flag));
    }
}

TEST_CASE("help fits a terminal of 80 columns") {
    for (const char* command : {"", "train", "check", "study", "apply", "classify", "stats", "adapt",
                                "export", "report", "inspect", "devices", "doctor", "bench"}) {
        INFO(command);
        const bool all = command == std::string();
        const Outcome help = run_shadenet(all ? Arguments{"--help"} : Arguments{command, "--help"});
        std::istringstream lines(help.out);
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            CHECK(line.size() <= 80);
        }
    }
}

TEST_CASE("a command line that makes no sense is refused in one line") {
    const Pictures pictures;
    const auto check = [&](const Arguments& arguments, const std::string& part) {
        CHECK(unlike_refusal(pictures, arguments, part) == "");
    };
    check({}, "shadenet --help");
    check({"paint"}, "\"paint\" is not known");
    check({"train", "--foo"}, "`shadenet train --help`");
    check({"apply", "--model", "a.safetensors"}, "--input");
    check({"inspect"}, "--model");
    check({"train"}, "--input");
    check({"train", "--input", pictures.path("before"), "--target", pictures.path("after")}, "--output");
    check(pictures.train({"--validation-input", pictures.path("before")}), "--validation-target");
    check(pictures.train({"--test"}), "--test");
    check(pictures.train({"--staircase"}), "--staircase");
    check(pictures.train({"--schedule-steps", "7"}), "give --schedule");
}

TEST_CASE("streams that make no sense are refused in one line") {
    const Pictures pictures;
    const std::string pair = pictures.path("before") + ":" + pictures.path("after");
    const auto check = [&](const Arguments& streams, const std::string& part) {
        Arguments arguments = {"train", "--output", pictures.path("run")};
        arguments.insert(arguments.end(), streams.begin(), streams.end());
        CHECK(unlike_refusal(pictures, arguments, part) == "");
    };
    check({"--stream", "=" + pair}, "cannot name statistics");
    check({"--stream", "a b=" + pair}, "cannot name statistics");
    check({"--stream", "day=:after"}, "NAME=INPUT:TARGET");
    check({"--stream", "day=before:"}, "NAME=INPUT:TARGET");
    check({"--stream", "day=" + pair, "--stream", "day=" + pair}, "given twice");
    check({"--stream", "day=" + pair, "--norm", "none"}, "--norm none");
    check({"--stream", "day=" + pair, "--stream", "night=" + pictures.path("none") + ":x"}, "no such folder");
}

TEST_CASE("absurd values of flags are refused in one line that names the flag") {
    const Pictures pictures;
    const std::pair<const char*, const char*> bad[] = {
        {"--epochs", "-5"},
        {"--epochs", "0"},
        {"--epochs", "99999999999"},
        {"--epochs", "3.5"},
        {"--epochs", "010x"},
        {"--epochs", ""},
        {"--lr", "0"},
        {"--lr", "-0.1"},
        {"--lr", "nan"},
        {"--lr", "inf"},
        {"--lr", "fast"},
        {"--batch", "-1"},
        {"--size", "-512"},
        {"--size", "1000000"},
        {"--seed", "-1"},
        {"--seed", "luck"},
        {"--hidden", "0"},
        {"--hidden", "100000"},
        {"--kernel", "4"},
        {"--kernel", "0"},
        {"--kernel", "-3"},
        {"--kernel", "9"},
        {"--activation", "swish"},
        {"--weights", "truncated"},
        {"--biases", "nan"},
        {"--weight-decay", "inf"},
        {"--norm", "sideways"},
        {"--optimizer", "luck"},
        {"--decay", "1"},
        {"--decay", "-0.5"},
        {"--decay", "nan"},
        {"--epsilon", "0"},
        {"--epsilon", "-1"},
        {"--schedule", "linear"},
        {"--schedule-rate", "0.5"},
        {"--schedule-rate", "-1"},
        {"--schedule-rate", "nan"},
        {"--schedule-steps", "-1"},
        {"--validate-every", "2"},
        {"--validate-every", "-2"},
        {"--early-stop", "3"},
        {"--early-stop", "soon"},
        {"--freeze-norm", "-1"},
        {"--stream", "night"},
        {"--stream", "night=before"},
        {"--stream", "night=before:after"},
        {"--plan", "luck"},
        {"--plan", ""},
        {"--device", "99"},
        {"--device", "no such"},
    };
    for (const auto& [flag, value] : bad) {
        INFO(flag << " " << value);
        CHECK(unlike_refusal(pictures, pictures.train({flag, value}), flag) == "");
    }
}

TEST_CASE("an output that nobody reads, or that is full, ends without a crash") {
    const Outcome full = run_shadenet({"devices"}, {}, "/dev/full");
    CHECK(full.exit_code == 1);
    CHECK(error_lines(full) == 1);
    const Arguments into_closed_pipe = {"/bin/sh", "-c", shadenet_program() + " train --help | true"};
    const Outcome closed = Process(into_closed_pipe).wait();
    CHECK(closed.exit_code == 0);
    CHECK(closed.err.empty());
    const Outcome none = Process({"/bin/sh", "-c", shadenet_program() + " devices >&- 2>&-"}).wait();
    CHECK(none.exit_code == 0);
}
