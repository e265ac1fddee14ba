#include "apply/folder_watch.h"

#include <chrono>
#include <string>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// The folder in/ with two files that nobody decodes, and looks at it.
class WatchScene {
  public:
    WatchScene() {
        fs::create_directories(folder / "in/below");
        put("in/a.png", "a");
        put("in/b.jpg", "b");
    }
    void put(const std::string& name, const std::string& text) const {
        write_file_atomically(folder / name, text);
    }
    FolderWatch watch(const std::string& format = "", bool recursive = false, Shard shard = {}) const {
        return FolderWatch({{folder / "in"}, folder / "out", format, recursive, shard});
    }
    std::string refusal(const std::string& input, const std::string& output, int quality = 0) const {
        return message_of<InputError>([&] {
            ApplyRequest request{{folder / input}, folder / output, quality > 0 ? "png" : ""};
            request.quality = quality;
            FolderWatch watch(request);
        });
    }
    TemporaryFolder folder;
};

std::string names(const std::vector<ApplyJob>& jobs) {
    std::string text;
    for (const ApplyJob& job : jobs) text += (text.empty() ? "" : " ") + job.name.generic_string();
    return text;
}

/// "there | arrived | other messages".
std::string looks(FolderWatch& watch) {
    const Arrivals arrivals = watch.look();
    std::string text = names(arrivals.there) + " | " + names(arrivals.arrived) + " |";
    for (const PictureOutcome& outcome : arrivals.others) text += " " + outcome.message;
    return text;
}

}  // namespace

TEST_CASE("a picture is taken when two looks found it the same, once, and again when it changes") {
    const WatchScene scene;
    FolderWatch watch = scene.watch();
    CHECK(looks(watch) == " |  |");
    CHECK(looks(watch) == "a.png b.jpg |  |");
    CHECK(looks(watch) == " |  |");
    // In pieces.
    for (const char* text : {"c", "cc", "ccc"}) {
        scene.put("in/c.png", text);
        CHECK(looks(watch) == " |  |");
    }
    CHECK(looks(watch) == " | c.png |");
    CHECK(looks(watch) == " |  |");
    // Another of the same size: the time tells.
    scene.put("in/a.png", "x");
    fs::last_write_time(scene.folder / "in/a.png", fs::file_time_type::clock::now() - std::chrono::hours(1));
    CHECK(looks(watch) == " |  |");
    CHECK(looks(watch) == " | a.png |");
    // One that goes and comes back has arrived.
    fs::rename(scene.folder / "in/b.jpg", scene.folder / "b.jpg");
    CHECK(looks(watch) == " |  |");
    fs::rename(scene.folder / "b.jpg", scene.folder / "in/b.jpg");
    CHECK(looks(watch) == " |  |");
    CHECK(looks(watch) == " | b.jpg |");
}

TEST_CASE("folders below are watched where that is asked, and each share has its own") {
    const WatchScene scene;
    FolderWatch flat = scene.watch(), deep = scene.watch("", true), first = scene.watch("", true, {1, 2}),
                second = scene.watch("", true, {2, 2});
    for (FolderWatch* watch : {&flat, &deep, &first, &second}) looks(*watch);
    for (FolderWatch* watch : {&flat, &deep, &first, &second}) looks(*watch);
    fs::create_directories(scene.folder / "in/new");
    scene.put("in/new/d.png", "d");
    scene.put("in/below/e.png", "e");
    for (FolderWatch* watch : {&flat, &deep, &first, &second}) CHECK(looks(*watch) == " |  |");
    CHECK(looks(flat) == " |  |");
    CHECK(looks(deep) == " | below/e.png new/d.png |");
    CHECK(first.look().arrived.size() + second.look().arrived.size() == 2);
}

TEST_CASE("what cannot be taken is told once, and does not stop the others") {
    const WatchScene scene;
    scene.put("in/x.heic", "x");
    FolderWatch watch = scene.watch("png");
    CHECK(looks(watch) == " |  | .heic is not read; convert it to PNG");
    CHECK(looks(watch) == "a.png b.jpg |  |");
    scene.put("in/a.bmp", "a");
    scene.put("in/f.bmp", "f");
    CHECK(looks(watch) == " |  |");
    const std::string told = looks(watch);
    CHECK(contains(told, " | f.bmp | "));
    CHECK(contains(told, "both results would be"));
    CHECK(looks(watch) == " |  |");
    // The name is free again.
    fs::remove(scene.folder / "in/a.png");
    scene.put("in/a.bmp", "aa");
    CHECK(looks(watch) == " |  |");
    CHECK(looks(watch) == " | a.bmp |");
}

TEST_CASE("a watch may begin with an empty folder, and what it cannot do is refused at once") {
    const WatchScene scene;
    fs::create_directory(scene.folder / "empty");
    FolderWatch watch({{scene.folder / "empty"}, scene.folder / "out", "", false, {}});
    CHECK(looks(watch) == " |  |");
    CHECK(contains(scene.refusal("in/a.png", "out"), "is no folder, and --watch waits for pictures"));
    CHECK(contains(scene.refusal("nowhere", "out"), "make it first"));
    CHECK(contains(scene.refusal("in", "in"), "the results would overwrite the pictures"));
    CHECK(contains(scene.refusal("in", "in/a.png"), "is a file"));
    CHECK(contains(scene.refusal("in", "out.png"), "is called like a picture"));
    CHECK(contains(scene.refusal("in", "out", 50), "--quality 50: is of JPEG and WebP"));
    fs::remove_all(scene.folder / "empty");
    CHECK_THROWS_AS(watch.look(), InputError);
}
