#include "report/report.h"

#include "base/error.h"
#include "catch.h"
#include "made_run.h"
#include "model/safetensors.h"
#include "report/curves.h"
#include "report/sections.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

std::string html_of(const MadeRun& run) {
    write_report(run.path());
    return run.text("report.html");
}

template <typename E>
std::string failure(const MadeRun& run) {
    try {
        write_report(run.path());
    } catch (const E& error) {
        return error.what();
    }
    return "";
}

/// The lines of the charts that have `points` points.
std::size_t lines_of(const std::string& html, std::size_t points) {
    std::size_t lines = 0;
    const std::string start = "data-values=\"";
    for (std::size_t at = html.find(start); at != std::string::npos; at = html.find(start, at + 1)) {
        const std::string values =
            html.substr(at + start.size(), html.find('"', at + start.size()) - at - start.size());
        if (!values.empty() && occurrences(values, " ") + 1 == points) ++lines;
    }
    return lines;
}

}  // namespace

TEST_CASE("a report tells all of a run") {
    const MadeRun run({.validated = true});
    const std::string html = html_of(run);
    CHECK(occurrences(html, "src=\"data:image/jpeg;base64,") == 3 * 4 + 1 * 2);
    CHECK(lines_of(html, 5) == 2 * 2 + 2 * (16 + 3));
    for (const char* part :
         {"<h1>in → out</h1>", "<b>5 epochs</b>", "from <b>1 (0.0 dB)</b> to <b>0.2 (7.0 dB)</b>",
          "validation pictures it is <b>0.4 (4.0 dB)</b>", "2.5 seconds",
          "a &lt;device&gt; &amp; &quot;driver&quot;", "16 × 3 × 3 × 3", "<caption>bn2</caption>",
          "PyTorch's momentum: 0.1", "How to read this", "921 numbers", "38 numbers"}) {
        CAPTURE(part);
        CHECK(html.find(part) != std::string::npos);
    }
    CHECK(html.find("shown.") == std::string::npos);
    for (const char* outside : {"src=\"http", "href=", "@import", "url("}) {
        CHECK(html.find(outside) == std::string::npos);
    }
    CHECK(run.text("loss.svg").starts_with("<svg xmlns"));
    CHECK(occurrences(run.text("moving_statistics.svg"), "class=\"line\"") == 2 * (16 + 3));
}

TEST_CASE("a report tells a run that ended early from one that was interrupted") {
    const std::uint32_t epochs = GENERATE(0u, 3u, 5u);
    const MadeRun run({.epochs = epochs, .validated = true, .early_stop = 2});
    const auto html_with = [&](const char* since) {
        SafeTensors file = read_safetensors(run / "checkpoint.safetensors");
        file.metadata["best_loss"] = "0.25";
        file.metadata["best_step"] = "7";
        file.metadata["best_epoch"] = "1";
        file.metadata["validations_since_best"] = since;
        write_safetensors(run / "checkpoint.safetensors", file);
        return html_of(run);
    };
    const std::string early =
        "It ended early: <b>2 validations</b> in a row without a lower loss than 0.25 (6.0 dB) at step 7; "
        "<i>best.safetensors</i> holds that model.";
    CHECK(html_of(run).find("ended early") == std::string::npos);
    CHECK(html_with("1").find("ended early") == std::string::npos);
    // After the last epoch there was nothing left to end.
    CHECK((html_with("2").find(early) != std::string::npos) == (epochs < 5));
    CHECK_THROWS_AS(html_with("many"), InputError);
}

TEST_CASE("a report draws the floor, and says how far above it the network is") {
    const MadeRun run;
    const std::string without = html_of(run);
    write_floor(run / "floor.json", {.loss = 0.05, .pixels = 1234, .side = 5, .reached = 0.125});
    const std::string html = html_of(run);
    CHECK(lines_of(html, 5) == lines_of(without, 5) + 2);
    CHECK(occurrences(html, "data-name=\"floor\"") == 2);
    CHECK(html.find("The floor is <b>0.05 (13.0 dB)</b>: the best any affine filter of 5x5 pixels reaches") !=
          std::string::npos);
    CHECK(html.find("on the same pixels is <b>0.125 (9.0 dB)</b>, 0.075 above the floor, 2.5 times it") !=
          std::string::npos);
    CHECK(run.text("loss.svg").find(">floor</text>") != std::string::npos);

    write_floor(run / "floor.json", {.loss = 0, .pixels = 1234, .side = 5});
    CHECK(lines_of(html_of(run), 5) == lines_of(without, 5));
    write_file_atomically(run / "floor.json", "{}");
    CHECK(failure<InputError>(run).find("floor.json: is damaged") != std::string::npos);
}

