// shadenet train on several domains, with a schedule and an early end, from the outside.
#include "catch.h"
#include "image/image.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

Arguments domains_of(const Pictures& pictures, const Arguments& more) {
    const std::string pair = pictures.path("before") + ":" + pictures.path("after");
    Arguments arguments = {"train",    "--stream",           "day=" + pair, "--stream", "night=" + pair,
                           "--output", pictures.path("run"), "--size",      "0",        "--epochs",
                           "3",        "--classic"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

TEST_CASE("a run on streams says what they are, and its report can be made again") {
    const Pictures pictures;
    const Outcome outcome = run_shadenet(domains_of(pictures, {"--schedule", "cosine", "--batch", "2"}));
    REQUIRE(outcome.exit_code == 0);
    CHECK(error_lines(outcome) == 0);
    for (const char* part :
         {"6 pairs of 24 x 18", "3 of day, 3 of night", "the statistics of day", "cosine to 0 in 12 steps",
          "3 epochs of 4 steps", "night bn1 mean", "  fault    Stream day: after 6 steps, 53 %",
          "  fault    Stream night: after 6 steps, 53 %"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    for (const char* file : {"before_day_p0.png", "after_day_p2.png", "after_night_p0.png"}) {
        CHECK(fs::is_regular_file(pictures / "run/images" / file));
    }
    // The model has the statistics by which the pictures of night were made, under their name.
    const auto filtered = [&](const std::string& name, const Arguments& more) {
        Arguments arguments = {"apply",
                               "-m",
                               pictures.path("run/model.safetensors"),
                               "-i",
                               pictures.path("before/p0.png"),
                               "-o",
                               pictures.path(name)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        REQUIRE(run_shadenet(arguments).exit_code == 0);
        return shadenet::read_image(pictures / name).image.values;
    };
    const auto night = shadenet::read_image(pictures / "run/images/after_night_p0.png").image.values;
    CHECK(filtered("night.png", {"--stats", "night"}) == night);
    CHECK(filtered("day.png", {}) != night);
    CHECK_THAT(read_text(pictures / "run/report.html"), ContainsSubstring("<i>day, night</i>"));
    CHECK(run_shadenet({"report", pictures.path("run")}).exit_code == 0);
    const Outcome again =
        run_shadenet({"train", "--resume", "--output", pictures.path("run"), "--epochs", "4"});
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.out, ContainsSubstring("cosine to 0 in 12 steps"));
    CHECK_THAT(again.out, ContainsSubstring("going on after epoch 3"));
}

TEST_CASE("a stream's folders may lie on drives, and are parted by one colon") {
    const Pictures pictures;
    const auto refusal = [&](const char* domain) {
        return run_shadenet({"train", "--stream", domain, "--output", pictures.path("run")});
    };
    for (const char* fine : {R"(day=C:\in:D:\out)", "day=C:/in:out", "day=in:D:/out", "day=in:out"}) {
        INFO(fine);
        CHECK_THAT(refusal(fine).err, !ContainsSubstring("without colons"));
    }
    for (const char* bad : {"day=in", "day=C:/in", "day=a:b:c", "day=C:/in:D:/out:more", "day", "in:out"}) {
        INFO(bad);
        const Outcome outcome = refusal(bad);
        CHECK(outcome.exit_code == 2);
        CHECK_THAT(outcome.err, ContainsSubstring("without colons"));
    }
}

TEST_CASE("a run that ends early says where its best model was, and is finished") {
    const Pictures pictures;
    // Steps this large soon make it worse.
    const Outcome outcome = run_shadenet(pictures.train(
        {"--epochs", "200", "--lr", "0.5", "--batch", "1", "--early-stop", "1", "--validate-every", "1",
         "--validation-input", pictures.path("before"), "--validation-target", pictures.path("after")}));
    REQUIRE(outcome.exit_code == 0);
    for (const char* part :
         {"the run ends early: ", "best       validation ", "best.safetensors", "model   "}) {
        CHECK_THAT(outcome.out + outcome.err, ContainsSubstring(part));
    }
    CHECK(fs::is_regular_file(pictures / "run/best.safetensors"));
    CHECK(fs::is_regular_file(pictures / "run/validation.csv"));
    const Outcome again = run_shadenet({"train", "--resume", "--output", pictures.path("run")});
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.out + again.err, ContainsSubstring("this run ended early"));
}
