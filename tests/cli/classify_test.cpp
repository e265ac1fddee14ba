// shadenet classify: what it says of pictures of all kinds, and of labelled ones.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "classifier.h"
#include "labelled_set.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

std::map<std::string, nlohmann::json> told(const fs::path& summary) {
    std::map<std::string, nlohmann::json> lines;
    std::ifstream file(summary);
    for (std::string line; std::getline(file, line);) {
        const auto json = nlohmann::json::parse(line);
        lines[fs::path(json.at("file").get<std::string>()).filename().string()] = json;
    }
    return lines;
}

}  // namespace

TEST_CASE("classify says label, probability and runner-up of every picture, on the terminal and in files") {
    const HalvesScene scene;
    const Outcome outcome = scene.run({"--summary", scene.path("s.jsonl"), "--csv", scene.path("t.csv")});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    // Logits 16, 0 and 2.
    CHECK_THAT(outcome.out, ContainsSubstring("in/l.png: left 100.00 %, then dark 0.00 %"));
    CHECK_THAT(outcome.out, ContainsSubstring("in/r.png: right 100.00 %, then dark 0.00 %"));
    CHECK_THAT(outcome.out, ContainsSubstring("in/d.png: dark 78.70 %, then left 10.65 %"));
    CHECK_THAT(outcome.out, ContainsSubstring("classified 3 pictures in"));
    auto lines = told(scene / "s.jsonl");
    REQUIRE(lines.size() == 3);
    const double sum = 2 + std::exp(2.0);
    CHECK(lines["d.png"]["label"] == "dark");
    CHECK(lines["d.png"]["runner_up"] == "left");
    CHECK(lines["d.png"]["status"] == "classified");
    CHECK(lines["d.png"]["probability"].get<double>() == Approx(std::exp(2.0) / sum).epsilon(1e-6));
    CHECK(lines["d.png"]["runner_up_probability"].get<double>() == Approx(1 / sum).epsilon(1e-6));
    CHECK(lines["l.png"]["width"] == 8);
    const std::string table = read_text(scene / "t.csv");
    CHECK(
        table.starts_with("file,output,status,label,probability,runner_up,runner_up_probability,truth,"
                          "message\r\n" +
                          scene.path("in/d.png") + ",,classified,dark,0.78"));
    CHECK(table.find("l.png") < table.find("r.png"));
    const Outcome quiet = scene.run({"-q"});
    CHECK(quiet.out.empty());
}

TEST_CASE("no flag that is about speed changes a digit of an answer") {
    const HalvesScene scene;
    for (int i = 0; i < 9; ++i) {
        write_halves(scene / ("in/" + std::to_string(i) + ".png"), static_cast<std::uint8_t>(20 * i),
                     static_cast<std::uint8_t>(90 - 9 * i));
    }
    REQUIRE(scene.run({"--csv", scene.path("t.csv")}).exit_code == 0);
    const std::string table = read_text(scene / "t.csv");
    for (const char* jobs : {"1:1:1", "3:4:2", "2:64:1"}) {
        REQUIRE(scene.run({"--csv", scene.path("u.csv"), "-j", jobs, "--overwrite"}).exit_code == 0);
        CHECK(read_text(scene / "u.csv") == table);
    }
    std::size_t shares = 0;
    for (const char* shard : {"1/3", "2/3", "3/3"}) {
        REQUIRE(scene.run({"--summary", scene.path("s.jsonl"), "--shard", shard, "--overwrite"}).exit_code ==
                0);
        shares += told(scene / "s.jsonl").size();
    }
    CHECK(shares == 12);
}

TEST_CASE(
    "grey, 16-bit, transparent, turned and large pictures are seen as in training, damaged ones named") {
    const HalvesScene scene;
    Bytes deep, glass, sided, large;
    for (int i = 0; i < 32; ++i) {
        const std::uint8_t level = i % 8 < 4 ? 255 : 0;
        deep.insert(deep.end(), {level, level});
        glass.insert(glass.end(), {level, level, level, static_cast<std::uint8_t>(i)});
        // A quarter turn to the right brings the last rows, which are light, to the left.
        sided.insert(sided.end(), 3, i / 4 < 4 ? 0 : 255);
    }
    for (int i = 0; i < 40 * 12; ++i) large.insert(large.end(), {0, 0, 0});
    for (int i = 0; i < 40 * 12; ++i) {
        // Of 40 x 12 the middle 24 columns are seen: light in the right half of these.
        if (i % 40 >= 20 && i % 40 < 32) std::fill_n(large.begin() + 3 * i, 3, std::uint8_t{255});
    }
    write_bytes(scene / "in/deep.png", encode_png(8, 4, PngColour::grey, 16, deep));
    write_bytes(scene / "in/glass.png", encode_png(8, 4, PngColour::rgb_alpha, 8, glass));
    const Bytes lying = encode_png(4, 8, PngColour::rgb, 8, sided);
    write_bytes(scene / "in/turned.png", with_chunk(lying, "eXIf", encode_exif(6, true)));
    write_bytes(scene / "in/turned_back.png", with_chunk(lying, "eXIf", encode_exif(8, true)));
    write_bytes(scene / "in/large.png", encode_png(40, 12, PngColour::rgb, 8, large));
    Bytes damaged = encode_png(8, 4, PngColour::rgb_alpha, 8, glass);
    damaged.resize(damaged.size() / 2);
    write_bytes(scene / "in/half.png", damaged);
    write_bytes(scene / "in/note.png", to_bytes("no picture"));
    const Outcome outcome = scene.run({"--summary", scene.path("s.jsonl")});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 1);
    auto lines = told(scene / "s.jsonl");
    REQUIRE(lines.size() == 10);
    CHECK(lines["deep.png"]["label"] == "left");
    CHECK(lines["glass.png"]["label"] == "left");
    CHECK(lines["turned.png"]["label"] == "left");
    CHECK(lines["turned_back.png"]["label"] == "right");
    CHECK(lines["large.png"]["label"] == "right");
    CHECK(lines["deep.png"]["probability"] == lines["l.png"]["probability"]);
    CHECK(lines["glass.png"]["probability"] == lines["l.png"]["probability"]);
    CHECK(lines["half.png"]["status"] == "failed");
    CHECK_FALSE(lines["half.png"].contains("label"));
    CHECK_THAT(outcome.err, ContainsSubstring("half.png: is truncated"));
    CHECK_THAT(outcome.err, ContainsSubstring("note.png: is a text, not a picture"));
    CHECK_THAT(outcome.err, ContainsSubstring("2 of 10 pictures could not be classified:"));
    CHECK_THAT(outcome.out, ContainsSubstring("classified 8 pictures in"));
}