TEST_CASE("the floor of a network with an activation is that of linear ones") {
    MadeOptions made;
    made.network.activation = "relu";
    const MadeRun run(made);
    write_floor(run / "floor.json", {.loss = 0.5, .pixels = 1234, .side = 5, .reached = 0.25});
    const std::string html = html_of(run);
    CHECK(html.find("The best linear filter has <b>0.5 (3.0 dB)</b>: the best any affine filter of 5x5 "
                    "pixels reaches on "
                    "these pictures, which the network may pass.") != std::string::npos);
    CHECK(html.find("<b>0.25 (6.0 dB)</b>, 0.25 below the best linear filter, 0.5 times it") !=
          std::string::npos);
    CHECK(occurrences(html, "data-name=\"best linear filter\"") == 2);
}

TEST_CASE("a report shows a network without activations as one filter, and no other") {
    const std::string linear = html_of(MadeRun());
    CHECK(
        linear.find(
            "<h2>What it learned</h2><p>The network has no activation: all that it does is one sum over 5×5 "
            "pixels") != std::string::npos);
    CHECK(linear.find("alt=\"weights, and gain of every frequency\" src=\"data:image/png;base64,") !=
          std::string::npos);
    MadeOptions made;
    made.network.activation = "tanh";
    CHECK(html_of(MadeRun(made)).find("What it learned") == std::string::npos);
}

TEST_CASE("validations within epochs are a chart by steps") {
    const MadeRun run({.validated = true});
    write_report(run.path());
    CHECK(occurrences(run.text("report.html"), "data-unit=\"step\"") == 0);
    std::string rows = "epoch,step,validation_loss\n";
    for (int step = 1; step <= 9; ++step) rows += fmt::format("{},{},{}\n", (step + 1) / 2, step, 0.5 / step);
    write_file_atomically(run / "validation.csv", rows);
    write_report(run.path());
    const std::string html = run.text("report.html");
    CHECK(occurrences(html, "data-unit=\"step\"") == 1);
    CHECK(html.find("data-epochs=\"1 2 3 4 5 6 7 8 9\"") != std::string::npos);
    CHECK(html.find("data-values=\"0.5 0.25 0.16667 0.125 0.1 ") != std::string::npos);
}

TEST_CASE("the same run gives the same report") {
    const MadeRun run;
    const std::string first = html_of(run), slide = run.text("moving_statistics.svg");
    CHECK(html_of(run) == first);
    CHECK(run.text("moving_statistics.svg") == slide);
}

TEST_CASE("a run that has hardly begun has a report") {
    const MadeRun run({.epochs = 0, .pairs = 0, .tests = 0});
    SECTION("without epochs") {
        const std::string html = html_of(run);
        CHECK(html.find("No epoch of 5 is done yet") != std::string::npos);
        CHECK(html.find("has written no pictures yet") != std::string::npos);
    }
    SECTION("with the configuration alone, and the user's folders gone") {
        for (const char* file : {"history.csv", "checkpoint.safetensors", "images"}) fs::remove(run / file);
        for (const char* name : {"in", "out", "test"}) fs::remove(run.beside(name));
        CHECK(html_of(run).find("has saved none yet") != std::string::npos);
    }
    SECTION("with a picture by the untrained network") {
        write_png(run / "images/before_p.png", noisy_picture(5, 1));
        CHECK(occurrences(html_of(run), "data:image/jpeg") == 1);
    }
}

TEST_CASE("a report says from when on rates hold that were changed by hand") {
    const auto settings_of = [](const std::vector<RateChange>& changes) {
        MadeOptions made{.epochs = 0, .pairs = 0, .tests = 0};
        made.changes = changes;
        const MadeRun run(made);
        const std::string html = html_of(run);
        return html.substr(html.find("<h2>Settings"));
    };
    const std::string changed = settings_of({{2, {0.1f, 0.5f}}, {40, {0.003f, 0.9f}}});
    for (const char* part :
         {"from step 2</th><td>learning rate 0.1, decay 0.5 (momentum 0.5)<",
          "from step 40</th><td>learning rate 0.003, decay 0.9 (momentum 0.1)<",
          "learning rate</th><td>0.01 at first<", "0.9 at first (PyTorch's momentum: 0.1)<"}) {
        CAPTURE(part);
        CHECK(changed.find(part) != std::string::npos);
    }
    CHECK(changed.find("[{") == std::string::npos);
    CHECK(settings_of({{0, {0.1f, 0.5f}}}).find("0.01, changed before the first step<") != std::string::npos);
    CHECK(settings_of({}).find("learning rate</th><td>0.01<") != std::string::npos);
}

