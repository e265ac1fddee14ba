#include "report/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <regex>

#include <fmt/format.h>

#include "catch.h"

using namespace shadenet;

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr ChartSize size{500, 300};

Chart chart_of(const std::vector<double>& values, AxisScale scale = AxisScale::linear) {
    Chart chart{"a <chart>", "loss", {}, {{"line & more", "#123456", values}}, scale};
    for (std::uint32_t i = 1; i <= values.size(); ++i) chart.epochs.push_back(i);
    return chart;
}

/// Of the first line. By hand: the library's regular expressions take a call for every letter of a long path.
std::string path_of(const std::string& svg) {
    const std::size_t line = svg.find("class=\"line\"");
    REQUIRE(line != std::string::npos);
    const std::size_t begin = svg.find(" d=\"", line) + 4, end = svg.find('"', begin);
    REQUIRE(end != std::string::npos);
    return svg.substr(begin, end - begin);
}

struct Point {
    int x, y;
};

/// The absolute places of a path of M and l, in tenths of a unit.
std::vector<Point> points_of(const std::string& path) {
    std::vector<Point> points;
    const std::regex token("M|l|-?[0-9]+");
    bool relative = false;
    std::vector<int> numbers;
    for (std::sregex_iterator i(path.begin(), path.end(), token), end; i != end; ++i) {
        const std::string text = i->str();
        if (text == "M" || text == "l") {
            relative = text == "l";
            continue;
        }
        numbers.push_back(std::stoi(text));
        if (numbers.size() < 2) continue;
        const Point from = relative ? points.back() : Point{0, 0};
        points.push_back({from.x + numbers[0], from.y + numbers[1]});
        numbers.clear();
    }
    return points;
}

}  // namespace

TEST_CASE("a line has a point for every epoch, at its place in the plot") {
    std::vector<double> values;
    for (int i = 0; i < 2000; ++i) values.push_back(i % 7);
    const std::string svg = inline_chart(chart_of(values), size);
    const std::vector<Point> points = points_of(path_of(svg));
    REQUIRE(points.size() == 2000);
    std::smatch plot;
    REQUIRE(std::regex_search(svg, plot, std::regex("data-plot=\"(\\d+) (\\d+) (\\d+) (\\d+)\"")));
    const int left = std::stoi(plot[1]), top = std::stoi(plot[2]), right = std::stoi(plot[3]),
              bottom = std::stoi(plot[4]);
    CHECK(points.front().x == 10 * left);
    CHECK(points.back().x == 10 * right);
    // The axis is longer than the values by a twentieth at both ends.
    const double scale = 10 * (bottom - top) / 6.6;
    for (std::size_t i = 0; i < points.size(); ++i) {
        REQUIRE(std::abs(points[i].y - (10 * bottom - scale * (values[i] + 0.3))) <= 0.51);
    }
}

TEST_CASE("a logarithmic chart goes by decades, and leaves out what it cannot show") {
    const std::string svg = inline_chart(chart_of({1, 0.1, 0.01, -1, 0.001}, AxisScale::log), size);
    const std::vector<Point> points = points_of(path_of(svg));
    REQUIRE(points.size() == 4 + 1);  // a point alone is drawn as a step of nothing
    CHECK(std::abs(points[1].y - points[0].y - (points[2].y - points[1].y)) <= 1);
    CHECK_THAT(svg, ContainsSubstring("data-scale=\"log\"") && ContainsSubstring("loss (log)"));
}

TEST_CASE("values that are no number leave a gap") {
    const std::string path = path_of(
        inline_chart(chart_of({1, 2, nothing, 3, std::numeric_limits<double>::infinity(), 4, 5}), size));
    CHECK(std::count(path.begin(), path.end(), 'M') == 3);
    // Browsers draw nothing behind an "l" without numbers.
    CHECK(path.find("lM") == std::string::npos);
    CHECK(std::regex_match(path, std::regex("(M[0-9]+ [0-9]+l([ -][0-9]+[ -][0-9]+)*(0 0)?)+")));
    CHECK(path.find("l0 0M") != std::string::npos);
    const std::vector<Point> points = points_of(path);
    REQUIRE(points.size() == 2 + 2 + 2);
    CHECK(points[2].x == points[3].x);
    CHECK(points[2].y == points[3].y);
    // Epochs 1, 2, 4, 6 and 7, and every value 1 higher than the one before.
    const int epoch = points[1].x - points[0].x, one = points[1].y - points[0].y;
    CHECK(std::abs(points[2].x - points[1].x - 2 * epoch) <= 1);
    CHECK(std::abs(points[4].x - points[2].x - 2 * epoch) <= 1);
    for (const std::size_t i : {2, 4, 5}) {
        CHECK(std::abs(points[i].y - points[i == 5 ? 4 : i - 1].y - one) <= 1);
    }
    CHECK(path_of(inline_chart(chart_of({nothing, nothing}), size)).empty());
    CHECK(path_of(inline_chart(chart_of({1, 2, nothing, 3}), size)).ends_with("l0 0"));
}

