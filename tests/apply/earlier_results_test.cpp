#include "apply/earlier_results.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "image/picture_file.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// A picture file's bytes.
std::string picture_bytes(const std::string& extension, std::uint32_t width = 9, std::uint32_t height = 7) {
    const TemporaryFolder folder;
    const fs::path path = folder / ("picture." + extension);
    FilePicture picture;
    picture.colour = to_picture8(made_picture(width, height, 3));
    const FileFormat format = result_format({path, path});
    write_picture(path, picture, {.format = format});
    return file_text(path);
}

std::string cut(std::string text, std::size_t bytes) {
    text.resize(text.size() - bytes);
    return text;
}

/// With a byte in the middle changed.
std::string damaged(std::string text) {
    text[text.size() / 2] = static_cast<char>(~text[text.size() / 2]);
    return text;
}

struct ResultScene {
    ResultScene() {
        put("model", "", 0);
        for (const char* name : {"a.png", "b.jpg", "c.png"}) put(name, picture_bytes("png"), 0);
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
        EarlierFindings findings = take_finished(jobs, earlier, folder / "model", stop);
        damaged = findings.damaged;
        return findings.finished.size();
    }
    std::string left() const {
        std::string names;
        for (const ApplyJob& job : jobs) names += job.input.filename().string() + ' ';
        return names;
    }
    TemporaryFolder folder;
    std::vector<ApplyJob> jobs;
    std::size_t damaged = 0;
    std::atomic<bool> stop = false;
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
    for (const char* name : {"a.png", "b.jpg", "c.png"}) scene.put(name, picture_bytes("png"), 100);
    const std::string png = picture_bytes("png"), jpeg = picture_bytes("jpg");
    scene.put("out/a.png", png, 50);
    scene.put("out/b.jpg", jpeg, 99);
    SECTION("all of it") {
        CHECK(scene.finished(EarlierResults::resume) == 2);
        CHECK(scene.left() == "c.png ");
        CHECK(scene.damaged == 0);
    }
    SECTION("not what is older than its source") {
        scene.put("out/a.png", png, 101);
        CHECK(scene.finished(EarlierResults::resume) == 1);
        CHECK(scene.left() == "a.png c.png ");
        CHECK(scene.damaged == 0);
    }
    SECTION("not what is older than the model") {
        scene.put("model", "", 60);
        CHECK(scene.finished(EarlierResults::resume) == 1);
        CHECK(scene.left() == "b.jpg c.png ");
    }
    SECTION("not what is of the same time: where times are coarse it may be older") {
        scene.put("out/a.png", png, 100);
        CHECK(scene.finished(EarlierResults::resume) == 1);
        scene.put("model", "", 99);
        CHECK(scene.finished(EarlierResults::resume) == 0);
    }
    SECTION("nothing where it was stopped before") {
        scene.stop = true;
        CHECK(scene.finished(EarlierResults::resume) == 0);
        CHECK(scene.left() == "a.png b.jpg c.png ");
    }
    SECTION("what cannot be compared, because the source is damaged, is tried again") {
        scene.put("a.png", "no picture", 100);
        CHECK(scene.finished(EarlierResults::resume) == 1);
        CHECK(scene.damaged == 0);
    }
}

TEST_CASE("a result that is not the whole picture is made anew") {
    ResultScene scene;
    scene.put("model", "", 100);
    const std::string png_end("\0\0\0\0IEND\xae\x42\x60\x82", 12);
    for (const std::string extension : {"png", "jpg", "bmp", "tga"}) {
        const std::string name = "in." + extension, result = "out/" + name;
        scene.put(name, picture_bytes("png"), 100);
        const std::string good = picture_bytes(extension);
        const std::string other = picture_bytes(extension == "png" ? "bmp" : "png");
        const auto is_finished = [&](const std::string& content) {
            scene.jobs = {{scene.folder / name, scene.folder / result}};
            scene.put(result, content, 50);
            return scene.finished(EarlierResults::resume) == 1;
        };
        INFO(extension);
        CHECK(is_finished(good));
        CHECK(scene.damaged == 0);
        const std::string bad[] = {"",
                                   std::string(5000, '\0'),
                                   "<!DOCTYPE html><html><body>503 Service Unavailable</body></html>\n",
                                   cut(good, good.size() / 2),
                                   cut(good, 40),
                                   other,
                                   picture_bytes(extension, 7, 9),
                                   picture_bytes(extension, 9, 8)};
        for (const std::string& content : bad) {
            INFO(content.size() << " bytes: " << content.substr(0, 20));
            CHECK_FALSE(is_finished(content));
            CHECK(scene.damaged == 1);
        }
        if (extension != "png") continue;
        CHECK_FALSE(is_finished(damaged(good)));
        CHECK_FALSE(is_finished(cut(good, good.size() / 2) + png_end));
        CHECK_FALSE(is_finished(good.substr(0, 8) + std::string(5000, '\0') + png_end));
    }
}

TEST_CASE("checking earlier results tells how far it is") {
    ResultScene scene;
    scene.put("model", "", 100);
    std::size_t calls = 0, last = 0;
    const auto tell = [&](std::size_t checked, std::size_t results) {
        CHECK(results == 3);
        CHECK(checked <= 3);
        last = checked;
        ++calls;
    };
    take_finished(scene.jobs, EarlierResults::resume, scene.folder / "model", scene.stop, tell);
    CHECK(calls <= 3);
    CHECK(last <= 3);
}
