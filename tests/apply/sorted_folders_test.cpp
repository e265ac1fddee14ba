#include "apply/sorted_folders.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "temporary_folder.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// A "picture" a.png, to be sorted into out/.
struct SortingScene {
    SortingScene() { write_file_atomically(folder / "a.png", "bytes"); }
    ApplyJob job() const { return {folder / "a.png", {}, "sub/a.png"}; }
    SortedFolders folders(bool link = false) const { return {folder / "out", {"x", "y"}, link, "model"}; }
    TemporaryFolder folder;
    std::atomic<bool> stop = false;
};

}  // namespace

TEST_CASE("names of classes that are no names of folders are refused") {
    for (const char* name : {"", ".", "..", ".hidden", "a/b", "a\\b", "../up", "what?", "line\nend"}) {
        INFO(name);
        CHECK_THROWS_AS(SortedFolders("out", {"good", name}, false, "model"), InputError);
    }
    CHECK_NOTHROW(SortedFolders("out", {"good", "ae b", "\xc3\xa4", "a.b"}, false, "model"));
}

TEST_CASE("a picture is placed whole, alone, and never over one that is no copy of it elsewhere") {
    const SortingScene scene;
    const bool links = GENERATE(false, true);
    const Placed first = scene.folders(links).place(scene.job(), "x");
    CHECK(first.path == scene.folder / "out/x/sub/a.png");
    CHECK(first.bytes == (links ? 0u : 5u));
    CHECK(fs::is_symlink(first.path) == links);
    scene.folders(links).place(scene.job(), "y");
    CHECK_FALSE(fs::exists(fs::symlink_status(scene.folder / "out/x/sub/a.png")));
    CHECK(fs::exists(scene.folder / "out/y/sub/a.png"));
    write_file_atomically(scene.folder / "out/x/sub/a.png", "other");
    const Placed again = scene.folders(links).place(scene.job(), "y");
    CHECK(again.others == std::vector<fs::path>{scene.folder / "out/x/sub/a.png"});
    CHECK(fs::exists(scene.folder / "out/x/sub/a.png"));
    CHECK(text_of(read_file(scene.folder / "a.png", 100)) == "bytes");
    CHECK(std::distance(fs::directory_iterator(scene.folder / "out/y/sub"), {}) == 1);
}

TEST_CASE("what lies in two folders, is cut off, or is older is sorted anew") {
    SortingScene scene;
    const auto finished = [&] {
        std::vector<ApplyJob> jobs = {scene.job()};
        const EarlierFindings found =
            scene.folders().take_finished(jobs, EarlierResults::resume, scene.folder / "model", scene.stop);
        CHECK(jobs.size() + found.finished.size() == 1);
        return found.finished.size();
    };
    write_file_atomically(scene.folder / "model", "model");
    const auto past = fs::file_time_type::clock::now() - std::chrono::hours(1);
    fs::last_write_time(scene.folder / "model", past);
    fs::last_write_time(scene.folder / "a.png", past);
    CHECK(finished() == 0);
    const fs::path place = scene.folders().place(scene.job(), "x").path;
    CHECK(finished() == 1);
    write_file_atomically(place, "byte");
    CHECK(finished() == 0);
    write_file_atomically(place, "bytez");  // as many, but damaged
    CHECK(finished() == 0);
    write_file_atomically(place, "bytes");
    fs::last_write_time(place, past - std::chrono::hours(1));
    CHECK(finished() == 0);
    fs::last_write_time(place, past + std::chrono::minutes(1));
    CHECK(finished() == 1);
    fs::create_directories(scene.folder / "out/y/sub");
    fs::copy_file(place, scene.folder / "out/y/sub/a.png");
    CHECK(finished() == 0);
}

TEST_CASE("a picture that is found sorted is not sorted again, and answers of another class move it") {
    const SortingScene scene;
    const bool links = GENERATE(false, true);
    ApplyJob job = scene.job();
    job.output = scene.folders(links).place(job, "x").path;
    // Were it copied or linked again, the picture's new bytes or its absence would show.
    fs::remove(scene.folder / "a.png");
    const Placed kept = scene.folders(links).place(job, "x");
    write_file_atomically(scene.folder / "a.png", "bytes");
    CHECK(kept.path == job.output);
    CHECK(kept.bytes == (links ? 0u : 5u));
    CHECK(scene.folders(links).place(job, "y").path == scene.folder / "out/y/sub/a.png");
    CHECK_FALSE(fs::exists(fs::symlink_status(job.output)));
}

TEST_CASE("folders that cannot be made or hold no file are refused before anything is sorted") {
    const SortingScene scene;
    scene.folders().prepare();
    CHECK(fs::is_directory(scene.folder / "out"));
    CHECK(fs::is_empty(scene.folder / "out"));
    write_file_atomically(scene.folder / "out/y", "a file in the way");
    CHECK_THROWS_AS(scene.folders().prepare(), InputError);
    CHECK_THROWS_AS(SortedFolders("/proc/out/put", {"x"}, false, "model").prepare(), InputError);
    CHECK_THROWS_AS(SortedFolders("/proc", {"x"}, false, "model").prepare(), InputError);
}

TEST_CASE("a picture that is its own result is refused") {
    SortingScene scene;
    fs::create_directories(scene.folder / "out/x/sub");
    fs::create_hard_link(scene.folder / "a.png", scene.folder / "out/x/sub/a.png");
    std::vector<ApplyJob> jobs = {scene.job()};
    CHECK_THROWS_AS(scene.folders().take_finished(jobs, EarlierResults::overwrite, "model", scene.stop),
                    InputError);
}
