#include "study/study.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "driver_doubles.h"
#include "study/study_curves.h"
#include "study/study_scene.h"
#include "train/logs/validation_log.h"
#include "train/run_files.h"
#include "train/run_folder.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

/// The lines of a CSV file without their last field, which is of seconds.
std::string without_seconds(const fs::path& path) {
    std::string text = file_text(path), kept;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        const std::string line = text.substr(begin, end - begin);
        kept += line.substr(0, line.rfind(',')) + "\n";
        begin = end + 1;
    }
    return kept;
}

/// Two studies, but for their seconds and the places of their folders.
void check_same(const fs::path& study, const fs::path& other) {
    const std::set<std::string> files = files_of(study);
    CHECK(files == files_of(other));
    CHECK(without_seconds(study / "summary.csv") == without_seconds(other / "summary.csv"));
    std::size_t pictures = 0;
    for (const std::string& file : files) {
        INFO(file);
        pictures += file.ends_with(".png");
        if (file.ends_with("history.csv")) CHECK(timeless(study / file) == timeless(other / file));
        const auto is = [&](const char* end) { return file.ends_with(end); };
        if (std::ranges::any_of(std::array{".png", ".svg", "/model.safetensors", "/epochs.bin",
                                           "/health.json", "/floor.json"},
                                is)) {
            CHECK(file_text(study / file) == file_text(other / file));
        }
    }
    CHECK(pictures == 2 * 2 * 3);  // before and after of each pair, by both runs
    for (const char* file : {"loss.svg", "norm=none,seed=11/floor.json", "norm=before,seed=11/health.json",
                             "norm=none,seed=11/quality.json", "norm=before,seed=11/history.csv"}) {
        CHECK(files.contains(file));
    }
}

const Texts all_runs = {"norm=none,seed=11", "norm=before,seed=11", "norm=none,seed=12",
                        "norm=before,seed=12"};

}  // namespace

TEST_CASE("a study makes every run in a folder of its own, is kept, and takes more repeats") {
    const StudyScene scene;
    const StudyPlan plan = scene.plan("study");
    StudyWatcher watcher;
    CHECK(StudyScene::run(plan, watcher) == RunEnd::finished);
    CHECK(watcher.states == Texts(2, "finished"));
    CHECK(watcher.notes.empty());
    const std::string before = file_text(plan.folder / "summary.csv");
    StudyWatcher again;
    CHECK(scene.resume("study", again) == RunEnd::finished);
    CHECK(again.started == 0);
    CHECK(again.states == Texts(2, "finished"));
    CHECK(file_text(plan.folder / "summary.csv") == before);

    StudyRecord record = read_study(plan.folder);
    record.plan.repeats = 2;
    StudyWatcher more;
    CHECK(resume_study(*ValidatedDevice(), record, more, more.stop) == RunEnd::finished);
    CHECK(more.started == 2);
    CHECK(more.floor_pairs == 2 * 3);
    CHECK(more.runs == all_runs);
    for (const std::string& run : all_runs) {
        for (const char* file :
             {"config.json", "model.safetensors", "history.csv", "health.json", "report.html"}) {
            CHECK(fs::is_regular_file(plan.folder / run / file));
        }
        CHECK(contains(file_text(plan.folder / "study.html"), "href=\"" + run + "/report.html\""));
    }
    CHECK(read_config(plan.folder / "norm=before,seed=12/config.json").seed == 12);
    const StudyResult result = results_of(read_study(plan.folder));
    CHECK(result.finished() == 4);
    CHECK(result.validated());
    CHECK(file_text(plan.folder / "summary.csv") == summary_text(result));
    // Repeats differ, or their spread would tell nothing.
    CHECK(result.variants[0].train_loss.width() > 0);
}

