#include "report/html.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "catch.h"
#include "report/colour.h"

using namespace shadenet;

namespace {

std::string uri_of(std::string_view text) {
    return data_uri("text/plain", std::as_bytes(std::span(text)));
}

double linear(int level) {
    const double value = level / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

/// As WCAG defines it.
double luminance(const std::string& colour) {
    const auto channel = [&](std::size_t at) { return linear(std::stoi(colour.substr(at, 2), nullptr, 16)); };
    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

double contrast(double a, double b) {
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

}  // namespace

TEST_CASE("text becomes harmless") {
    CHECK(escaped("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;");
    CHECK(escaped("γ, 日本, 😀") == "γ, 日本, 😀");
    CHECK(escaped("") == "");
    CHECK(escaped("a\n<\x7f\xc2\x85\u202e") == "a\\n&lt;\\x7f\\u0085\\u202e");
    CHECK(escaped("caf\xe9!") == "caf\\xe9!");
}

TEST_CASE("bytes become a data URI") {
    const std::string start = "data:text/plain;base64,";
    CHECK(uri_of("") == start);
    CHECK(uri_of("f") == start + "Zg==");
    CHECK(uri_of("fo") == start + "Zm8=");
    CHECK(uri_of("foobar") == start + "Zm9vYmFy");
    CHECK(uri_of("\xff\xfe\xfd") == start + "//79");
}

TEST_CASE("lines differ in colour and are seen on white and on dark ground") {
    std::set<std::string> colours;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::string colour = line_colour(i, 64);
        INFO(colour);
        REQUIRE(colour.size() == 7);
        colours.insert(colour);
        CHECK(contrast(luminance(colour), 1) > 3);
        CHECK(contrast(luminance(colour), luminance("#16181b")) > 3);
    }
    CHECK(colours.size() == 64);
    CHECK(line_colour(0, 0) == line_colour(0, 1));
}