TEST_CASE("a network without norm has no statistics to show") {
    MadeOptions made;
    made.network.norm = NormPlacement::none;
    const MadeRun run(made);
    const std::string html = html_of(run);
    CHECK(html.find("has no batch norm") != std::string::npos);
    CHECK(lines_of(html, 5) == 2);
    CHECK_FALSE(fs::exists(run / "moving_statistics.svg"));
}

TEST_CASE("names of files do no harm to a report") {
    const MadeRun run({.pairs = 1, .tests = 0});
    run.add_pair("<script>alert('1')&\"\n", 4);
    run.add_pair("caf\xe9", 1);
    const std::string html = html_of(run);
    CHECK(html.find("<script>alert") == std::string::npos);
    CHECK(html.find("&lt;script&gt;alert(&#39;1&#39;)&amp;&quot;\\n</h3>") != std::string::npos);
    CHECK(html.find("caf\\xe9</h3>") != std::string::npos);
    CHECK(html.find('\xe9') == std::string::npos);
    CHECK(html.find("width=\"1\" height=\"1\"") != std::string::npos);
}

TEST_CASE("what is damaged in a run folder is named, and nothing is written") {
    const MadeRun run;
    const auto refusal_with = [&](const char* name) {
        write_file_atomically(run / name, "damaged");
        return failure<InputError>(run);
    };
    // From the last that is read to the first.
    for (const char* name : {"images/after_p1.png", "images/test_t0.png", "checkpoint.safetensors",
                             "history.csv", "config.json"}) {
        CHECK_THAT(refusal_with(name), ContainsSubstring((run / name).string() + ": "));
    }
    fs::remove(run / "config.json");
    CHECK_THAT(failure<InputError>(run), ContainsSubstring("holds no run"));
    fs::remove_all(run.path());
    CHECK_THAT(failure<InputError>(run), ContainsSubstring("holds no run"));
    CHECK_FALSE(fs::exists(run / "report.html"));
    CHECK_FALSE(fs::exists(run / "loss.svg"));
}

TEST_CASE("pictures of the user that are damaged or gone are left out") {
    const MadeRun run({.pairs = 2, .tests = 0});
    write_file_atomically(run.beside("in/p0.png"), "damaged");
    fs::remove(run.beside("out/p1.png"));
    CHECK(occurrences(html_of(run), "data:image/jpeg") == 2 * 4 - 2);
}

TEST_CASE("other files beside the run's pictures do not take their place") {
    const MadeRun run({.pairs = 1, .tests = 0});
    for (const char* stray : {"images/before_p0.bmp", "images/after_p0.jpg"}) {
        write_file_atomically(run / stray, "stray");
    }
    CHECK(occurrences(html_of(run), "data:image/jpeg") == 4);
}

TEST_CASE("a report that cannot be written says so") {
    const MadeRun run;
    fs::create_directories(run / "report.html/inside");
    CHECK_THAT(failure<WorkError>(run), ContainsSubstring("report.html: cannot "));
}

TEST_CASE("a long run of a wide network keeps within 6 MB") {
    MadeOptions made{.epochs = 4001, .pairs = 9, .tests = 0, .side = 64};
    made.network.hidden = 70;
    const MadeRun run(made);
    const std::string html = html_of(run);
    CHECK(html.size() < 6'000'000);
    // Every third epoch from the first, and the last.
    CHECK(lines_of(html, 1335) == 2 + 2 * (64 + 3));
    CHECK(html.find("One epoch in 3 is drawn") != std::string::npos);
    CHECK(html.find("the first 64 of 70") != std::string::npos);
    CHECK(html.find("64 of 70 channels") != std::string::npos);
    CHECK(html.find("8 of 9 pairs are shown") != std::string::npos);
}

TEST_CASE("up to 2000 epochs are points, each of them") {
    const MadeRun run({.epochs = 2000, .pairs = 0, .tests = 0});
    CHECK(curves_of(read_run(run.path())).epochs.size() == 2000);
}

