// Pictures in bands of rows are filtered as they are whole, bit for bit.
#include "apply/picture_bands.h"

#include "apply/device_stream.h"
#include "apply/filter_stages.h"
#include "base/file.h"
#include "failing_stream.h"
#include "image/file_formats.h"
#include "model/presets.h"
#include "no_threads.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t band_columns = 43, band_picture_rows = 37;

template <class Sample>
FilePicture noise_file(bool grey, bool alpha) {
    Picture<Sample> colour{band_columns, band_picture_rows, {}};
    FilePicture picture{.grey = grey};
    std::mt19937_64 random = random_stream(3, grey ? 1 : 2);
    for (std::size_t i = 0; i < 3 * colour.plane(); ++i) {
        colour.rgb.push_back(static_cast<Sample>(random()));
    }
    for (std::size_t i = 0; alpha && i < colour.plane(); ++i) {
        picture.alpha.push_back(static_cast<Sample>(random()));
    }
    picture.colour = std::move(colour);
    picture.metadata.density = Density{Density::Unit::inch, 300, 300};
    return picture;
}

/// Pictures of every depth and format that goes by rows, each to become a file of another.
struct BandScene {
    BandScene() {
        for (const char* place : {"in", "whole", "bands"}) fs::create_directory(folder / place);
        add("a.png", noise_file<std::uint8_t>(false, true), "tif");
        add("b.png", noise_file<std::uint16_t>(true, false), "png");
        add("c.tif", noise_file<std::uint16_t>(false, true), "png");
        add("d.tif", noise_file<std::uint8_t>(true, true), "tif");
        add("e.jpg", noise_file<std::uint8_t>(false, false), "jpg");
        add("f.jpg", noise_file<std::uint8_t>(true, false), "png");
    }

    void add(const std::string& name, const FilePicture& picture, const std::string& to) {
        write_picture(folder / "in" / name, picture, {.format = format_by_name(name).value()});
        jobs.push_back({folder / "in" / name, fs::path(name).replace_extension(to)});
    }

    /// The outcomes in the order of the pictures.
    std::vector<PictureOutcome> run(CarefulFilter& filter, const char* place, const BandOptions& bands,
                                    const PipelineOptions& options) {
        std::vector<ApplyJob> placed = jobs;
        for (ApplyJob& job : placed) job.output = folder / place / job.output;
        FilterStages stages(filter, {.bands = bands});
        std::vector<PictureOutcome> outcomes;
        run_pipeline(placed, options, stages, stop,
                     [&](const PictureOutcome& outcome) { outcomes.push_back(outcome); });
        std::ranges::sort(outcomes, {}, &PictureOutcome::input);
        return outcomes;
    }

    std::vector<std::byte> result(const char* place, const ApplyJob& job) const {
        return read_file(folder / place / job.output, 1 << 20);
    }

    void check_same_results() const {
        for (const ApplyJob& job : jobs) {
            INFO(job.input);
            CHECK(result("bands", job) == result("whole", job));
        }
    }

    TemporaryFolder folder;
    std::vector<ApplyJob> jobs;
    std::atomic<bool> stop = false;
};

/// Among its pixels: a JPEG's end early, of other files' a byte is another.
void damage(const fs::path& path) {
    auto bytes = read_file(path, 1 << 20);
    if (path.extension() == ".jpg") {
        bytes.erase(bytes.end() - 400, bytes.end() - 2);
    } else {
        bytes[bytes.size() - 400] ^= std::byte{0x5a};
    }
    write_file_atomically(path, bytes);
}

constexpr PipelineOptions some_threads{.loaders = 2, .under_way = 2, .savers = 2, .memory_bytes = 1 << 30};

/// Every picture in bands of five rows, with its pixels in the file until then.
BandOptions narrow(std::uint32_t reach) {
    return {.from_bytes = 0, .reach = reach, .pixels = 5 * band_columns, .most_file_bytes = 0};
}

CarefulFilter inverting(FailingDevice& device) {
    return {device.maker(), 64, inverse_check(), [](const std::string&) {}};
}

}  // namespace

TEST_CASE("networks make the same files of bands as of whole pictures") {
    const ValidatedDevice device;
    const auto [activation, depth, padding, strength] = GENERATE(
        table<const char*, std::uint32_t, PicturePadding, float>({{"relu", 2, PicturePadding::reflect, 1.0f},
                                                                  {"none", 2, PicturePadding::zero, 1.0f},
                                                                  {"relu", 4, PicturePadding::reflect, 0.4f},
                                                                  {"relu", 3, PicturePadding::zero, 1.0f},
                                                                  {"relu", 3, PicturePadding::edge, 1.0f}}));
    NetworkOptions options;
    options.hidden = 4;
    options.kernel = depth == 2 ? 5 : 3;
    options.depth = depth;
    options.activation = activation;
    Network network = depth == 2 ? two_layer_network(options) : dncnn_network(options);
    network.padding = padding;
    const Model model{network, initial_parameters(network, 7)};
    CarefulFilter filter(device_streams(Device::open(), "", model, strength), default_filter_tile,
                         SpotCheck(network, model.parameters, strength), [](const std::string&) {});
    BandScene scene;
    for (const PictureOutcome& outcome : scene.run(filter, "whole", {}, some_threads)) {
        CHECK(outcome.status == PictureStatus::written);
    }
    for (const PictureOutcome& outcome :
         scene.run(filter, "bands", narrow(receptive_radius(network)), some_threads)) {
        CHECK(outcome.status == PictureStatus::written);
    }
    scene.check_same_results();
}

