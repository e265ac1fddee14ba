// shadenet apply on folders: shares, resuming, formats, and what it tells about each picture.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <tuple>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "image/image.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// Pictures of different sizes in the tree in/, some of them two folders down.
class Batch : public Pictures {
  public:
    explicit Batch(int count) {
        made_model();
        fs::create_directories(*this / "in/sub/deep");
        for (int i = 0; i < count; ++i) {
            const char* const folder = i % 3 == 0 ? "in/sub/deep" : "in";
            write_picture(*this / folder / (std::to_string(i) + ".png"), 20 + 7 * i, 90 - i, i);
        }
    }
    Arguments apply(const std::string& output, Arguments more = {}) const {
        more.emplace_back("-r");
        return Pictures::apply("in", output, more);
    }
    Outcome run(const std::string& output, const Arguments& more = {}) const {
        return run_shadenet(apply(output, more));
    }
};

std::vector<nlohmann::json> summary(const fs::path& path) {
    std::vector<nlohmann::json> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

std::size_t count_status(const std::vector<nlohmann::json>& lines, const std::string& status) {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(), [&](const auto& line) { return line["status"] == status; }));
}

}  // namespace

TEST_CASE("a tree is mirrored, and no flag that is about speed changes a bit of it") {
    const Batch batch(10);
    REQUIRE(batch.run("out").exit_code == 0);
    const auto out = contents(batch / "out");
    CHECK(out.size() == 10);
    CHECK(out.contains("sub/deep/9.png"));
    for (const Arguments& flags : {Arguments{"-t", "16"}, {"-t", "37"}, {"-j", "3:4:2"}, {"-j", "1:1:1"}}) {
        fs::remove_all(batch / "again");
        REQUIRE(batch.run("again", flags).exit_code == 0);
        CHECK(contents(batch / "again") == out);
    }
}

TEST_CASE("two shares make what one run makes, and a third process with both makes nothing") {
    const Batch batch(12);
    REQUIRE(batch.run("whole").exit_code == 0);
    Process one(as_command(batch.apply("shared", {"--shard", "1/2"})));
    const Outcome two = run_shadenet(
        batch.apply("shared", {"--shard", "auto"}),
        {{"SLURM_ARRAY_TASK_ID", "6"}, {"SLURM_ARRAY_TASK_MIN", "5"}, {"SLURM_ARRAY_TASK_COUNT", "2"}});
    CHECK(one.wait().exit_code == 0);
    CHECK(two.exit_code == 0);
    CHECK(contents(batch / "shared") == contents(batch / "whole"));
    const Outcome rest = batch.run("shared", {"--resume", "--summary", batch.path("s.jsonl")});
    CHECK(rest.exit_code == 0);
    CHECK(count_status(summary(batch / "s.jsonl"), "skipped") == 12);
}

TEST_CASE("results that are there are kept, made anew, or in the way") {
    const Batch batch(4);
    REQUIRE(batch.run("out").exit_code == 0);
    const auto out = contents(batch / "out");
    CHECK(unlike_refusal(batch, batch.apply("out"), "--resume") == "");
    CHECK(unlike_refusal(batch, batch.apply("out", {"--resume", "--overwrite"}), "exclude") == "");
    write_bytes(batch / "out/1.png", Bytes{'h', 'a', 'l', 'f'});
    fs::remove(batch / "out/2.png");
    const Outcome resumed = batch.run("out", {"--resume", "--summary", batch.path("s.jsonl")});
    CHECK(resumed.exit_code == 0);
    CHECK(count_status(summary(batch / "s.jsonl"), "written") == 2);
    CHECK(contents(batch / "out") == out);
    REQUIRE(batch.run("out", {"--overwrite", "--strength", "0"}).exit_code == 0);
    CHECK(contents(batch / "out") != out);
    CHECK(shadenet::read_image(batch / "out/1.png").image.values ==
          shadenet::read_image(batch / "in/1.png").image.values);
}

