#include "apply/jobs.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Files of no content: a plan reads none of them.
class JobScene {
  public:
    JobScene() {
        fs::create_directory(folder / "in");
        for (const char* name : {"in/b.JPG", "in/a.c.png", "in/notes.txt", "lone.bmp"}) {
            write_file_atomically(folder / name, "");
        }
        fs::create_directory(folder / "out");
    }
    ApplyPlan plan(const std::string& input, const std::string& output, const std::string& format = "",
                   bool recursive = false, Shard shard = {}) const {
        return plan_application({{folder / input}, folder / output, format, recursive, shard});
    }
    std::string refusal(const std::string& input, const std::string& output,
                        const std::string& format = "") const {
        return message_of<InputError>([&] { plan(input, output, format); });
    }
    ApplyPlan plan_several(const std::vector<std::string>& names, const std::string& output,
                           bool recursive = false) const {
        ApplyRequest request{{}, folder / output, "", recursive};
        for (const std::string& name : names) request.inputs.push_back(folder / name);
        return plan_application(request);
    }
    /// "in/a.c.png > out/a.c.png; ..." relative to the scene.
    std::string jobs(const ApplyPlan& plan) const {
        std::string text;
        for (const ApplyJob& job : plan.jobs) {
            text +=
                fmt::format("{}{} > {}", text.empty() ? "" : "; ", relative(job.input), relative(job.output));
        }
        return text;
    }
    TemporaryFolder folder;

  private:
    std::string relative(const fs::path& path) const {
        return path.lexically_relative(folder.path()).generic_string();
    }
};

}  // namespace

TEST_CASE("a folder's pictures keep their names, sorted, or get another ending") {
    const JobScene scene;
    const ApplyPlan plan = scene.plan("in", "out");
    CHECK(scene.jobs(plan) == "in/a.c.png > out/a.c.png; in/b.JPG > out/b.JPG");
    CHECK_FALSE(plan.single);
    CHECK(scene.jobs(scene.plan("in", "out", "same")) == scene.jobs(plan));
    CHECK(scene.jobs(scene.plan("in", "out", "png")) == "in/a.c.png > out/a.c.png; in/b.JPG > out/b.png");
    CHECK(scene.jobs(scene.plan("in", "out", "jpg")) == "in/a.c.png > out/a.c.jpg; in/b.JPG > out/b.jpg");
    CHECK(contains(scene.refusal("in", "out", "gif"), "--format gif"));
}

TEST_CASE("folders below a folder are mirrored when asked for, and results among them are no input") {
    const JobScene scene;
    fs::create_directories(scene.folder / "in/sub/deep");
    write_file_atomically(scene.folder / "in/sub/deep/c.tga", "");
    CHECK(scene.plan("in", "out").jobs.size() == 2);
    CHECK(scene.jobs(scene.plan("in", "out", "", true)) ==
          "in/a.c.png > out/a.c.png; in/b.JPG > out/b.JPG; in/sub/deep/c.tga > out/sub/deep/c.tga");
    fs::create_directories(scene.folder / "in/done");
    write_file_atomically(scene.folder / "in/done/old.png", "");
    CHECK(scene.plan("in", "in/done", "", true).jobs.size() == 3);
    CHECK(scene.plan("in", "out", "", true).jobs.size() == 4);
}

TEST_CASE("folders of results are planned, and made when it begins") {
    const JobScene scene;
    for (const auto& [input, result] :
         {std::pair{"in", "deep/er/a.c.png"}, {"lone.bmp", "deep/er/lone.bmp"}}) {
        const ApplyPlan plan = scene.plan(input, "deep/er/");
        CHECK(plan.jobs.front().output.lexically_normal() == (scene.folder / result).lexically_normal());
        CHECK_FALSE(fs::exists(scene.folder / "deep"));
        make_folders(plan.jobs);
        CHECK(fs::is_directory(scene.folder / "deep/er"));
        fs::remove_all(scene.folder / "deep");
    }
    const ApplyPlan plan = scene.plan("in", "deep");
    write_file_atomically(scene.folder / "deep", "a file in the way");
    CHECK_THROWS_AS(make_folders(plan.jobs), InputError);
}

