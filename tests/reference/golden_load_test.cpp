#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/error.h"
#include "catch.h"
#include "check/golden.h"
#include "model/presets.h"

using namespace shadenet;

namespace fs = std::filesystem;

namespace {

const fs::path golden_folder = fs::path(SHADENET_SOURCE_FOLDER) / "tests/golden";

SafeTensors good_file() {
    return read_safetensors(golden_folder / "tanh_momentum.safetensors");
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

TEST_CASE("a golden run that lacks something is refused, and the line says what") {
    const SafeTensors good = good_file();
    for (const SafeTensor& one : good.tensors) {
        SafeTensors file = good;
        std::erase_if(file.tensors, [&](const SafeTensor& other) { return other.name == one.name; });
        check_refused(file, one.name);
    }
    for (const auto& entry : good.metadata) {
        if (entry.first == "case") continue;
        SafeTensors file = good;
        file.metadata.erase(entry.first);
        check_refused(file, entry.first);
    }
    SafeTensors nameless = good;
    nameless.metadata.erase("case");
    CHECK(load_golden(nameless, "some.safetensors").name == "some.safetensors");
}

TEST_CASE("a golden run with a wrong shape or a NaN is refused, and the line says where") {
    const SafeTensors good = good_file();
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