TEST_CASE("a study draws the floor that its runs have in common, and leaves the plot as a file") {
    const StudyScene scene;
    const StudyPlan plan = scene.plan("study");
    StudyScene::run(plan);
    const StudyResult result = results_of(read_study(plan.folder));
    for (const VariantResult& variant : result.variants) {
        REQUIRE(fs::is_regular_file(variant.runs[0].run.options.output / "floor.json"));
        REQUIRE(variant.runs[0].floor);
    }
    const Series floor = training_curves(result).series.back();
    CHECK(floor.name == "floor");
    CHECK(floor.values.back() == *result.variants[0].runs[0].floor);
    const std::string plot = file_text(plan.folder / "loss.svg");
    CHECK(plot.starts_with("<svg"));
    CHECK(contains(plot, ">floor</text>"));
}

TEST_CASE("the best validation of a run in a study may lie within an epoch") {
    const StudyScene scene;
    StudyPlan plan = scene.plan("study");
    for (StudyVariant& variant : plan.variants) variant.options.validate_every = 1;
    StudyScene::run(plan);
    for (const VariantResult& variant : results_of(read_study(plan.folder)).variants) {
        double lowest = std::numeric_limits<double>::infinity();
        const auto validations = read_validations(variant.runs[0].run.options.output / "validation.csv");
        REQUIRE(validations.size() == 4);
        for (const ValidationRecord& record : validations) lowest = std::min(lowest, record.loss);
        CHECK(variant.runs[0].best_validation_loss() == lowest);
    }
}

TEST_CASE("a study that is stopped within both runs, and moved, equals one run through") {
    const StudyScene scene;
    const StudyPlan whole = scene.plan("whole");
    StudyScene::run(whole);
    constexpr std::uint32_t steps_of_a_run = 4;
    // Within an epoch, in the last one, and after the last step, when the results are not yet written.
    for (const std::uint32_t stop_after : {1u, 3u, steps_of_a_run}) {
        INFO("after step " << stop_after);
        const fs::path parts = scene.folder / "parts", moved = scene.folder / "moved";
        fs::remove_all(moved);
        // The second ends the first run, and stops at the same step of the other one.
        StudyWatcher first(stop_after), second(steps_of_a_run), third;
        REQUIRE(StudyScene::run(scene.plan("parts"), first) == RunEnd::stopped);
        CHECK(read_study(parts).ended.empty());
        CHECK_FALSE(fs::exists(parts / all_runs[0] / "images/after_p0.png"));
        fs::rename(parts, moved);
        REQUIRE(scene.resume("moved", second) == RunEnd::stopped);
        CHECK(read_study(moved).ended.size() == 1);
        CHECK(second.runs.size() == 2);
        CHECK(scene.resume("moved", third) == RunEnd::finished);
        CHECK(first.steps + second.steps + third.steps == 2 * steps_of_a_run);
        CHECK_FALSE(fs::exists(parts));
        check_same(moved, whole.folder);
    }
}

TEST_CASE("a run that diverges is noted, and the study goes on") {
    const StudyScene scene;
    StudyPlan plan = scene.plan("study");
    plan.variants[0].options.optimizer = {OptimizerKind::sgd, 1e30f};
    StudyWatcher watcher;
    CHECK(StudyScene::run(plan, watcher) == RunEnd::finished);
    CHECK(watcher.states == Texts{"diverged", "finished"});
    REQUIRE(watcher.messages.size() == 1);
    CHECK(contains(watcher.messages[0], "no longer a number"));
    CHECK(contains(file_text(plan.folder / "summary.csv"), ",diverged,"));
    CHECK(contains(file_text(plan.folder / "study.html"), "1 of 1 runs of norm=none diverged"));
    StudyWatcher again;
    CHECK(scene.resume("study", again) == RunEnd::finished);
    CHECK(again.started == 0);
    CHECK(again.states == Texts{"diverged", "finished"});
}