TEST_CASE("one picture becomes the file that is named, or one of its name in a folder") {
    const JobScene scene;
    const ApplyPlan named = scene.plan("lone.bmp", "out/other.PNG");
    CHECK(scene.jobs(named) == "lone.bmp > out/other.PNG");
    CHECK(named.single);
    const ApplyPlan inside = scene.plan("lone.bmp", "out", "jpg");
    CHECK(scene.jobs(inside) == "lone.bmp > out/lone.jpg");
    CHECK(inside.single);
    CHECK(scene.jobs(scene.plan("in/b.JPG", "out/c.jpeg", "same")) == "in/b.JPG > out/c.jpeg");
    CHECK(contains(scene.refusal("lone.bmp", "out/c.jpg", "png"), "--format png"));
    CHECK(contains(scene.refusal("in/notes.txt", "out"), "notes.txt: is empty"));
    write_png(scene.folder / "in/notes.txt", Picture8{1, 1, {1, 2, 3}});
    CHECK(contains(scene.refusal("in/notes.txt", "out"), "--format png, jpg, tif or webp"));
    CHECK(scene.jobs(scene.plan("in/notes.txt", "out", "png")) == "in/notes.txt > out/notes.png");
}

TEST_CASE("a result that exists is planned, and one that is a picture of the input is refused") {
    const JobScene scene;
    write_file_atomically(scene.folder / "out/b.JPG", "an earlier result");
    CHECK(scene.plan("in", "out").jobs.size() == 2);
    CHECK(contains(scene.refusal("in", "in"), "would overwrite the pictures"));
    CHECK(contains(scene.refusal("in", "in", "jpg"), "or be taken for such"));
    CHECK(contains(scene.refusal("in", "out/../in"), "would overwrite"));
    CHECK(contains(scene.refusal("in/a.c.png", "in"), "would overwrite"));
    CHECK(scene.refusal("lone.bmp", "out").empty());
}

TEST_CASE("a picture is kept from being overwritten under another name") {
    const JobScene scene;
    SECTION("a link to its folder") {
        fs::create_directory_symlink(scene.folder / "in", scene.folder / "link");
        CHECK(contains(scene.refusal("in", "link"), "would overwrite"));
    }
    SECTION("a link to the file, whose name is another's") {
        fs::create_hard_link(scene.folder / "in/a.c.png", scene.folder / "out/b.JPG");
        CHECK(contains(scene.refusal("in", "out"), "a.c.png: the result would overwrite the picture"));
    }
}

TEST_CASE("input that is not there, or would give one name twice, is refused") {
    const JobScene scene;
    CHECK(contains(scene.refusal("nowhere", "out"), "no such file or folder"));
    CHECK(contains(message_of<InputError>([&] {
                       plan_application({{""}, scene.folder / "out"});
                   }),
                   "is an empty name"));
    CHECK(contains(message_of<InputError>([&] {
                       plan_application({{scene.folder / "in"}, ""});
                   }),
                   "is an empty name"));
    CHECK(contains(scene.refusal("out", "results"), "holds no picture"));
    write_file_atomically(scene.folder / "in/b.png", "");
    CHECK(scene.refusal("in", "out").empty());
    CHECK(contains(scene.refusal("in", "out", "png"), "both results would be"));
}

TEST_CASE("results whose names differ by case alone are refused where their pictures' names differ more") {
    const JobScene scene;
    write_file_atomically(scene.folder / "in/B.png", "");
    CHECK(contains(scene.refusal("in", "out", "png"), "both results would be"));
    CHECK(scene.refusal("in", "out").empty());
    fs::rename(scene.folder / "in/b.JPG", scene.folder / "in/b.png");
    CHECK(scene.refusal("in", "out", "png").empty());
}

TEST_CASE("a summary overwrites neither the model nor a picture") {
    const JobScene scene;
    write_file_atomically(scene.folder / "model", "");
    const ApplyPlan plan = scene.plan("in", "out");
    const auto refused = [&](const std::string& name) {
        return !message_of<InputError>([&] {
                    check_told_file(scene.folder / name, "--summary", plan, scene.folder / "model");
                }).empty();
    };
    CHECK(refused("model"));
    CHECK(refused("in/a.c.png"));
    CHECK(refused("new.png"));
    CHECK(refused("new.heic"));
    fs::create_hard_link(scene.folder / "in/b.JPG", scene.folder / "link");
    CHECK(refused("link"));
    CHECK_FALSE(refused("in/notes.txt"));
    CHECK_FALSE(refused("new.jsonl"));
}

TEST_CASE("results need a place that no file takes, and one result a folder and an ending") {
    const JobScene scene;
    CHECK(contains(scene.refusal("in", "lone.bmp"), "is a file"));
    CHECK(contains(scene.refusal("in", "lone.bmp/deep/er"), "is a file"));
    CHECK(contains(scene.refusal("lone.bmp", "in/notes.txt/"), "is a file"));
    CHECK(contains(scene.refusal("lone.bmp", "out/lone.gif"),
                   ".png, .jpg, .jpeg, .bmp, .tga, .tif, .tiff or .webp"));
    CHECK(contains(scene.refusal("lone.bmp", "nowhere/lone.png"), "there is no folder"));
}