TEST_CASE("charts of one epoch, of none and of equal values are drawn") {
    const std::vector<Point> one = points_of(path_of(inline_chart(chart_of({0.5}), size)));
    REQUIRE(one.size() == 2);
    CHECK(one[0].x == one[1].x);
    CHECK_THAT(inline_chart(chart_of({}), size), ContainsSubstring("no epoch yet"));
    for (const double value : {0.0, 1e-300, -3.0, 1e308}) {
        CHECK(points_of(path_of(inline_chart(chart_of({value, value}), size))).size() == 2);
    }
}

TEST_CASE("a level goes right across the chart, and the axis covers it") {
    for (const std::size_t epochs : {1, 3}) {
        Chart chart{"", "", {}, {{"line", "#000", {}}, {"floor", "#000", {}, true}}, AxisScale::log};
        for (std::size_t i = 1; i <= epochs; ++i) {
            chart.epochs.push_back(static_cast<std::uint32_t>(i));
            chart.series[0].values.push_back(1.0);
            chart.series[1].values.push_back(1e-3);
        }
        chart.series[1].level = true;
        const std::string svg = inline_chart(chart, size);
        const std::string level = svg.substr(svg.rfind(" d=\"", svg.find("data-name=\"floor\"")));
        // From the left to the right of the plot, in tenths, and above its lower end.
        std::smatch ends;
        REQUIRE(std::regex_search(level, ends, std::regex("^ d=\"M([0-9]+) ([0-9]+)H([0-9]+)\"")));
        std::smatch plot;
        REQUIRE(
            std::regex_search(svg, plot, std::regex("data-plot=\"([0-9]+) ([0-9]+) ([0-9]+) ([0-9]+)\"")));
        CHECK(std::stoi(ends[1]) == 10 * std::stoi(plot[1]));
        CHECK(std::stoi(ends[3]) == 10 * std::stoi(plot[3]));
        CHECK(std::stoi(ends[2]) < 10 * std::stoi(plot[4]));
        CHECK(std::stoi(ends[2]) > 10 * std::stoi(plot[2]));
        CHECK_THAT(svg, ContainsSubstring(">floor</text>"));
    }
}

TEST_CASE("a band lies around its line, in pieces where it has gaps, and within the axis") {
    Chart chart = chart_of({2, 2, 2, nothing, 2});
    const auto bands = [&] {
        const std::string svg = inline_chart(chart, size);
        const std::regex band("class=\"band\"[^>]* d=\"([^\"]*)\"");
        std::vector<std::string> paths;
        for (std::sregex_iterator i(svg.begin(), svg.end(), band), end; i != end; ++i)
            paths.push_back((*i)[1]);
        return paths;
    };
    CHECK(bands().empty());
    chart.series[0].low = {1, 0, 1, nothing, 1};
    chart.series[0].high = {3, 10, 3, nothing, 3};
    const std::vector<std::string> paths = bands();
    REQUIRE(paths.size() == 2);
    // There and back: two points for each epoch.
    CHECK(std::count(paths[0].begin(), paths[0].end(), 'L') == 5);
    CHECK(std::count(paths[1].begin(), paths[1].end(), 'L') == 1);
    CHECK_THAT(inline_chart(chart, size), ContainsSubstring("data-y=\"-0.5 10.5\""));
}

TEST_CASE("names in charts are escaped, and the page's script finds the values") {
    const std::string svg = inline_chart(chart_of({0.123456, 2}), size);
    CHECK_THAT(svg, ContainsSubstring("a &lt;chart&gt;") && ContainsSubstring("line &amp; more"));
    CHECK_THAT(svg,
               ContainsSubstring("data-values=\"0.12346 2\"") && ContainsSubstring("data-epochs=\"1 2\""));
}