TEST_CASE(
    "a run without memory is noted as failed, the study goes on, and tries it again when it is resumed") {
    const StudyScene scene;
    StudyPlan plan = scene.plan("study");
    plan.repeats = 2;
    StudyWatcher watcher;
    std::optional<Replaced<PFN_vkAllocateMemory>> full;
    watcher.before_run = [&](const StudyRun& run) {
        full.reset();
        if (run.name == all_runs[0] || run.name == all_runs[1]) full.emplace(vkAllocateMemory, no_memory);
    };
    CHECK(StudyScene::run(plan, watcher) == RunEnd::finished);
    full.reset();
    CHECK(watcher.states == Texts{"failed", "failed", "finished", "finished"});
    REQUIRE(watcher.messages.size() == 2);
    CHECK(contains(watcher.messages[0], "no memory left for"));
    CHECK(watcher.notes.empty());
    const StudyRecord record = read_study(plan.folder);
    CHECK(record.failed.at(all_runs[1]) == watcher.messages[1]);
    CHECK(results_of(record).failed() == 2);
    CHECK(contains(file_text(plan.folder / "summary.csv"), ",failed,"));
    const std::string page = file_text(plan.folder / "study.html");
    CHECK(contains(page, "2 of 4 runs finished, 2 failed"));
    CHECK(contains(page, "1 of 2 runs of norm=before failed"));

    StudyWatcher again;
    CHECK(scene.resume("study", again) == RunEnd::finished);
    CHECK(again.started == 2);
    CHECK(again.states == Texts(4, "finished"));
    CHECK(read_study(plan.folder).failed.empty());
}

TEST_CASE("a run that its pictures do not allow fails alone, and pictures that are gone end the study") {
    const StudyScene scene;
    write_png(scene.folder / "input/wide.png", made_picture(12, 8, 5));
    write_png(scene.folder / "target/wide.png", made_picture(12, 8, 5));
    StudyPlan plan = scene.plan("study");
    plan.variants[0].options.size = 8;  // the other one asks for pictures of one size
    StudyWatcher watcher;
    CHECK(StudyScene::run(plan, watcher) == RunEnd::finished);
    CHECK(watcher.states == Texts{"finished", "failed"});
    REQUIRE(watcher.messages.size() == 1);
    CHECK(contains(watcher.messages[0], "--size 0 needs pictures of one size"));
    CHECK_FALSE(fs::exists(plan.folder / all_runs[1]));
    CHECK(results_of(read_study(plan.folder)).variants[1].runs[0].failure == watcher.messages[0]);

    fs::rename(scene.folder / "target", scene.folder / "elsewhere");
    StudyWatcher again;
    CHECK(contains(message_of<InputError>([&] { scene.resume("study", again); }), "target"));
    CHECK(holds_study(plan.folder));
    CHECK(again.states == Texts{"finished"});
}

TEST_CASE("a lost device and a file that cannot be written end a study, which goes on later") {
    const StudyScene scene;
    const StudyPlan plan = scene.plan("study");
    std::optional<Replaced<PFN_vkQueueSubmit>> lost;
    StudyWatcher watcher, again, last;
    watcher.before_run = [&](const StudyRun& run) {
        if (run.name == all_runs[1]) lost.emplace(vkQueueSubmit, lost_at_submission);
    };
    CHECK_THROWS_AS(StudyScene::run(plan, watcher), DeviceLost);
    lost.reset();
    CHECK(watcher.states == Texts{"finished"});

    const fs::path model = plan.folder / all_runs[1] / "model.safetensors";
    again.before_run = [&](const StudyRun& run) {
        if (run.name == all_runs[1]) fs::create_directories(model / "in the way");
    };
    CHECK(contains(message_of<WorkError>([&] { scene.resume("study", again); }), "model.safetensors"));
    CHECK(read_study(plan.folder).failed.empty());
    fs::remove_all(model);
    CHECK(scene.resume("study", last) == RunEnd::finished);
    CHECK(last.states == Texts(2, "finished"));
}

TEST_CASE("a summary that cannot be written is said, and the study goes on") {
    const StudyScene scene;
    const StudyPlan plan = scene.plan("study");
    fs::create_directories(plan.folder / "summary.csv/in the way");
    StudyWatcher watcher;
    CHECK(StudyScene::run(plan, watcher) == RunEnd::finished);
    CHECK(watcher.states == Texts(2, "finished"));
    REQUIRE_FALSE(watcher.notes.empty());
    CHECK(contains(watcher.notes[0], "no summary of the study was written: "));
    CHECK(fs::is_regular_file(plan.folder / "study.html"));
}