TEST_CASE("the shares of a folder are disjoint, complete, and the same on every machine") {
    const JobScene scene;
    for (int i = 0; i < 40; ++i) {
        write_file_atomically(scene.folder / fmt::format("in/{}.png", i), "");
    }
    std::multiset<fs::path> all;
    for (std::uint32_t index = 1; index <= 3; ++index) {
        const ApplyPlan share = scene.plan("in", "out", "", false, {index, 3});
        CHECK(share.jobs.size() >= 5);
        for (const ApplyJob& job : share.jobs) all.insert(job.input);
    }
    std::multiset<fs::path> whole;
    for (const ApplyJob& job : scene.plan("in", "out").jobs) whole.insert(job.input);
    CHECK(all == whole);
    // A share depends on the names alone: another file moves none.
    const std::string before = scene.jobs(scene.plan("in", "out", "", false, {2, 3}));
    fs::remove(scene.folder / "in/notes.txt");
    fs::rename(scene.folder / "in", scene.folder / "moved");
    fs::create_directory(scene.folder / "in");
    CHECK(scene.plan("moved", "out", "", false, {2, 3}).jobs.size() ==
          static_cast<std::size_t>(std::count(before.begin(), before.end(), '>')));
}

TEST_CASE("several inputs go to a folder as if they lay in one") {
    const JobScene scene;
    CHECK(scene.jobs(scene.plan_several({"lone.bmp", "in/a.c.png", "in/notes.txt"}, "new")) ==
          "in/a.c.png > new/a.c.png; lone.bmp > new/lone.bmp");
    CHECK(scene.plan_several({"lone.bmp", "in/../lone.bmp"}, "new").jobs.size() == 1);
    const ApplyPlan with_folder = scene.plan_several({"lone.bmp", "in"}, "new");
    CHECK(scene.jobs(with_folder) ==
          "in/a.c.png > new/in/a.c.png; in/b.JPG > new/in/b.JPG; lone.bmp > new/lone.bmp");
    CHECK_FALSE(with_folder.single);
    const auto refusal_of = [&](const std::vector<std::string>& names, const std::string& output) {
        return message_of<InputError>([&] { scene.plan_several(names, output); });
    };
    CHECK(contains(refusal_of({"lone.bmp", "in/a.c.png"}, "in"), "choose another --output"));
    CHECK(contains(refusal_of({"lone.bmp", "in/a.c.png"}, "new.png"), "a / in the end"));
    CHECK(contains(refusal_of({"lone.bmp", "in/a.c.png"}, "in/notes.txt"), "is a file"));
    fs::create_directories(scene.folder / "empty/also");
    CHECK(contains(refusal_of({"empty", "empty/also"}, "new"), "the 2 inputs hold no picture"));
    fs::copy_file(scene.folder / "lone.bmp", scene.folder / "in/lone.bmp");
    CHECK(contains(refusal_of({"lone.bmp", "in/lone.bmp"}, "new"), "each to another --output"));
}

TEST_CASE("pictures that are not read are told of, and are a failure where nothing else is there") {
    const JobScene scene;
    for (const char* name : {"in/x.heic", "in/y.heic", "in/z.gif"})
        write_file_atomically(scene.folder / name, "");
    const ApplyPlan plan = scene.plan("in", "out");
    CHECK(plan.jobs.size() == 2);
    CHECK(plan.nothing_taken.empty());
    REQUIRE(plan.warnings.size() == 1);
    CHECK(contains(plan.warnings.front(), "in: not taken: 2 .heic, 1 .gif; "));
    std::size_t in_shares = 0;
    for (std::uint32_t index = 1; index <= 3; ++index) {
        in_shares += scene.plan("in", "out", "", false, {index, 3}).not_taken.count();
    }
    CHECK(in_shares == 3);
    for (const char* name : {"in/a.c.png", "in/b.JPG"}) fs::remove(scene.folder / name);
    const ApplyPlan none = scene.plan("in", "out");
    CHECK(none.jobs.empty());
    CHECK(none.not_taken.count() == 3);
    CHECK(contains(
        none.nothing_taken,
        "in: holds no picture (.png, .jpg, .jpeg, .bmp, .tga, .tif, .tiff or .webp); not taken: 2 .heic"));
    CHECK(none.warnings.empty());
    for (const char* name : {"in/x.heic", "in/y.heic", "in/z.gif"}) fs::remove(scene.folder / name);
    CHECK(contains(scene.plan("in", "out").nothing_taken, "only 1 other file; -r looks"));
}

