#include <algorithm>
#include <map>
#include <set>

#include "apply/filter_stages.h"
#include "failing_stream.h"
#include "no_threads.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Pictures in/0.png, in/1.png … of different sizes, to be inverted into out/.
struct PipelineScene {
    explicit PipelineScene(std::size_t count) {
        fs::create_directory(folder / "in");
        fs::create_directory(folder / "out");
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::string name = fmt::format("{}.png", i);
            write_png(folder / "in" / name, to_picture8(made_picture(3 + i, 40 - i, i)));
            jobs.push_back({folder / "in" / name, folder / "out" / name});
        }
    }

    void run(const PipelineOptions& options) {
        CarefulFilter filter(device.maker(), 64, inverse_check(), [](const std::string&) {});
        FilterStages stages(filter);
        run_pipeline(
            jobs, options, stages, stop,
            [&](const PictureOutcome& outcome) {
                outcomes.push_back(outcome);
                if (on_outcome) on_outcome(outcome);
            },
            [&](const std::string& line) { log.push_back(line); });
    }

    std::size_t count(PictureStatus status) const {
        return static_cast<std::size_t>(
            std::count_if(outcomes.begin(), outcomes.end(),
                          [&](const PictureOutcome& outcome) { return outcome.status == status; }));
    }

    bool is_inverted(const ApplyJob& job) const {
        const Image input = read_image(job.input).image, output = read_image(job.output).image;
        return std::ranges::equal(input.values, output.values, [](float a, float b) {
            return std::lround(a * 255) + std::lround(b * 255) == 255;
        });
    }

    TemporaryFolder folder;
    std::vector<ApplyJob> jobs;
    FailingDevice device;
    std::atomic<bool> stop = false;
    std::vector<PictureOutcome> outcomes;
    std::vector<std::string> log;
    OnOutcome on_outcome;
};

constexpr PipelineOptions plenty{.loaders = 3, .under_way = 2, .savers = 3, .memory_bytes = 1 << 30};

}  // namespace

TEST_CASE("every picture is filtered and reported once, however many threads there are") {
    const auto [loaders, under_way, savers] = GENERATE(table<unsigned, unsigned, unsigned>(
        {{1, 1, 1}, {4, 1, 1}, {1, 5, 1}, {1, 1, 4}, {3, 3, 3}, {0, 2, 0}, {0, 2, 3}, {3, 2, 0}}));
    PipelineScene scene(17);
    scene.run({.loaders = loaders, .under_way = under_way, .savers = savers, .memory_bytes = 1 << 20});
    CHECK(scene.count(PictureStatus::written) == 17);
    std::set<fs::path> reported;
    for (const PictureOutcome& outcome : scene.outcomes) {
        reported.insert(outcome.input);
        CHECK(outcome.output_bytes == fs::file_size(outcome.output));
        CHECK(outcome.input_bytes == fs::file_size(outcome.input));
        CHECK(outcome.width + outcome.height == 43);
        CHECK(outcome.milliseconds > 0);
    }
    CHECK(reported.size() == 17);
    CHECK(scene.log.empty());
    CHECK(std::ranges::all_of(scene.jobs, [&](const ApplyJob& job) { return scene.is_inverted(job); }));
}

TEST_CASE("a budget smaller than any picture lets them through one by one") {
    PipelineScene scene(6);
    const unsigned loaders = GENERATE(0u, 3u), savers = GENERATE(0u, 2u);
    scene.run({.loaders = loaders, .under_way = 3, .savers = savers, .memory_bytes = 1});
    CHECK(scene.count(PictureStatus::written) == 6);
    CHECK(scene.device.most_under_way == 1);
}

#ifdef __GLIBC__
TEST_CASE("where no thread can be started, the calling one does all the work, and it is said") {
    PipelineScene scene(9);
    write_file_atomically(scene.jobs[0].input, "no picture");
    write_file_atomically(scene.jobs[8].input, "no picture");
    {
        const NoThreads none;
        scene.run(plenty);
    }
    CHECK(scene.count(PictureStatus::written) == 7);
    CHECK(scene.count(PictureStatus::failed) == 2);
    CHECK(scene.log ==
          std::vector<std::string>{"no thread could be started; pictures are read and written one by one"});
}
#endif

