#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "catch.h"
#include "check/golden.h"
#include "model/presets.h"
#include "places.h"

using namespace shadenet;

namespace fs = std::filesystem;

namespace {

const fs::path golden_folder = fs::path(test::source_folder()) / "tests/golden";

SafeTensors good_file() {
    return read_safetensors(golden_folder / "tanh_momentum.safetensors");
}

/// On labels, with dropout and a schedule.
SafeTensors good_label_file() {
    return read_safetensors(fs::path(test::source_folder()) /
                            "tests/golden_networks/mlp_dropout_adam.safetensors");
}

SafeTensors file_with(const std::string& key, const std::string& text) {
    SafeTensors file = good_file();
    file.metadata[key] = text;
    return file;
}

SafeTensor& tensor(SafeTensors& file, const std::string& name) {
    const auto found = std::find_if(file.tensors.begin(), file.tensors.end(),
                                    [&](const SafeTensor& one) { return one.name == name; });
    REQUIRE(found != file.tensors.end());
    return *found;
}

/// Loading it must fail with one line that begins with the source and holds `word`.
void check_refused(const SafeTensors& file, const std::string& word) {
    INFO(word);
    std::string message;
    try {
        load_golden(file, "some.safetensors");
    } catch (const InputError& error) {
        message = error.what();
    }
    CHECK(message.find("some.safetensors") == 0);
    CHECK(message.find(word) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("a golden run is read whole") {
    const GoldenRun run = load_golden(good_file(), "some.safetensors");
    CHECK(run.name == "tanh_momentum");
    CHECK(run.network == two_layer_network({.activation = "tanh"}));
    CHECK(run.optimizer.kind == OptimizerKind::momentum);
    CHECK(run.optimizer.learning_rate == 0.01f);
    CHECK(run.steps == 6);
    CHECK(run.shape == Shape{1, 3, 40, 24});
    CHECK(run.input.size() == run.shape.values());
    CHECK(run.target.size() == run.shape.values());
    CHECK(run.eval_output.size() == run.shape.values());
    CHECK(run.losses.size() == 6);
    CHECK(run.moving.size() == 6);
    CHECK(run.moving[5].at("bn1.running_var").values == run.final.at("bn1.running_var").values);
    CHECK(run.moving[0].at("bn2.running_mean").values != run.final.at("bn2.running_mean").values);
    CHECK(run.init.at("bn1.running_var").values == std::vector<float>(16, 1.0f));
    CHECK(run.gradient.at("conv2.weight").values.size() == 3 * 16 * 9);
    CHECK(run.gradient.tensors().size() == 8);
}

TEST_CASE("the built-in runs are those of the folder") {
    const std::vector<GoldenRun> built_in = built_in_golden();
    const std::vector<GoldenRun> read = golden_of(golden_folder);
    REQUIRE(built_in.size() == 9);
    REQUIRE(read.size() == built_in.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        CHECK(read[i].name == built_in[i].name);
        CHECK(read[i].losses == built_in[i].losses);
        CHECK(read[i].eval_output == built_in[i].eval_output);
    }
}

TEST_CASE("a golden run on labels is read whole") {
    const GoldenRun run = load_golden(good_label_file(), "some.safetensors");
    CHECK(run.name == "mlp_dropout_adam");
    CHECK(run.seed == 502);
    CHECK(run.shape == Shape{24, 1, 8, 9});
    CHECK(run.output_shape == Shape{24, 10, 1, 1});
    CHECK(run.target.empty());
    CHECK(run.labels.size() == 24);
    CHECK(run.correct.size() == 9);
    CHECK(run.eval_output.size() == 240);
    const std::vector<float> stairs = {0.001f,   0.001f,     0.001f,     0.00095f,  0.00095f,
                                       0.00095f, 0.0009025f, 0.0009025f, 0.0009025f};
    CHECK(run.rates == stairs);
    SafeTensors smooth = good_label_file();
    smooth.metadata["staircase"] = "false";
    CHECK(load_golden(smooth, "smooth").rates[1] == static_cast<float>(0.001 * std::cbrt(0.95)));
    CHECK(load_golden(good_file(), "plain").rates == std::vector<float>(6, 0.01f));
}

TEST_CASE("a golden run that lacks something is refused, and the line says what") {
    for (const SafeTensors& good : {good_file(), good_label_file()}) {
        for (const SafeTensor& one : good.tensors) {
            SafeTensors file = good;
            std::erase_if(file.tensors, [&](const SafeTensor& other) { return other.name == one.name; });
            check_refused(file, one.name);
        }
        for (const auto& [key, value] : good.metadata) {
            // Without "schedule" the rate is constant, and without "network" the file one of two layers.
            if (key == "case" || key == "schedule" || key == "network") continue;
            SafeTensors file = good;
            file.metadata.erase(key);
            check_refused(file, key);
        }
    }
    SafeTensors nameless = good_file();
    nameless.metadata.erase("case");
    CHECK(load_golden(nameless, "some.safetensors").name == "some.safetensors");
}

TEST_CASE("a golden run with a wrong shape or a NaN is refused, and the line says where") {
    for (const SafeTensors& good : {good_file(), good_label_file()}) {
        for (const SafeTensor& one : good.tensors) {
            SafeTensors file = good;
            std::vector<std::uint64_t>& shape = tensor(file, one.name).shape;
            shape.push_back(1);
            check_refused(file, one.name);

            file = good;
            SafeTensor& poisoned = tensor(file, one.name);
            if (poisoned.dtype == DType::f32) {
                std::vector<float> values = poisoned.as_floats();
                values.back() = std::numeric_limits<float>::quiet_NaN();
                poisoned = SafeTensor::floats(poisoned.name, poisoned.shape, values);
            } else {
                std::fill(poisoned.bytes.begin(), poisoned.bytes.end(), std::byte{0xff});
            }
            check_refused(file, one.name);
        }
    }
}

TEST_CASE("a golden run with a bad entry is refused") {
    for (const char* key : {"optimizer", "learning_rate", "steps", "hidden", "norm"}) {
        for (const char* text : {"", "x", "-1", "nan", "inf", "0", "6x"}) {
            check_refused(file_with(key, text), key);
        }
    }
    check_refused(file_with("steps", "7"), "losses");
    SafeTensors file = good_file();
    tensor(file, "input").shape = {1, 1, 120, 24};
    check_refused(file, "channels");
}

TEST_CASE("a golden run with bad labels, a bad schedule or a bad loss is refused") {
    const auto with = [](const std::string& key, const std::string& text) {
        SafeTensors file = good_label_file();
        file.metadata[key] = text;
        return file;
    };
    for (const char* text : {"", "mean", "MSE", "cross-entropy"}) check_refused(with("loss", text), "loss");
    for (const char* text : {"", "-1", "x", "1.5"}) check_refused(with("seed", text), "seed");
    for (const char* text : {"", "cosine"}) check_refused(with("schedule", text), "schedule");
    for (const char* key : {"schedule_rate", "schedule_steps"}) {
        for (const char* text : {"", "0", "-3", "nan", "3x"}) check_refused(with(key, text), key);
    }
    check_refused(with("staircase", "maybe"), "staircase");
    // Ten classes, so that 10 is one too many, and 24 examples.
    const auto with_number = [](const std::string& name, double number) {
        SafeTensors file = good_label_file();
        SafeTensor& changed = tensor(file, name);
        std::vector<double> values = changed.as_doubles();
        values.back() = number;
        changed.dtype = DType::f64;
        const auto bytes = std::as_bytes(std::span(values));
        changed.bytes.assign(bytes.begin(), bytes.end());
        return file;
    };
    for (const double label : {-1.0, 0.5, 10.0}) check_refused(with_number("labels", label), "labels");
    for (const double correct : {-1.0, 0.5, 25.0}) check_refused(with_number("correct", correct), "correct");
    CHECK(load_golden(with_number("labels", 9.0), "some.safetensors").labels.back() == 9);
    // A picture has no classes.
    SafeTensors picture =
        read_safetensors(fs::path(test::source_folder()) / "tests/golden_networks/dncnn5_adam.safetensors");
    picture.metadata["loss"] = "cross_entropy";
    check_refused(picture, "classes");
}

TEST_CASE("a folder without golden runs is refused") {
    const fs::path folder = fs::temp_directory_path() / "shadenet_golden_load_test";
    fs::remove_all(folder);
    CHECK_THROWS_AS(golden_of(folder), InputError);
    fs::create_directories(folder);
    CHECK_THROWS_AS(golden_of(folder), InputError);
    std::ofstream(folder / "notes.txt") << "nothing";
    CHECK_THROWS_AS(golden_of(folder), InputError);
    std::ofstream(folder / "broken.safetensors") << "nothing";
    CHECK_THROWS_AS(golden_of(folder), InputError);
    fs::remove_all(folder);
}