TEST_CASE("a report shows the network, and its health where that was looked at") {
    const MadeRun run;
    const std::string unknown = html_of(run);
    CHECK_THAT(unknown, ContainsSubstring("<h2>Network</h2>") && ContainsSubstring(">bn2</text>") &&
                            ContainsSubstring("the moving statistics, which only follow"));
    CHECK_THAT(unknown, !ContainsSubstring("<h2>Health</h2>"));
    HealthRecord health{5, {{}, "Looked at <all>."}};
    write_health(run / "health.json", health);
    const std::string well = html_of(run);
    CHECK_THAT(well,
               ContainsSubstring("says: <b>healthy</b>.</p><p class=\"checked\">Looked at &lt;all&gt;."));
    health.step = 1;
    health.report.findings = {{FindingKind::lagging, Severity::fault, "It & lags.", "Mend it."},
                              {FindingKind::cancelled_bias, Severity::information, "So what.", "Let it."}};
    write_health(run / "health.json", health);
    CHECK_THAT(
        html_of(run),
        ContainsSubstring("<b>1 fault</b>. This was found after 1 step; training has gone on since.</p>") &&
            ContainsSubstring("<li class=\"fault\"><b>fault</b>: It &amp; lags.<p class=\"remedy\">Mend "
                              "it.</p></li><li class=\"note\"><b>note</b>: So what."));
    write_file_atomically(run / "health.json", "damaged");
    CHECK_THAT(failure<InputError>(run), ContainsSubstring((run / "health.json").string() + ": "));
}

TEST_CASE("a report says first how good the filter is") {
    const MadeRun run;
    CHECK_THAT(html_of(run), !ContainsSubstring("<h2>How good it is</h2>"));
    QualityRecord quality{.step = 5, .validation = true, .of = 9};
    quality.all.loss = 1e-4;
    quality.all.levels = 2;
    quality.all.off = 0.125;
    quality.all.untouched = 0.01;
    quality.all.bands[0] = {12.5, 3.25, 0.875, 0.9};
    quality.all.tones[2] = {0.25, 3.5, {-1, 0.25, 2}};
    quality.all.rings[1] = 26;
    quality.all.inside = 1.5;
    quality.pictures = {{"a <b>", 1e-3, 7, 0.75, 0.1}};
    quality.verdict = {QualityGrade::close, {{QualityKind::soft, "slightly soft & so", "Wait."}}};
    write_quality(run / "quality.json", quality);
    const std::string html = html_of(run);
    CHECK_THAT(html, ContainsSubstring(
                         "The result <b>is close to the target</b>: 40.0 dB, 2.0 grey levels, on 1 of 9 "
                         "validation pictures."));
    CHECK_THAT(
        html, ContainsSubstring("<b>close to the target</b>, 40.0 dB, 2.0 grey levels, SSIM 1.000; 12.5 % of "
                                "the values are off by more than 4 levels. Before the filter, the inputs had "
                                "20.0 dB.</p><ul class=\"health\"><li>slightly soft &amp; so<p "
                                "class=\"remedy\">Wait.</p></li></ul>"));
    for (const char* cells :
         {"<th scope=\"row\">a &lt;b&gt;</th><td>30.0 dB</td><td>7</td><td>0.750</td><td>10.0 dB</td>",
          "<th scope=\"row\">finest, to 1 pixel</th><td>12.5</td><td>3.25</td><td>87.5 %</td>",
          "<th scope=\"row\">lights</th><td>25.0 %</td><td>3.5</td><td>-1.0</td><td>+0.2</td><td>+2.0</td>",
          "<th scope=\"row\">ring 2</th><td>26</td>", "<th scope=\"row\">inside</th><td>1.5</td>"}) {
        CHECK_THAT(html, ContainsSubstring(cells));
    }
    quality.step = 1;
    quality.verdict = {};
    quality.all.inside.reset();
    write_quality(run / "quality.json", quality);
    CHECK_THAT(
        html_of(run),
        ContainsSubstring("The result <b>cannot be told from the target</b>: ") &&
            ContainsSubstring("20.0 dB. This was found after 1 step; training has gone on since.</p>") &&
            !ContainsSubstring("<th scope=\"row\">inside</th>"));
    write_file_atomically(run / "quality.json", "damaged");
    CHECK_THAT(failure<InputError>(run), ContainsSubstring((run / "quality.json").string() + ": "));
}
