// Whole runs in a folder of their own, and what they tell.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/learning/training_plan.h"
#include "engine/plan_tiles.h"
#include "train/logs/floor.h"
#include "train/run.h"
#include "train/run_files.h"
#include "train/train_test_tools.h"

namespace shadenet::test {

/// Remembers what it is told, and can ask for a stop after so many steps.
class Watcher : public RunObserver {
  public:
    void on_note(const std::string& note) override { notes.push_back(note); }
    void on_start(const RunStart& start) override {
        epochs_done = start.epochs_done;
        images = {start.counts.training, start.counts.validation, start.counts.test};
        size = {start.width, start.height};
        pictures = pictures_text(start);
        tensors = start.parameters.tensors().size();
        plan = start.plan;
        feature_maps = start.feature_maps;
    }
    void on_step(std::uint32_t, std::uint32_t, std::uint32_t) override {
        if (++steps == stop_after) stop = true;
    }
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override {
        records.push_back(record);
        latest = parameters;
    }
    void on_validation(const ValidationRecord& record) override { validations.push_back(record); }
    void on_floor(const Floor& told) override { (floor ? reached : floor) = told; }

    std::vector<std::string> notes;
    std::vector<EpochRecord> records;
    std::vector<ValidationRecord> validations;
    std::vector<std::uint32_t> images, size;
    std::string pictures;
    std::uint32_t epochs_done = 999, steps = 0, stop_after = 0;
    std::size_t tensors = 0;
    PlanChoice plan;
    FeatureMapMemory feature_maps;
    std::optional<Floor> floor, reached;
    Parameters latest;  ///< of the end of an epoch
    std::atomic<bool> stop = false;
};

/// Five training pairs, three for validation, and two test pictures, one of another size.
class RunScene {
  public:
    RunScene() {
        write_pairs(folder.path(), 5, 15, 11);
        write_pairs(folder / "validation", 3, 15, 11);
        std::filesystem::create_directory(folder / "test");
        write_png(folder / "test/wide.png", made_picture(31, 7, 90));
        write_png(folder / "test/dot.png", made_picture(1, 1, 91));
    }
    TrainOptions options(const char* output) const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.validation_input = folder / "validation/input";
        options.validation_target = folder / "validation/target";
        options.test = folder / "test";
        options.output = folder / output;
        options.batch = 2;
        return options;
    }
    /// With the tiles of made_trainer(), so that the bits can be compared.
    static RunEnd run(const TrainOptions& options, Watcher& watcher, RunControl* control = nullptr,
                      SharedJob* job = nullptr) {
        const auto tiles = [&](const Device& device, const Network& network, PlanKind plan,
                               const Shape& batch) {
            const bool fused = plan == PlanKind::fused;
            return ChosenTiles{fused ? PlanTiles(tiles_of(options.network.two_layer))
                                     : default_plan_tiles(device, network, plan, batch),
                               "the tests'"};
        };
        return run_training(*ValidatedDevice(), options, watcher, watcher.stop, tiles, control, job);
    }
    static RunEnd run(const TrainOptions& options) {
        Watcher watcher;
        return run(options, watcher);
    }
    static std::string refusal(const TrainOptions& options) {
        return message_of<InputError>([&] { run(options); });
    }
    TemporaryFolder folder;
};

}  // namespace shadenet::test