TEST_CASE("a bad file, a failing picture and a missing folder disturb no other picture") {
    PipelineScene scene(8);
    write_file_atomically(scene.jobs[2].input, "no picture");
    fs::remove(scene.jobs[3].input);
    scene.jobs[4].output = scene.folder / "gone/4.png";
    scene.device = FailingDevice([&](const StreamEvent& event) {
        if (std::get<Picture8>(event.input).width == 3 + 5) throw BadResult("a value is nan");
    });
    scene.run(plenty);
    CHECK(scene.count(PictureStatus::written) == 4);
    std::map<fs::path, std::string> failures;
    for (const PictureOutcome& outcome : scene.outcomes) {
        if (outcome.status == PictureStatus::failed) failures[outcome.input.filename()] = outcome.message;
    }
    REQUIRE(failures.size() == 4);
    CHECK(contains(failures["2.png"], "2.png: "));
    CHECK(contains(failures["3.png"], "no such file"));
    CHECK(contains(failures["4.png"], "cannot create the file"));
    CHECK(contains(failures["5.png"], "5.png: not written: a value is nan"));
    CHECK_FALSE(fs::exists(scene.jobs[5].output));
}

TEST_CASE("a stop finishes what is loaded, and every other picture is reported as not done") {
    PipelineScene scene(30);
    scene.on_outcome = [&](const PictureOutcome&) { scene.stop = true; };
    scene.run({.loaders = 1, .under_way = 1, .savers = 1, .memory_bytes = 1 << 30});
    CHECK(scene.outcomes.size() == 30);
    const std::size_t written = scene.count(PictureStatus::written);
    CHECK(written >= 1);
    CHECK(written < 30);
    CHECK(scene.count(PictureStatus::not_done) == 30 - written);
    for (const PictureOutcome& outcome : scene.outcomes) {
        CHECK(fs::exists(outcome.output) == (outcome.status == PictureStatus::written));
    }
}

TEST_CASE("twenty results in a row that cannot be written end the work") {
    PipelineScene scene(40);
    fs::remove_all(scene.folder / "out");
    scene.run({.loaders = 1, .under_way = 1, .savers = 1, .memory_bytes = 1 << 30});
    CHECK(scene.outcomes.size() == 40);
    CHECK(scene.count(PictureStatus::failed) >= 20);
    CHECK(scene.count(PictureStatus::not_done) > 0);
    CHECK(contains(scene.outcomes.back().message, "20 results in a row"));
}

TEST_CASE("pictures that a format cannot hold do not count as a disk that fails") {
    PipelineScene scene(40);
    for (std::size_t i = 0; i < 35; ++i) {
        const FilePicture glass{.colour = to_picture8(made_picture(5, 4, i)),
                                .alpha = std::vector<std::uint16_t>(20, 7)};
        write_picture(scene.jobs[i].input, glass, {});
    }
    for (ApplyJob& job : scene.jobs) job.output.replace_extension(".jpg");
    scene.run({.loaders = 1, .under_way = 1, .savers = 1, .memory_bytes = 1 << 30});
    CHECK(scene.count(PictureStatus::failed) == 35);
    CHECK(scene.count(PictureStatus::written) == 5);
}

TEST_CASE("when no device can be opened any more, all that is left is reported") {
    PipelineScene scene(12);
    scene.device = FailingDevice([](const StreamEvent&) { throw DeviceLost("the device was lost"); });
    scene.device.opens = 1;
    // With a budget for one picture only, loaders wait for memory while the device is given up.
    const std::uint64_t bytes = GENERATE(1u, 1u << 30);
    scene.run({.loaders = 3, .under_way = 2, .savers = 3, .memory_bytes = bytes});
    CHECK(scene.outcomes.size() == 12);
    CHECK(scene.count(PictureStatus::written) == 0);
    CHECK(contains(scene.outcomes.front().message, ".png: not written: no device can be opened"));
}

TEST_CASE("what a picture takes in memory follows its header") {
    const PictureFacts plain{.width = 100, .height = 10, .file_bytes = 7};
    CHECK(memory_needed(plain, FileFormat::png) == 7 + 1000 * 6);
    CHECK(memory_needed(plain, FileFormat::tiff) == 7 + 1000 * 6);
    CHECK(memory_needed({.format = FileFormat::tiff, .width = 100, .height = 10}, FileFormat::png) ==
          1000 * 14);
    CHECK(memory_needed(plain, FileFormat::webp) == 7 + 1000 * 18);
    const PictureFacts deep{.width = 100, .height = 10, .sixteen_bit = true, .alpha = true, .file_bytes = 7};
    CHECK(memory_needed(deep, FileFormat::png) == 7 + 1000 * 14);
    const PictureFacts progressive{.width = 100, .height = 10, .progressive = true, .file_bytes = 7};
    CHECK(memory_needed(progressive, FileFormat::png) == 7 + 1000 * 12);
    const PictureFacts palette{.width = 100, .height = 10, .palette = true, .file_bytes = 7};
    CHECK(memory_needed(palette, FileFormat::png) == 7 + 1000 * 78);
}
