// shadenet apply when things go wrong: killed processes, full disks, odd names, models and devices that give
// nonsense.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "catch.h"
#include "image/image.h"
#include "model/model_file.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

void write_many(const Pictures& pictures, int count) {
    fs::create_directory(pictures / "in");
    for (int i = 0; i < count; ++i) {
        write_picture(pictures / "in" / fmt::format("{}.png", i), 200 + i, 150, i);
    }
}

/// How long the program may work on `arguments` before it is done, in milliseconds.
int duration_of(const Arguments& arguments) {
    const auto start = std::chrono::steady_clock::now();
    if (run_shadenet(arguments).exit_code != 0) throw std::runtime_error("apply fails");
    const auto taken = std::chrono::steady_clock::now() - start;
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count());
}

}  // namespace

TEST_CASE("killed at a hundred moments and resumed, the results are those of an undisturbed run") {
    const Pictures pictures;
    pictures.made_model({.hidden = 4, .kernel = 1});  // soon compiled, so that most moments are amid the work
    write_many(pictures, 24);
    REQUIRE(run_shadenet(pictures.apply("in", "whole")).exit_code == 0);
    const auto whole = contents(pictures / "whole");
    const int duration = duration_of(pictures.apply("in", "timed"));
    std::mt19937 random(20);
    std::size_t amid_the_work = 0;
    for (int i = 0; i < 100; ++i) {
        const std::size_t before = fs::exists(pictures / "out") ? contents(pictures / "out").size() : 0;
        Process process(as_command(pictures.apply("in", "out", {"--resume"})));
        std::this_thread::sleep_for(
            std::chrono::milliseconds(random() % static_cast<unsigned>(duration + 1)));
        process.signal(SIGKILL);
        process.wait();
        if (!fs::exists(pictures / "out")) continue;
        const auto results = contents(pictures / "out");
        amid_the_work += results.size() > before && results.size() < whole.size() ? 1 : 0;
        for (const auto& [name, bytes] : results) {
            if (!name.starts_with(".shadenet-") && bytes != whole.at(name)) FAIL(name << " is half written");
        }
        // So that there is work at every moment.
        for (int again = 0; again < 12; ++again) {
            fs::remove(pictures / "out" / fmt::format("{}.png", random() % 24));
        }
    }
    CHECK(amid_the_work >= 3);
    const Outcome last = run_shadenet(pictures.apply("in", "out", {"--resume"}));
    CHECK(last.exit_code == 0);
    CHECK(contents(pictures / "out") == whole);
}

#ifdef __linux__
TEST_CASE("on a full disk every result is whole or absent, and each that is absent is reported") {
    const Pictures pictures;
    pictures.made_model();
    write_many(pictures, 12);
    const std::optional<Outcome> on_disk =
        run_on_small_disk(pictures, as_command(pictures.apply("in", "disk")), "256k");
    if (!on_disk) return;
    const Outcome& outcome = *on_disk;
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("No space left on device") &&
                                ContainsSubstring("of 12 pictures could not be filtered"));
    REQUIRE(run_shadenet(pictures.apply("in", "whole")).exit_code == 0);
    const auto whole = contents(pictures / "whole");
    const auto results = contents(pictures / "copy");
    CHECK(results.size() + error_lines(outcome) == 12);
    CHECK(error_lines(outcome) >= 1);
    for (const auto& [name, bytes] : results) CHECK(bytes == whole.at(name));
}

TEST_CASE("names that are no UTF-8, and as long as names can be, are names") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "in");
    const std::string odd = "\xff\xfe b\n'\"$c.png", longest = std::string(251, 'n') + ".png";
    for (const std::string& name : {odd, longest}) write_picture(pictures / "in" / name, 9, 9, 1);
    const Outcome outcome =
        run_shadenet(pictures.apply("in", "out", {"-v", "--summary", pictures.path("summary.jsonl")}));
    CHECK(outcome.exit_code == 0);
    CHECK(fs::exists(pictures / "out" / odd));
    CHECK(fs::exists(pictures / "out" / longest));
    CHECK_THAT(outcome.out, ContainsSubstring("\\xff\\xfe b\\n'\"$c.png"));
    const std::string lines = read_text(pictures / "summary.jsonl");
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
}
#endif

TEST_CASE("a folder of results that vanishes is an error for each picture, not a hang") {
    const Pictures pictures;
    pictures.made_model();
    write_many(pictures, 40);
    Process process(as_command(pictures.apply("in", "out", {"-j", "1:1:1", "-v"})));
    wait_until([&] { return process.output().find("->") != std::string::npos; });
    std::error_code ignored;
    fs::rename(pictures / "out", pictures / "gone", ignored);
    const Outcome outcome = process.wait();
    // A fast machine may be done before the folder is gone.
    if (contents(pictures / "gone").size() < 40) {
        CHECK(outcome.exit_code == 1);
        CHECK_THAT(outcome.err, ContainsSubstring("cannot create the file"));
    }
}

TEST_CASE("circles of links and links that lead nowhere end in a report") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory_symlink("..", pictures / "before/up");
    fs::create_symlink("self.png", pictures / "before/self.png");
    const Outcome outcome = run_shadenet(pictures.apply("before", "out", {"-r"}));
    CHECK(outcome.exit_code == 1);
    CHECK(error_lines(outcome) == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("self.png") && ContainsSubstring("1 link not followed"));
    CHECK(contents(pictures / "out").size() == 3);
}

