// Distributions drawn one below the other.
#include "report/ridges.h"

#include <cmath>

#include "catch.h"
#include "made_run.h"
#include "report/report.h"
#include "report/sections.h"
#include "train/logs/begin_log.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Half as many values in each bin as in the one before, from bin `first` on.
NormHistogram made(std::uint32_t epoch, NormSide side, std::optional<std::uint32_t> channel) {
    NormHistogram one{.epoch = epoch, .layer = "bn1", .side = side, .channel = channel, .low = -1, .high = 3};
    for (std::uint32_t i = epoch; i < NormHistogram::bins; ++i) one.counts[i] = 1024 >> std::min(i, 20u);
    return one;
}

HistogramHistory made_history(std::uint32_t epochs, std::uint32_t channels) {
    HistogramHistory history;
    for (std::uint32_t e = 1; e <= epochs; ++e) {
        for (const NormSide side : {NormSide::input, NormSide::output})
            history.layers.push_back(made(e, side, {}));
    }
    for (const NormSide side : {NormSide::input, NormSide::output}) {
        for (std::uint32_t c = 0; c < channels; ++c) history.channels.push_back(made(epochs, side, c));
    }
    return history;
}

}  // namespace

TEST_CASE("quantiles of a distribution") {
    const Distribution even{"", "", 0, 4, {5, 5, 5, 5}}, one_sided{"", "", -2, 2, {0, 0, 8, 0}};
    CHECK(quantile(even, 0) == 0);
    CHECK(quantile(even, 0.5) == Approx(2));
    CHECK(quantile(even, 0.9) == Approx(3.6));
    CHECK(quantile(even, 1) == Approx(4));
    CHECK(quantile(one_sided, 0) == 0);
    CHECK(quantile(one_sided, 0.25) == Approx(0.25));
    CHECK(quantile(one_sided, 1) == Approx(1));
    CHECK(std::isnan(quantile({"", "", 0, 1, {0, 0}}, 0.5)));
}

TEST_CASE("a ridge chart has a ridge for every distribution, in its place") {
    const std::string svg = ridge_chart(
        "spread & <more>", {{"epoch 1", "1", 0, 1, {1, 2}}, {"epoch 2", "2", 1, 2, {4, 0}}}, {520, 300});
    CHECK(occurrences(svg, "class=\"ridge\"") == 2);
    CHECK(svg.find("spread &amp; &lt;more&gt;") != std::string::npos);
    // The axis goes from 0 to 2 over 52 to 504: the first from its beginning to its middle, and on the ground
    // of the upper row, the second from there on. Rows are (300 − 40 − 12)/4 = 62 high.
    CHECK(svg.find("d=\"M52.0 198.0V105.0H165.0V12.0H278.0V198.0\"") != std::string::npos);
    CHECK(svg.find("d=\"M278.0 260.0V74.0H391.0V260.0H504.0V260.0\"") != std::string::npos);
    CHECK(svg.find("epoch 2: median 1.25, nine tenths between 1.02 and 1.48") != std::string::npos);
}

TEST_CASE("a distribution of nothing is drawn flat") {
    const std::string svg = small_histogram("nothing", {"", "", 0, 1, {0, 0, 0}});
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("the section of distributions shows every side of every norm") {
    RunRecord run;
    run.histograms = made_history(5, 3);
    const std::string html = histogram_section(run);
    CHECK(occurrences(html, "<svg") == 2 + 2 * 3);
    CHECK(occurrences(html, "class=\"ridge\"") == 2 * 5 + 2 * 3);
    CHECK(html.find("bn1 output, each channel after epoch 5</h3>") != std::string::npos);
    CHECK(html.find("over all training pictures") != std::string::npos);
    run.options.domains = {{"day", "a", "b"}, {"night", "c", "d"}};
    CHECK(histogram_section(run).find("the pictures of the stream <i>day</i>") != std::string::npos);
    CHECK(histogram_section({}).empty());
}

TEST_CASE("of many epochs and channels some are drawn") {
    RunRecord run;
    run.histograms = made_history(60, 70);
    const std::string html = histogram_section(run);
    CHECK(occurrences(html, "class=\"ridge\"") == 2 * 24 + 2 * 64);
    for (const char* epoch : {">epoch 1:", ">epoch 60:"}) CHECK(occurrences(html, epoch) == 2);
    CHECK(html.find("the first 64 of 70") != std::string::npos);
}

TEST_CASE("a report has distributions where a run has measured them") {
    const MadeRun run;
    write_report(run.path());
    CHECK(run.text("report.html").find("<h2>Distributions</h2>") == std::string::npos);
    std::vector<NormHistogram> all;
    for (const NormSide side : {NormSide::input, NormSide::output}) {
        all.push_back(made(1, side, {}));
        all.push_back(made(1, side, 0));
    }
    HistogramLog log(run / "histograms.csv", [&](const Parameters&, std::uint32_t) { return all; });
    begin_log(log);
    log.on_epoch({.epoch = 1}, {});
    write_report(run.path());
    CHECK(occurrences(run.text("report.html"), "class=\"ridge\"") == 4);
}