TEST_CASE("the summary has a line for each picture, and the exit code tells whether all are well") {
    const Batch batch(5);
    write_bytes(batch / "in/1.png", Bytes{'n', 'o'});
    const Outcome outcome = batch.run("out", {"--summary", batch.path("s.jsonl"), "-v"});
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("1 of 5 pictures could not be filtered:\n  "));
    CHECK_THAT(outcome.out, ContainsSubstring("out/2.png  34 x 88, "));
    const auto lines = summary(batch / "s.jsonl");
    REQUIRE(lines.size() == 5);
    CHECK(count_status(lines, "written") == 4);
    const auto bad =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line["status"] == "failed"; });
    REQUIRE(bad != lines.end());
    CHECK_THAT((*bad)["file"].get<std::string>(), ContainsSubstring("1.png"));
    CHECK_THAT((*bad)["message"].get<std::string>(), ContainsSubstring("is a text, not a picture"));
}

TEST_CASE("formats are the pictures' own, or the one asked for") {
    const Batch batch(2);
    fs::remove(batch / "in/1.png");
    write_bytes(batch / "in/a.bmp", encode_bmp(9, 4, Bytes(std::size_t{9} * 4 * 3, 70)));
    write_bytes(batch / "in/b.jpeg", encode_jpeg(16, 8, {200, 40, 30}));
    write_bytes(batch / "in/c.tga", encode_tga(3, 2, Bytes(std::size_t{3} * 2 * 3, 9)));
    const auto first_bytes = [&](const std::string& name) { return read_text(batch / name).substr(0, 2); };
    REQUIRE(batch.run("same").exit_code == 0);
    CHECK(first_bytes("same/sub/deep/0.png") == "\x89P");
    CHECK(first_bytes("same/a.bmp") == "BM");
    CHECK(first_bytes("same/b.jpeg") == "\xff\xd8");
    CHECK(shadenet::image_size(batch / "same/c.tga") == std::pair(3u, 2u));
    REQUIRE(batch.run("png", {"-f", "png"}).exit_code == 0);
    for (const char* name : {"png/a.png", "png/b.png", "png/c.png", "png/sub/deep/0.png"}) {
        CHECK(first_bytes(name) == "\x89P");
    }
    REQUIRE(batch.run("jpg", {"-f", "jpg", "--quality", "50"}).exit_code == 0);
    for (const char* name : {"jpg/a.jpg", "jpg/b.jpg", "jpg/c.jpg", "jpg/sub/deep/0.jpg"}) {
        CHECK(first_bytes(name) == "\xff\xd8");
    }
    REQUIRE(batch.run("fine", {"-f", "jpg", "--quality", "98"}).exit_code == 0);
    CHECK(fs::file_size(batch / "fine/sub/deep/0.jpg") > fs::file_size(batch / "jpg/sub/deep/0.jpg"));
}

TEST_CASE("Ctrl-C finishes what has begun, leaves whole files only, and can be gone on from") {
    const Batch batch(60);
    REQUIRE(batch.run("whole").exit_code == 0);
    // Each with the advice that it gives, and what that makes of the flag.
    const std::tuple<Arguments, const char*, Arguments> ways[] = {
        {{}, "the same command with --resume goes on", {"--resume"}},
        {{"--resume"}, "not done; the same command goes on", {"--resume"}},
        {{"--overwrite"},
         "the same command makes all anew, and with --resume in place of --overwrite only what is missing",
         {"--resume"}}};
    for (const auto& [way, advice, then] : ways) {
        INFO(advice);
        fs::remove_all(batch / "out");
        Arguments flags = {"--summary", batch.path("s.jsonl"), "-j", "1:1:1"};
        fs::remove(batch / "s.jsonl");
        flags.insert(flags.end(), way.begin(), way.end());
        Process process(as_command(batch.apply("out", flags)));
        wait_until([&] { return !read_text(batch / "s.jsonl").empty(); });
        process.signal(SIGINT);
        const Outcome outcome = process.wait();
        const auto lines = summary(batch / "s.jsonl");
        CHECK(lines.size() == 60);
        // A fast machine may have been done before the signal came.
        const std::size_t undone = count_status(lines, "not done");
        CHECK(outcome.exit_code == (undone > 0 ? 130 : 0));
        if (undone > 0) CHECK_THAT(outcome.err, ContainsSubstring(advice));
        CHECK(contents(batch / "out").size() == 60 - undone);
        REQUIRE(batch.run("out", then).exit_code == 0);
        CHECK(contents(batch / "out") == contents(batch / "whole"));
    }
}