TEST_CASE("answers that are no numbers fail for their picture alone") {
    const HalvesScene scene;
    Model model = left_right_model();
    for (float& weight : model.parameters.at("fc1.weight").values) weight *= 3e38f;
    write_model(scene / "model.safetensors", model);
    const Outcome outcome = scene.run({"--csv", scene.path("t.csv")});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.out, ContainsSubstring("d.png: dark"));
    CHECK_THAT(outcome.err, ContainsSubstring("l.png: not classified: the network's answers are no numbers"));
    CHECK_THAT(read_text(scene / "t.csv"), ContainsSubstring("in/r.png,,failed,,,,,,"));
}

TEST_CASE("the test part of a data set is answered as training answers it") {
    const TemporaryFolder folder;
    write_part(folder / "data", "train", labelled_set(40, 6, 6, 3));
    write_part(folder / "data", "t10k", labelled_set(31, 6, 6, 3, 2));
    const auto path = [&](const char* name) { return (folder / name).string(); };
    const Outcome trained =
        run_shadenet({"train", "--data", path("data"), "--output", path("run"), "--network",
                      "input 1x6x6, conv 4 3x3, norm, relu, dense 3", "--epochs", "3", "--split", "40:0"});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const Outcome outcome =
        run_shadenet({"classify", "-m", path("run/model.safetensors"), "--data", path("data"), "--summary",
                      path("s.jsonl"), "--csv", path("t.csv")});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const std::size_t begin = trained.out.find("test       ");
    REQUIRE(begin != std::string::npos);
    const std::string line = trained.out.substr(begin, trained.out.find('\n', begin) - begin);
    CHECK_THAT(outcome.out, ContainsSubstring(line));
    const auto test = nlohmann::json::parse(read_text(folder / "run/test.json"));
    std::map<std::pair<std::string, std::string>, std::uint64_t> counts;
    std::ifstream file(folder / "s.jsonl");
    for (std::string one; std::getline(file, one);) {
        const auto json = nlohmann::json::parse(one);
        ++counts[{json.at("truth"), json.at("label")}];
    }
    for (std::uint32_t label = 0; label < 3; ++label) {
        std::string row = fmt::format("\n{:>2}  {}", label, label);
        for (std::uint32_t answer = 0; answer < 3; ++answer) {
            const auto count = test["confusion"][label][answer].get<std::uint64_t>();
            CHECK(counts[{std::to_string(label), std::to_string(answer)}] == count);
            row += fmt::format("{:>3}", count);
        }
        CHECK_THAT(outcome.out, ContainsSubstring(row));
    }
    CHECK_THAT(outcome.out, !ContainsSubstring(", then "));
    const Outcome verbose =
        run_shadenet({"classify", "-m", path("run/model.safetensors"), "--data", path("data"), "-v"});
    CHECK_THAT(verbose.out, ContainsSubstring("t10k-images-idx3-ubyte 30: "));
}

TEST_CASE("of data without a test part all pictures are answered, with a warning") {
    const HalvesScene scene;
    for (const auto& [label, name] : {std::pair{"left", "l.png"}, {"right", "r.png"}, {"dark", "d.png"}}) {
        fs::create_directories(scene / "set" / label);
        fs::copy(scene / "in" / name, scene / "set" / label / name);
    }
    fs::copy(scene / "in/l.png", scene / "set/dark/wrong.png");
    const Outcome outcome =
        run_shadenet({"classify", "-m", scene.path("model.safetensors"), "--data", scene.path("set")});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, ContainsSubstring("has no test part, and all its 4 pictures are answered"));
    CHECK_THAT(outcome.out, ContainsSubstring("pictures   ") && ContainsSubstring("75.00 % of 4 right"));
    CHECK_THAT(outcome.out, !ContainsSubstring("test "));
}
