#include "apply/jobs.h"

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
    ApplyPlan plan(const std::string& input, const std::string& output) const {
        return plan_application(folder / input, folder / output);
    }
    std::string refusal(const std::string& input, const std::string& output) const {
        return message_of<InputError>([&] { plan(input, output); });
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
    ScratchFolder folder;

  private:
    std::string relative(const fs::path& path) const {
        return path.lexically_relative(folder.path()).generic_string();
    }
};

}  // namespace

TEST_CASE("a folder's pictures become PNG files of their stems, sorted by name") {
    const JobScene scene;
    const ApplyPlan plan = scene.plan("in", "out");
    CHECK(scene.jobs(plan) == "in/a.c.png > out/a.c.png; in/b.JPG > out/b.png");
    CHECK(plan.new_folder.empty());
    CHECK_FALSE(plan.single);
}

TEST_CASE("a folder of results is planned and not yet made") {
    const JobScene scene;
    for (const auto& [input, result] :
         {std::pair{"in", "deep/er/a.c.png"}, {"lone.bmp", "deep/er/lone.png"}}) {
        const ApplyPlan plan = scene.plan(input, "deep/er/");
        CHECK(plan.new_folder.lexically_normal() == (scene.folder / "deep/er/").lexically_normal());
        CHECK(plan.jobs.front().output.lexically_normal() == (scene.folder / result).lexically_normal());
        CHECK_FALSE(fs::exists(scene.folder / "deep"));
    }
}

TEST_CASE("one picture becomes the file that is named, or one of its stem in a folder") {
    const JobScene scene;
    const ApplyPlan named = scene.plan("lone.bmp", "out/other.PNG");
    CHECK(scene.jobs(named) == "lone.bmp > out/other.PNG");
    CHECK(named.single);
    CHECK(named.new_folder.empty());
    const ApplyPlan inside = scene.plan("lone.bmp", "out");
    CHECK(scene.jobs(inside) == "lone.bmp > out/lone.png");
    CHECK(inside.single);
}

TEST_CASE("a result that exists is replaced, and one that is a picture of the input is not") {
    const JobScene scene;
    write_file_atomically(scene.folder / "out/b.png", "an earlier result");
    CHECK(scene.plan("in", "out").jobs.size() == 2);
    CHECK(contains(scene.refusal("in", "in"), "a.c.png: the result would overwrite the picture"));
    CHECK(contains(scene.refusal("in", "out/../in"), "would overwrite"));
    CHECK(contains(scene.refusal("in/a.c.png", "in"), "would overwrite"));
    CHECK(scene.refusal("lone.bmp", "").empty());
}

TEST_CASE("a picture is kept from being overwritten under another name") {
    const JobScene scene;
    SECTION("a link to its folder") {
        fs::create_directory_symlink(scene.folder / "in", scene.folder / "link");
        CHECK(contains(scene.refusal("in", "link"), "would overwrite"));
    }
    SECTION("a link to the file, whose stem is another's") {
        fs::create_hard_link(scene.folder / "in/a.c.png", scene.folder / "out/b.png");
        CHECK(contains(scene.refusal("in", "out"), "a.c.png: the result would overwrite the picture"));
    }
}

TEST_CASE("input that is not there, or would give one name twice, is refused") {
    const JobScene scene;
    CHECK(contains(scene.refusal("nowhere", "out"), "no such file or folder"));
    CHECK_FALSE(scene.refusal("out", "results").empty());
    write_file_atomically(scene.folder / "in/b.png", "");
    CHECK(contains(scene.refusal("in", "out"), "two files named \"b\""));
}

TEST_CASE("results need a place that no file takes, and one result a folder and a name in .png") {
    const JobScene scene;
    CHECK(contains(scene.refusal("in", "lone.bmp"), "is a file"));
    CHECK(contains(scene.refusal("in", "lone.bmp/deep/er"), "is a file"));
    CHECK(contains(scene.refusal("lone.bmp", "in/notes.txt/"), "is a file"));
    CHECK(contains(scene.refusal("lone.bmp", "out/lone.jpg"), "ends in .png"));
    CHECK(contains(scene.refusal("lone.bmp", "nowhere/lone.png"), "there is no folder"));
}