TEST_CASE("flags that make no sense are refused before anything is written") {
    const Batch batch(1);
    for (const Arguments& flags : {Arguments{"-f", "gif"},
                                   {"--quality", "0"},
                                   {"--quality", "101"},
                                   {"--quality", "9x"},
                                   {"--quality", "90"},
                                   {"--strength", "1.5"},
                                   {"--strength", "nan"},
                                   {"-j", "1:2"},
                                   {"-j", "0:1:1"},
                                   {"-j", "1:1:65"},
                                   {"-j", "1:1:1:1"},
                                   {"--shard", "3/2"},
                                   {"-t", "-1"},
                                   {"--summary", "/nowhere/s"},
                                   {"--device", "no such device"}}) {
        INFO(flags.front() << " " << flags.back());
        CHECK(unlike_refusal(batch, batch.apply("out", flags), "") == "");
    }
}

TEST_CASE("pictures of other formats are said once, stand in the summary, and fail a run that has no other") {
    const Batch batch(4);
    for (const char* name : {"in/x.heic", "in/sub/y.heic", "in/z.xcf", "in/z.xmp", "in/.hidden.gif"}) {
        write_bytes(batch / name, Bytes{1});
    }
    const Outcome outcome =
        batch.run("out", {"--summary", batch.path("s.jsonl"), "--quiet", "--device", "cpu"});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(
        outcome.err,
        ContainsSubstring("in: not taken: 2 .heic, 1 .xcf; shadenet reads PNG, JPEG, BMP, "
                          "TGA, TIFF or WebP; convert them, with ImageMagick by `mogrify -format png "));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(outcome.out.empty());
    const auto lines = summary(batch / "s.jsonl");
    CHECK(lines.size() == 7);
    CHECK(count_status(lines, "written") == 4);
    CHECK(count_status(lines, "not taken") == 3);

    fs::remove_all(batch / "in");
    fs::create_directory(batch / "in");
    write_bytes(batch / "in/x.heic", Bytes{1});
    const Outcome none = batch.run("none", {"--summary", batch.path("none.jsonl")});
    CHECK(none.exit_code == 1);
    CHECK(error_lines(none) == 1);
    CHECK_THAT(none.err, ContainsSubstring("not taken: 1 .heic"));
    CHECK(none.out.empty());
    CHECK(count_status(summary(batch / "none.jsonl"), "not taken") == 1);
    CHECK_FALSE(fs::exists(batch / "none"));
}

TEST_CASE("several inputs, as a shell makes them of *.png, are filtered into one folder") {
    const Batch batch(5);
    Arguments command = {"apply", "-m", batch.path("made.safetensors"), "-i"};
    for (const char* name : {"1.png", "2.png", "4.png", "sub"}) command.push_back(batch.path("in/") + name);
    command.insert(command.end(), {"-o", batch.path("out")});
    const Outcome outcome = run_shadenet(command);
    CHECK(outcome.exit_code == 0);
    REQUIRE(batch.run("whole").exit_code == 0);
    const auto out = contents(batch / "out");
    CHECK(out.size() == 3);
    for (const auto& [name, bytes] : out) CHECK(bytes == contents(batch / "whole").at(name));
    command.emplace_back("-r");
    command.emplace_back("--resume");
    REQUIRE(run_shadenet(command).exit_code == 0);
    CHECK(contents(batch / "out") == contents(batch / "whole"));
}

TEST_CASE("results inside the input are no pictures to any later run") {
    const Batch batch(4);
    REQUIRE(batch.run("whole").exit_code == 0);
    const Outcome first = batch.run("in/done");
    CHECK(first.exit_code == 0);
    CHECK_THAT(first.err, ContainsSubstring("in/done: lies inside"));
    const Outcome again = batch.run("in/done", {"--resume"});
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.out, ContainsSubstring("written    0 pictures"));
    const Outcome other = batch.run("other");
    CHECK(other.exit_code == 0);
    CHECK_THAT(other.err, ContainsSubstring("in/done: holds results of an earlier run and is passed over"));
    CHECK(contents(batch / "other") == contents(batch / "whole"));
}