TEST_CASE("what would lose a picture is refused before anything is written") {
    const Pictures pictures;
    pictures.made_model();
    write_picture(pictures / "before/p1.bmp.png", 5, 5, 1);
    fs::rename(pictures / "before/p1.bmp.png", pictures / "before/p1.jpg");
    CHECK(unlike_refusal(pictures, pictures.apply("before", "out", {"-f", "png"}), "both results") == "");
    CHECK(unlike_refusal(pictures, pictures.apply("before", "before"), "would overwrite") == "");
    CHECK(unlike_refusal(pictures,
                         pictures.apply("before", "out", {"--summary", pictures.path("more/wide.png")}),
                         "another --summary") == "");
    fs::create_directory_symlink(pictures / "before", pictures / "link");
    CHECK(unlike_refusal(pictures, pictures.apply("before", "link", {"--overwrite"}), "would overwrite") ==
          "");
}

TEST_CASE("a model whose numbers overflow gives failures, and never a picture") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    shadenet::Model model = shadenet::read_model(path);
    for (float& value : model.parameters.at("conv2.weight").values) value = 3e38f;
    shadenet::write_model(path, model);
    const Outcome outcome = run_shadenet(pictures.apply("before", "out"));
    CHECK(outcome.exit_code == 1);
    CHECK(error_lines(outcome) == 3);
    CHECK_THAT(outcome.err, ContainsSubstring("at the second attempt, too"));
    CHECK(contents(pictures / "out").empty());
}

TEST_CASE("a model that makes every pixel the same is believed: float64 makes them the same, too") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    shadenet::Model model = shadenet::read_model(path);
    for (float& beta : model.parameters.at("bn2.bias").values) beta = -5.0f;
    shadenet::write_model(path, model);
    const Outcome outcome = run_shadenet(pictures.apply("before", "out"));
    CHECK(outcome.exit_code == 0);
    CHECK(contents(pictures / "out").size() == 3);
    const std::vector<float> values = shadenet::read_image(pictures / "out/p1.png").image.values;
    CHECK(std::count(values.begin(), values.end(), 0.0f) == static_cast<std::ptrdiff_t>(values.size()));
}

TEST_CASE("fifty broken files of fifteen kinds do no harm to the good ones among them") {
    const Pictures pictures;
    pictures.made_model();
    write_many(pictures, 6);
    fs::create_directories(pictures / "in/folder.png");
    const std::string png = read_text(pictures / "in/0.png");
    const Bytes jpeg = encode_jpeg(64, 48, {200, 30, 20});
    const Bytes bmp = encode_bmp(9, 7, Bytes(std::size_t{9} * 7 * 3, 1)),
                tga = encode_tga(9, 7, Bytes(189, 1));
    const auto bytes_of = [](const std::string& text) { return Bytes(text.begin(), text.end()); };
    const auto cut = [](Bytes bytes, std::size_t size) {
        bytes.resize(std::min(size, bytes.size()));
        return bytes;
    };
    const auto with = [](Bytes bytes, std::size_t at, std::uint8_t value) {
        bytes.at(at) = value;
        return bytes;
    };
    const Bytes good = bytes_of(png);
    const std::vector<std::pair<const char*, Bytes>> kinds = {
        {"empty.png", {}},
        {"text.png", bytes_of("this is a text, not a picture")},
        {"signature_only.png", cut(good, 8)},
        {"header_only.png", cut(good, 33)},
        {"half.png", cut(good, good.size() / 2)},
        {"no_end.png", cut(good, good.size() - 12)},
        {"data_damaged.png", with(good, 60, static_cast<std::uint8_t>(~good.at(60)))},
        {"no_size.png", with(with(good, 18, 0), 19, 0)},
        {"huge_size.png", with(good, 16, 0x7f)},
        {"bad_depth.png", with(good, 24, 7)},
        {"half.jpg", cut(jpeg, jpeg.size() / 2)},
        {"start_only.jpg", cut(jpeg, 2)},
        {"half.bmp", cut(bmp, 40)},
        {"half.tga", cut(tga, 30)},
        {"zeros.jpg", Bytes(1000, 0)},
        {"page.png", bytes_of("<html><body>404</body></html>")},
        {"other_name.jpg", bytes_of("GIF89a and no more")},
    };
    std::size_t broken = 0;
    for (int copy = 0; copy < 3; ++copy) {
        for (const auto& [name, bytes] : kinds) {
            write_bytes(pictures / "in" / fmt::format("bad{}_{}", copy, name), bytes);
            ++broken;
        }
    }
    const Outcome outcome = run_shadenet(pictures.apply("in", "out"));
    CHECK(outcome.exit_code == 1);
    CHECK(error_lines(outcome) == broken);
    CHECK_THAT(outcome.err, ContainsSubstring(fmt::format("{} of {} pictures", broken, broken + 6)));
    const auto results = contents(pictures / "out");
    CHECK(results.size() == 6);
    for (int i = 0; i < 6; ++i) CHECK(results.contains(fmt::format("{}.png", i)));
}