TEST_CASE("a study is not begun where there is a study or a run") {
    const StudyScene scene;
    const StudyPlan plan = scene.plan("study");
    StudyWatcher watcher(1);
    StudyScene::run(plan, watcher);
    CHECK(contains(StudyScene::refusal(plan), "holds a study already; go on with it by --resume"));
    StudyPlan inside = plan;
    inside.folder /= all_runs[0];
    CHECK(contains(StudyScene::refusal(inside), "holds a run already"));
    CHECK(contains(message_of<InputError>([&] { read_study(scene.folder / "none"); }), "holds no study"));
    const RunFolder taken(plan.folder, true, "filled");
    CHECK(contains(StudyScene::refusal(plan), "study: is being filled by process "));
    CHECK(contains(message_of<InputError>([&] { scene.resume("study", watcher); }), "; wait for it to end"));
}

TEST_CASE("a study whose pictures are refused leaves nothing") {
    const StudyScene scene;
    StudyPlan plan = scene.plan("study");
    for (StudyVariant& variant : plan.variants) variant.options.input = scene.folder / "nowhere";
    CHECK(contains(StudyScene::refusal(plan), "nowhere"));
    CHECK_FALSE(fs::exists(plan.folder));
}

TEST_CASE("options are refused before the first run, naming the variant") {
    const StudyScene scene;
    StudyPlan plan = scene.plan("study");
    plan.variants[0].options.debias = true;
    CHECK(contains(StudyScene::refusal(plan), "variant norm=none: --debias"));
    plan = scene.plan("study");
    plan.variants[1] = plan.variants[0];
    CHECK(contains(StudyScene::refusal(plan), "have the same options"));
    plan = scene.plan("study");
    for (const std::uint32_t repeats : {0u, 501u, 4'000'000'000u}) {
        plan.repeats = repeats;
        CHECK(contains(StudyScene::refusal(plan), "--repeat"));
    }
    CHECK_FALSE(fs::exists(plan.folder));
}

TEST_CASE("study.json keeps what was asked, and damage to it is told") {
    const StudyScene scene;
    StudyPlan plan = scene.plan("study");
    plan.name = "placement";
    fs::create_directory(plan.folder);
    write_study({plan, {{all_runs[1], RunState::diverged}}, {{all_runs[0], "no \xff memory"}}});
    const StudyRecord record = read_study(plan.folder);
    CHECK(record.plan.name == "placement");
    CHECK(record.plan.repeats == 1);
    REQUIRE(record.plan.variants.size() == 2);
    CHECK(record.plan.variants[0].label() == "norm=none");
    CHECK(config_text(record.plan.variants[1].options, "") == config_text(plan.variants[1].options, ""));
    CHECK(record.ended == std::map<std::string, RunState>{{all_runs[1], RunState::diverged}});
    CHECK(record.failed == std::map<std::string, std::string>{{all_runs[0], "no \xef\xbf\xbd memory"}});

    const std::string text = file_text(study_file(plan.folder));
    const auto damaged = [&](const std::string& part, const std::string& by) {
        std::string other = text;
        REQUIRE(contains(other, part));
        other.replace(other.find(part), part.size(), by);
        write_file_atomically(study_file(plan.folder), other);
        return message_of<InputError>([&] { read_study(plan.folder); });
    };
    for (const auto& [part, by] :
         std::vector<std::pair<std::string, std::string>>{{"shadenet study 1", "shadenet study 9"},
                                                          {"\"none\"", "\"../../none\""},
                                                          {"\"norm\"", "7"},
                                                          {"\"repeats\": 1", "\"repeats\": 4000000000"},
                                                          {"\"repeats\": 1", "\"repeats\": 0"},
                                                          {"diverged", "lost"},
                                                          {"{", "["},
                                                          {"\"epochs\": 2", "\"epochs\": 0"}}) {
        INFO(part << " as " << by);
        const std::string message = damaged(part, by);
        CHECK(contains(message, "study.json: is no"));
        CHECK_FALSE(contains(message, "exception"));
    }
}