TEST_CASE("a folder of pictures does not become a folder that is called like a picture by a slip") {
    const JobScene scene;
    CHECK(contains(scene.refusal("in", "new.png"), "is called like a picture"));
    CHECK(scene.plan("in", "new.png/").jobs.size() == 2);
    fs::create_directory(scene.folder / "new.png");
    CHECK(scene.plan("in", "new.png").jobs.size() == 2);
}

TEST_CASE("a quality needs a JPEG among the results") {
    const JobScene scene;
    const auto refusal_of = [&](const char* input, const char* output, const char* format) {
        return message_of<InputError>([&] {
            plan_application({{scene.folder / input}, scene.folder / output, format, false, {}, 80});
        });
    };
    CHECK(refusal_of("in", "out", "") == "");
    CHECK(contains(refusal_of("in", "out", "png"), "--format jpg"));
    CHECK(refusal_of("in", "out", "jpg") == "");
    CHECK(contains(refusal_of("lone.bmp", "out/lone.png", ""), "let --output end in .jpg"));
    CHECK(refusal_of("lone.bmp", "out/lone.jpg", "") == "");
    CHECK(contains(refusal_of("lone.bmp", "out", ""), "--format jpg"));
    CHECK(refusal_of("lone.bmp", "out", "jpg") == "");
}

TEST_CASE("results inside the input are marked, or warned of, however the folder is named") {
    const JobScene scene;
    fs::create_directory_symlink(scene.folder / "in", scene.folder / "link");
    for (const char* output : {"in/done", "in/../in/done/", "link/done", "in/new/deep"}) {
        INFO(output);
        const ApplyPlan plan = scene.plan("in", output);
        CHECK(plan.new_results == scene.folder / output);
        REQUIRE(plan.notes.size() == 1);
        CHECK(contains(plan.notes.front(), "later runs with -r pass over it"));
    }
    CHECK(scene.plan("link", "in/done").new_results == scene.folder / "in/done");
    CHECK(scene.plan_several({"in/a.c.png", "in/b.JPG"}, "in/done").new_results == scene.folder / "in/done");
    CHECK(scene.plan("in/a.c.png", "in/done/").new_results == scene.folder / "in/done/");
    for (const char* output : {"out", "in_done", "in/../done"}) {
        CHECK(scene.plan("in", output).new_results.empty());
        CHECK(scene.plan("in", output).notes.empty());
    }
    fs::create_directory(scene.folder / "in/done");
    write_file_atomically(scene.folder / "in/done/mine.png", "");
    const ApplyPlan warned = scene.plan("in", "in/done");
    CHECK(warned.new_results.empty());
    REQUIRE(warned.warnings.size() == 1);
    CHECK(contains(warned.warnings.front(), "will take the results for pictures, too"));
    fs::create_directory(scene.folder / "in/raw");
    fs::copy_file(scene.folder / "in/b.JPG", scene.folder / "in/raw/r.jpg");
    REQUIRE(scene.plan("in/raw", "in").warnings.size() == 1);
    CHECK(contains(scene.plan("in/raw", "in").warnings.front(), "in: holds "));
    fs::remove_all(scene.folder / "in/raw");
    mark_results(scene.folder / "in/done");
    CHECK(scene.plan("in", "in/done").warnings.empty());
    const ApplyPlan later = scene.plan("in", "out", "", true);
    CHECK(later.jobs.size() == 2);
    REQUIRE(later.notes.size() == 1);
    CHECK(contains(later.notes.front(), "in/done: holds results of an earlier run and is passed over"));
}

TEST_CASE("a result's name that would be too long is refused before anything is made") {
    const JobScene scene;
    const std::string longest = std::string(251, 'n') + ".png", bare(253, 'n');
    fs::create_directory(scene.folder / "long");
    for (const std::string& name : {longest, bare}) write_file_atomically(scene.folder / "long" / name, "");
    CHECK(scene.plan("long", "new/folder").jobs.size() == 1);
    CHECK(scene.plan("long/" + longest, "out", "jpg").jobs.size() == 1);
    CHECK(contains(scene.refusal("in/a.c.png", "out/" + std::string(252, 'n') + ".png"),
                   "n.png: the system takes no such long name; choose a shorter --output"));
    // In this folder a path is as long as paths may be, almost.
    std::string deep = (scene.folder / "new").string();
    while (deep.size() < 3900) deep += "/" + std::string(100, 'd');
    const std::string message = message_of<InputError>([&] {
        plan_application({{scene.folder / "long"}, deep, "", false, {}});
    });
    CHECK(contains(message, "the name of its result, nnn"));
    CHECK(contains(message, "would be too long; give the picture a shorter one"));
    CHECK_FALSE(fs::exists(scene.folder / "new"));
}
