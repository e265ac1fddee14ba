#include "apply/earlier_results.h"

#include <chrono>
#include <string_view>

#include "base/checksum.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

using namespace std::string_view_literals;

constexpr std::string_view whole_png = "\x89PNG\r\n\x1a\n....\0\0\0\0IEND\xae\x42\x60\x82"sv;
constexpr std::string_view half_png = "\x89PNG\r\n\x1a\n....\0\0\0\0IDAT\xae\x42\x60\x82"sv;
constexpr std::string_view whole_jpeg = "\xff\xd8 a picture of some length \xff\xd9"sv;
constexpr std::string_view half_jpeg = "\xff\xd8 a picture of some length"sv;

struct ResultScene {
    ResultScene() {
        for (const char* name : {"model", "a.png", "b.jpg", "c.png"}) put(name, "", 0);
        fs::create_directory(folder / "out");
        for (const char* name : {"a.png", "b.jpg", "c.png"}) {
            jobs.push_back({folder / name, folder / "out" / name});
        }
    }
    /// `age` seconds old.
    void put(const std::string& name, std::string_view content, int age) const {
        write_file_atomically(folder / name, content);
        fs::last_write_time(folder / name, now - std::chrono::seconds(age));
    }
    std::size_t finished(EarlierResults earlier) {
        return take_finished(jobs, earlier, folder / "model").size();
    }
    TemporaryFolder folder;
    std::vector<ApplyJob> jobs;
    fs::file_time_type now = fs::file_time_type::clock::now();
};

}  // namespace

TEST_CASE("results that are there are refused, unless they are to be kept or overwritten") {
    ResultScene scene;
    CHECK(scene.finished(EarlierResults::refuse) == 0);
    CHECK(scene.jobs.size() == 3);
    scene.put("out/b.jpg", "anything", 0);
    const std::string one = message_of<InputError>([&] { scene.finished(EarlierResults::refuse); });
    CHECK(contains(one, "b.jpg is already there"));
    CHECK(contains(one, "--resume"));
    scene.put("out/c.png", "anything", 0);
    CHECK(contains(message_of<InputError>([&] { scene.finished(EarlierResults::refuse); }),
                   "b.jpg and 1 other results are already there"));
    CHECK(scene.finished(EarlierResults::overwrite) == 0);
    CHECK(scene.jobs.size() == 3);
}

TEST_CASE("resuming keeps what is whole and newer than its source and the model") {
    ResultScene scene;
    scene.put("model", "", 100);
    for (const char* name : {"a.png", "b.jpg", "c.png"}) scene.put(name, "", 100);
    const auto left = [&] {
        std::string names;
        for (const ApplyJob& job : scene.jobs) names += job.input.filename().string() + ' ';
        return names;
    };
    SECTION("all of it") {
        scene.put("out/a.png", whole_png, 50);
        scene.put("out/b.jpg", whole_jpeg, 100);
        CHECK(scene.finished(EarlierResults::resume) == 2);
        CHECK(left() == "c.png ");
    }
    SECTION("not what is cut off") {
        scene.put("out/a.png", half_png, 50);
        scene.put("out/b.jpg", half_jpeg, 50);
        scene.put("out/c.png", "", 50);
        CHECK(scene.finished(EarlierResults::resume) == 0);
        CHECK(left() == "a.png b.jpg c.png ");
    }
    SECTION("not what is older than its source") {
        scene.put("out/a.png", whole_png, 101);
        CHECK(scene.finished(EarlierResults::resume) == 0);
    }
    SECTION("not what is older than the model") {
        scene.put("out/a.png", whole_png, 50);
        scene.put("model", "", 40);
        CHECK(scene.finished(EarlierResults::resume) == 0);
    }
}

#ifdef __linux__
TEST_CASE("what a killed run left of these results is removed, and nothing else") {
    ResultScene scene;
    const auto temporary = [&](const std::string& name, const char* process) {
        return fmt::format("out/.shadenet-{:016x}-{}.tmp", checksum(std::as_bytes(std::span(name))), process);
    };
    const std::string gone = temporary("a.png", "2147483647"), other = temporary("z.png", "2147483647");
    const std::string running = temporary("b.jpg", "1");
    for (const std::string& name : {gone, other, running}) scene.put(name, "half", 0);
    CHECK(remove_abandoned(scene.jobs) == 1);
    CHECK_FALSE(fs::exists(scene.folder / gone));
    CHECK(fs::exists(scene.folder / other));
    CHECK(fs::exists(scene.folder / running));
}
#endif