TEST_CASE("pictures in bands mix with whole ones, without threads, too") {
    BandScene scene;
    FailingDevice device;
    CarefulFilter filter = inverting(device);
    const auto whole = scene.run(filter, "whole", {}, some_threads);
    BandOptions some = narrow(0);
    some.from_bytes = 20'000;  // 16 bits and alpha are above that
    const unsigned threads = GENERATE(0u, 2u);
    const auto outcomes = scene.run(filter, "bands", some, {threads, 2, threads, 1 << 30});
    REQUIRE(outcomes.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(outcomes[i].notes == whole[i].notes);
        CHECK(outcomes[i].output_bytes == whole[i].output_bytes);
        CHECK(outcomes[i].input_bytes == whole[i].input_bytes);
        CHECK(outcomes[i].width == band_columns);
    }
    scene.check_same_results();
}

TEST_CASE("a file in bands that is damaged in its middle fails as a whole one does, and leaves nothing") {
    BandScene scene;
    for (const ApplyJob& job : scene.jobs) damage(job.input);
    FailingDevice device;
    CarefulFilter filter = inverting(device);
    const auto whole = scene.run(filter, "whole", {}, some_threads);
    const auto bands = scene.run(filter, "bands", narrow(3), some_threads);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        CHECK(bands[i].status == PictureStatus::failed);
        CHECK(bands[i].message == whole[i].message);
    }
    CHECK(fs::is_empty(scene.folder / "bands"));
}

TEST_CASE("a device that fails at a band fails its picture alone, which leaves nothing") {
    BandScene scene;
    std::size_t bands = 0;
    FailingDevice device([&](const StreamEvent& event) {
        // The second band of the first picture that comes, at both attempts.
        const std::uint32_t rows = std::visit([](const auto& input) { return input.height; }, event.input);
        if (rows == 11 && bands++ < 2) throw BadResult("a value is nan");
    });
    CarefulFilter filter = inverting(device);
    const auto outcomes = scene.run(filter, "bands", narrow(3), {1, 2, 1, 1 << 30});
    CHECK(outcomes[0].message ==
          outcomes[0].input.string() +
              ": not written: in the part whose row 0 is row 2: a value is nan (at the "
              "second attempt, too)");
    for (std::size_t i = 1; i < outcomes.size(); ++i) CHECK(outcomes[i].status == PictureStatus::written);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(scene.folder / "bands")) files += entry.exists() ? 1 : 0;
    CHECK(files == scene.jobs.size() - 1);
}

TEST_CASE("when no device can be opened any more, pictures in bands are reported, too") {
    BandScene scene;
    FailingDevice device([](const StreamEvent&) { throw DeviceLost("the device was lost"); });
    device.opens = 1;
    CarefulFilter filter = inverting(device);
    for (const PictureOutcome& outcome : scene.run(filter, "bands", narrow(3), some_threads)) {
        CHECK(outcome.status != PictureStatus::written);
        CHECK(contains(outcome.message, "no device can be opened"));
    }
    CHECK(fs::is_empty(scene.folder / "bands"));
}

TEST_CASE(
    "a stop ends a picture at its next band, which leaves nothing, but one whose last was read is done") {
    BandScene scene;
    const auto [stopping_band, written] = GENERATE(table<std::size_t, std::size_t>({{1, 0}, {3, 0}, {8, 1}}));
    std::size_t bands = 0;
    FailingDevice device([&, stopping = stopping_band](const StreamEvent&) {
        if (++bands == stopping) scene.stop = true;
    });
    CarefulFilter filter = inverting(device);
    BandOptions narrow_bands = narrow(3);
    narrow_bands.stop = &scene.stop;
    const unsigned threads = GENERATE(0u, 1u);
    const PipelineOptions options{threads, 1, threads, 1 << 30};
    const auto outcomes = scene.run(filter, "bands", narrow_bands, options);
    REQUIRE(outcomes.size() == scene.jobs.size());
    CHECK(bands <= stopping_band + 1);  // two are under way
    std::size_t files = 0, in_midst = 0;
    for (const auto& entry : fs::directory_iterator(scene.folder / "bands")) files += entry.exists() ? 1 : 0;
    CHECK(files == written);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        CHECK(outcomes[i].status == (i < written ? PictureStatus::written : PictureStatus::not_done));
        in_midst += outcomes[i].message == "stopped in its midst" ? 1 : 0;
    }
    CHECK((in_midst > 0 || written > 0));
    scene.stop = false;
    scene.run(filter, "whole", {}, some_threads);
    scene.run(filter, "bands", narrow_bands, options);
    scene.check_same_results();
}

TEST_CASE("what a picture in bands takes in memory does not grow with its height") {
    const BandOptions options{.reach = 10};
    PictureFacts facts{.width = 30'000, .height = 30'000, .file_bytes = std::uint64_t{1} << 31};
    const std::uint64_t bytes = memory_of_bands(facts, options);
    CHECK(bytes == usual_bytes_at_once + 3 * 30'000 * (559 + 20) * 6);
    facts.height = 60'000;
    CHECK(memory_of_bands(facts, options) == bytes);
    CHECK(memory_needed(facts, FileFormat::png) > 10 * bytes);
}

TEST_CASE("an earlier result is read through by rows") {
    BandScene scene;
    for (const ApplyJob& job : scene.jobs) {
        PictureReader reader(job.input, 0);
        read_through(reader, scene.stop);
        PictureReader stopped(job.input, 0);
        CHECK_THROWS_AS(read_through(stopped, std::atomic<bool>(true)), Stopped);
        damage(job.input);
        CHECK_FALSE(message_of<InputError>([&] {
                        PictureReader damaged(job.input, 0);
                        read_through(damaged, scene.stop);
                    }).empty());
    }
}
