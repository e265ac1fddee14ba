// The drawing of a network: well-formed, with every layer, shape and number in it.
#include "report/network_svg.h"

#include <regex>
#include <vector>

#include "base/error.h"
#include "catch.h"
#include "made_run.h"
#include "model/network_text.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// What is wrong with `text` as XML of elements, quoted attributes and the five named entities; empty where
/// nothing is.
std::string xml_problem(const std::string& text) {
    std::vector<std::string> open;
    const std::regex element("<(/?)([A-Za-z]+)((?: [A-Za-z][-A-Za-z0-9]*=\"[^\"<]*\")*)(/?)>");
    std::size_t at = 0;
    for (std::sregex_iterator i(text.begin(), text.end(), element), end; i != end; ++i) {
        const std::string between = text.substr(at, static_cast<std::size_t>(i->position()) - at);
        if (between.find_first_of("<>") != std::string::npos) return "stray bracket: " + between;
        if (open.empty() && at > 0 && between != "\n") return "after the end: " + between;
        at = static_cast<std::size_t>(i->position() + i->length());
        const std::string name = (*i)[2];
        if ((*i)[1] == "/") {
            if (open.empty() || open.back() != name) return "closes " + name;
            open.pop_back();
        } else if ((*i)[4] != "/") {
            open.push_back(name);
        }
    }
    if (!open.empty()) return "open: " + open.back();
    if (text.substr(at) != "\n" && at != text.size()) return "after the end: " + text.substr(at);
    const std::regex bare("&(?!(amp|lt|gt|quot|#39);)");
    return std::regex_search(text, bare) ? "a bare &" : "";
}

std::string drawing_of(const NetworkOptions& options) {
    const std::string svg = network_file(two_layer_network(options));
    CHECK(xml_problem(svg) == "");
    return svg;
}

void check_parts(const std::string& svg, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
        CAPTURE(part);
        CHECK(svg.find(part) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("the checker of XML finds what is wrong") {
    CHECK(xml_problem("<a b=\"c\"><d/>e</a>\n") == "");
    for (const char* wrong : {"<a><b></a></b>", "<a>", "<a b=c></a>", "<a></a><", "<a>&</a>", "<a></a>b"}) {
        CAPTURE(wrong);
        CHECK(xml_problem(wrong) != "");
    }
}

TEST_CASE("the default network is drawn with all its numbers") {
    const std::string svg = drawing_of({});
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox"));
    check_parts(svg, {">input</text>",
                      ">conv1</text>",
                      ">bn1</text>",
                      ">conv2</text>",
                      ">bn2</text>",
                      ">skip</text>",
                      ">result</text>",
                      "convolution 3 × 3, 3 → 16",
                      "weight 16 × 3 × 3 × 3 = 432",
                      "weight 3 × 16 × 3 × 3 = 432",
                      "bias 16",
                      "bias 3",
                      "γ 16",
                      "β 3",
                      "moving mean 16",
                      "moving variance 3",
                      "batch norm, decay 0.9, ε 1e-05",
                      "bn1 takes the bias away again",
                      "adds the input",
                      "trained: 921 numbers",
                      "not trained: 38 moving statistics"});
    CHECK(occurrences(svg, "[N, 3, H, W]") == 4);
    CHECK(occurrences(svg, "[N, 16, H, W]") == 2);
    CHECK(occurrences(svg, "class=\"trained\"") == 8);
    CHECK(occurrences(svg, "class=\"kept\"") == 4);
    CHECK(occurrences(svg, "class=\"frame skip\"") == 1);
}

TEST_CASE("networks of every form are drawn as they are") {
    NetworkOptions options;
    options.residual = false;
    options.norm = NormPlacement::none;
    const std::string plain = drawing_of(options);
    check_parts(plain, {">conv1</text>", ">conv2</text>", "trained: 883 numbers"});
    for (const char* part : {"skip", "bn1", "moving", "takes the bias"}) {
        CAPTURE(part);
        CHECK(plain.find(part) == std::string::npos);
    }
    options.norm = NormPlacement::after;
    options.activation = "leaky_relu";
    options.hidden = 1024;
    options.kernel = 7;
    options.residual = true;
    const std::string large = drawing_of(options);
    check_parts(large, {">leaky_relu</text>", "weight 1024 × 3 × 7 × 7 = 150528", "[N, 1024, H, W]",
                        "bn2 takes the bias away again"});
    CHECK(large.find("bn1 takes") == std::string::npos);  // through the activation it counts
    CHECK(large.find(">leaky_relu<") < large.find(">bn1<"));
}

TEST_CASE("of continued pictures the points have the rows that are computed") {
    check_parts(drawing_of({.padding = PicturePadding::edge}),
                {"and 2 pixels more on each side: the outermost again", "[N, 3, H + 4, W + 4]",
                 "[N, 16, H + 2, W + 2]", "[N, 3, H, W]"});
    check_parts(drawing_of({.kernel = 1, .padding = PicturePadding::reflect}), {"[N, 16, H, W]"});
}

TEST_CASE("a norm without gamma or beta is drawn without it") {
    NetworkOptions options;
    options.scale = false;
    const std::string no_gamma = drawing_of(options);
    check_parts(no_gamma, {"without γ", "β 16", "trained: 902 numbers"});
    CHECK(no_gamma.find("γ 16") == std::string::npos);
    options.center = false;
    const std::string neither = drawing_of(options);
    check_parts(neither, {"without γ and β", "trained: 883 numbers", "not trained: 38"});
    CHECK(neither.find("β 16") == std::string::npos);
}

TEST_CASE("networks of whole pictures are drawn with the sizes that they have") {
    const std::string sized = network_file(parse_network(
        "input 2x5x7 scale 255, conv 3 3x3 stride 2, dense 11, norm, elu, dropout 0.6", "text"));
    CHECK(xml_problem(sized) == "");
    check_parts(sized, {"pictures, values from 0 to 255", "[N, 2, 5, 7]", "[N, 3, 3, 4]", "[N, 11, 1, 1]",
                        "dense, 36 → 11", "weight 11 × 36 = 396", "bn1 takes the bias away again",
                        ">elu</text>", "in training keeps a share of 0.6", "values of the whole picture"});
    CHECK(sized.find("H, W") == std::string::npos);
    const std::string any = network_file(parse_network("input 3, conv 5 3x3, average, dense 4", "text"));
    CHECK(xml_problem(any) == "");
    check_parts(any, {"[N, 3, H, W]", "[N, 5, H, W]", "mean over rows and columns", "[N, 5, 1, 1]",
                      "[N, 4, 1, 1]", "dense, 5 → 4"});
}

TEST_CASE("skips from anywhere are drawn, and what does not fit together is refused") {
    Network network = two_layer_network({});
    network.layers.push_back(Skip{4});
    const std::string svg = network_file(network);
    CHECK(xml_problem(svg) == "");
    CHECK(occurrences(svg, "class=\"frame skip\"") == 2);
    CHECK(svg.find("adds the output of conv") == std::string::npos);
    CHECK(svg.find("adds the output of bn2") != std::string::npos);
    network.layers.push_back(Skip{1});
    CHECK_THROWS_AS(network_file(network), InputError);
}

TEST_CASE("a drawing for a page has no ground of its own") {
    const std::string svg = inline_network(two_layer_network({}));
    CHECK(xml_problem(svg) == "");
    CHECK(svg.starts_with("<svg role=\"img\""));
    CHECK(svg.find("fill=\"#fff\"") == std::string::npos);
}