TEST_CASE("a chart has a legend unless its lines are too many for one, and it need not name them all") {
    const auto legend_of = [](std::size_t lines, bool names_all = false) {
        Chart chart{"", "", {1, 2}, {}};
        for (std::size_t i = 0; i < lines; ++i)
            chart.series.push_back({"long name", "#000", {1, 2}, false, "s"});
        chart.names_all = names_all;
        const std::string svg = inline_chart(chart, size);
        return svg.find(">s</text>") != std::string::npos;
    };
    CHECK_FALSE(legend_of(1));
    CHECK(legend_of(16));
    CHECK_FALSE(legend_of(64));
    CHECK(legend_of(64, true));
}

TEST_CASE("a drawing grows by its legend, whose names lie within it, and the plot keeps its size") {
    const auto numbers_of = [](const std::string& svg, const std::string& pattern) {
        std::vector<int> numbers;
        const std::regex number(pattern);
        for (std::sregex_iterator i(svg.begin(), svg.end(), number), end; i != end; ++i)
            numbers.push_back(std::stoi((*i)[1]));
        return numbers;
    };
    const std::string long_name = "norm=before,optimizer=amsgrad,decay=0.999", endless(150, 'a');
    for (const std::size_t lines : {2, 6, 16, 40}) {
        Chart chart{"", "", {1, 2}, {}};
        chart.names_all = true;
        for (std::size_t i = 0; i < lines; ++i) chart.series.push_back({long_name, "#000", {1, 2}});
        chart.series.back().name = endless;
        const std::string svg = inline_chart(chart, size), file = chart_file("", {chart, chart}, 1, size);
        const int rows = static_cast<int>(lines), height = size.height + 18 * rows;
        CHECK_THAT(svg, ContainsSubstring(fmt::format("viewBox=\"0 0 {} {}\"", size.width, height)) &&
                            ContainsSubstring(fmt::format("data-plot=\"62 30 480 {}\"", size.height - 42)) &&
                            ContainsSubstring(">" + endless + "</text>"));
        CHECK_THAT(file,
                   ContainsSubstring(fmt::format("viewBox=\"0 0 {} {}\"", size.width, 2 * (height + 34))) &&
                       ContainsSubstring(fmt::format("translate(0 {})", height + 34)));
        const std::vector<int> places =
            numbers_of(svg, "x=\"85\" y=\"([0-9]+)\"( textLength=\"[0-9]+\"[^>]*)?>[na]");
        REQUIRE(places.size() == lines);
        CHECK(places.front() > size.height);
        CHECK(places.back() < height);
        CHECK(std::ranges::adjacent_find(places, std::greater_equal()) == places.end());
        // Only the last is too long for the drawing, and squeezed into it.
        CHECK(numbers_of(svg, "textLength=\"([0-9]+)\"") == std::vector<int>{size.width - 85});
    }
}

TEST_CASE("a file of charts stands for itself") {
    const std::string svg = chart_file("many", {chart_of({1, 2}), chart_of({3}), chart_of({})}, 2, size);
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 668\""));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK_THAT(svg, !ContainsSubstring("data-values"));
    CHECK_THAT(svg, ContainsSubstring("translate(500 0)") && ContainsSubstring("translate(0 334)"));
}

TEST_CASE("a scale fits when all values can be seen on it") {
    CHECK(fitting_scale({{"", "", {1, 0.001}}}) == AxisScale::log);
    CHECK(fitting_scale({{"", "", {1, 0.001}}, {"", "", {-1}}}) == AxisScale::linear);
    CHECK(fitting_scale({}) == AxisScale::linear);
}

TEST_CASE("a chart of losses has decibels at the right of its ticks") {
    Chart chart{"Loss", "loss", {1, 2, 3}, {{"training", "#000", {0.1, 0.01, 0.001}}}, AxisScale::log};
    CHECK_THAT(inline_chart(chart, {}), !ContainsSubstring(" dB<") && !ContainsSubstring("data-decibels"));
    chart.in_decibels = true;
    const std::string svg = inline_chart(chart, {});
    CHECK_THAT(svg, ContainsSubstring("data-decibels") && ContainsSubstring(">10.0 dB</text>") &&
                        ContainsSubstring(">20.0 dB</text>") && ContainsSubstring(">30.0 dB</text>"));
}
