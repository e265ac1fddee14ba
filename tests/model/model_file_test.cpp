#include "model/model_file.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "model/model_test_tools.h"

namespace shadenet {

namespace {

namespace fs = std::filesystem;
using test::contains;
using test::refusal;
using test::Scratch;

Model small_model() {
    Model model;
    model.options.hidden = 5;
    model.options.activation = "leaky_relu";
    model.options.norm = NormPlacement::after;
    model.parameters = initial_parameters(model.architecture(), 3);
    model.parameters.at("bn1.running_mean").values[4] = -0.0f;
    return model;
}

SafeTensors file_of(const Model& model) {
    SafeTensors file;
    file.metadata = to_metadata(model.options);
    append(file, model.parameters);
    return file;
}

/// What read_model says of `file`.
std::string read_refusal(const SafeTensors& file) {
    const Scratch folder;
    write_safetensors(folder / "m", file);
    const std::string message = refusal([&] { read_model(folder / "m"); });
    const std::string path = (folder / "m").string();
    if (!message.empty()) CHECK(message.starts_with(path + ": "));
    return message;
}

std::string refusal_with(const char* tensor, std::size_t index, float value) {
    Model model = small_model();
    model.parameters.at(tensor).values.at(index) = value;
    return read_refusal(file_of(model));
}

}  // namespace

TEST_CASE("a model reads back bit for bit") {
    const Scratch folder;
    for (const char* norm : {"before", "after", "none"}) {
        Model model = small_model();
        model.options.norm = norm_placement(norm);
        model.options.kernel = 7;
        model.options.residual = false;
        model.options.decay = std::nextafter(0.9f, 1.0f);
        model.options.epsilon = std::numeric_limits<float>::denorm_min();
        model.parameters = initial_parameters(model.architecture(), 9);
        write_model(folder / "m", model);
        const Model read = read_model(folder / "m");
        CHECK(read.options == model.options);
        CHECK(read.notes.empty());
        REQUIRE(read.parameters.tensors().size() == model.parameters.tensors().size());
        for (std::size_t i = 0; i < read.parameters.tensors().size(); ++i) {
            const NamedTensor& a = read.parameters.tensors()[i];
            const NamedTensor& b = model.parameters.tensors()[i];
            CAPTURE(b.name);
            CHECK(a.name == b.name);
            CHECK(a.shape == b.shape);
            CHECK(a.trainable == b.trainable);
            CHECK(file_of(read).tensors[i].bytes == file_of(model).tensors[i].bytes);
        }
    }
}

TEST_CASE("the options as metadata") {
    const std::map<std::string, std::string> expected = {
        {"hidden", "16"},     {"kernel", "3"},  {"activation", "none"}, {"norm", "before"},
        {"residual", "true"}, {"decay", "0.9"}, {"epsilon", "1e-05"}};
    CHECK(to_metadata({}) == expected);
    CHECK(options_from_metadata(expected, "f") == NetworkOptions{});
    for (float decay = 0.1f; decay < 1.0f; decay = std::nextafter(decay * 1.03f, 1.0f)) {
        NetworkOptions options;
        options.decay = decay;
        options.epsilon = decay * 1e-30f;
        CHECK(options_from_metadata(to_metadata(options), "f") == options);
    }
}

TEST_CASE("metadata that is missing or wrong is refused") {
    const auto whole = to_metadata({});
    for (const auto& [key, value] : whole) {
        auto metadata = whole;
        metadata.erase(key);
        CHECK(refusal([&] { options_from_metadata(metadata, "m.file"); }) ==
              "m.file: holds no architecture (metadata '" + key +
                  "' is missing); was it written by shadenet train?");
    }
    const std::vector<std::pair<const char*, const char*>> bad = {
        {"hidden", ""},          {"hidden", "16 "},     {"hidden", " 16"},       {"hidden", "+16"},
        {"hidden", "-1"},        {"hidden", "16.0"},    {"hidden", "0x10"},      {"hidden", "4294967312"},
        {"hidden", "0"},         {"hidden", "1025"},    {"kernel", "2"},         {"kernel", "three"},
        {"activation", "ReLU"},  {"activation", ""},    {"norm", "both"},        {"residual", "yes"},
        {"residual", "True"},    {"residual", ""},      {"decay", "0,9"},        {"decay", "nan"},
        {"decay", "inf"},        {"decay", "1"},        {"decay", "0.9f"},       {"decay", "1e-99"},
        {"epsilon", "0"},        {"epsilon", "-1e-05"}, {"epsilon", "1e99"},     {"epsilon", ""},
        {"epsilon", "infinity"}, {"norm", "af\nter"},   {"activation", "re\nlu"}};
    for (const auto& [key, value] : bad) {
        auto metadata = whole;
        metadata[key] = value;
        const std::string message = refusal([&] { options_from_metadata(metadata, "m.file"); });
        CAPTURE(key, value, message);
        CHECK(message.starts_with("m.file: "));
        CHECK(contains(message, key));
        CHECK_FALSE(contains(message, "\n"));
    }
    auto more = whole;
    more["optimizer"] = "adam";
    CHECK(options_from_metadata(more, "f") == NetworkOptions{});
}

TEST_CASE("numbers no network can use are refused") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK(refusal_with("bn1.running_var", 1, 0.0f).empty());
    CHECK(contains(refusal_with("conv1.weight", 134, nan), "\"conv1.weight\" holds nan at 134"));
    CHECK(contains(refusal_with("conv2.bias", 2, infinity), "\"conv2.bias\" holds inf at 2"));
    CHECK(contains(refusal_with("bn2.running_mean", 0, -infinity), "\"bn2.running_mean\" holds -inf at 0"));
    CHECK(contains(refusal_with("bn1.running_var", 4, nan), "\"bn1.running_var\" holds nan at 4"));
    CHECK(contains(refusal_with("bn1.running_var", 4, -1e-9f), "holds the variance -1e-09 at 4"));
    CHECK(refusal_with("bn1.running_mean", 4, -1e9f).empty());
}

TEST_CASE("a missing tensor and one of another shape are refused") {
    const SafeTensors whole = file_of(small_model());
    for (std::size_t i = 0; i < whole.tensors.size(); ++i) {
        SafeTensors file = whole;
        file.tensors.erase(file.tensors.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(contains(read_refusal(file), "has no tensor \"" + whole.tensors[i].name + "\""));
        file = whole;
        file.tensors[i].shape.push_back(1);
        CHECK(contains(read_refusal(file), "\"" + whole.tensors[i].name + "\" is ["));
    }
    SafeTensors transposed = whole;
    transposed.tensors[0].shape = {3, 5, 3, 3};
    CHECK(contains(read_refusal(transposed), "is [3,5,3,3], and the architecture needs [5,3,3,3]"));
    SafeTensors wide = whole;
    wide.tensors[1].shape = {(std::uint64_t{1} << 32) + 5};
    CHECK_THROWS(parameters_from(wide, small_model().architecture(), "m"));
}

TEST_CASE("tensors beside the model's are ignored, and a prefix finds others") {
    const Model model = small_model();
    SafeTensors file = file_of(model);
    file.tensors.push_back({"bn1.num_batches_tracked", DType::i64, {}, std::vector<std::byte>(8)});
    const float nan = std::numeric_limits<float>::quiet_NaN();
    file.tensors.push_back(SafeTensor::floats("adam/m", {1}, std::span(&nan, 1)));
    CHECK(read_refusal(file).empty());
    for (SafeTensor& tensor : file.tensors) tensor.name = "init/" + tensor.name;
    const Parameters found = parameters_from(file, model.architecture(), "m", "init/");
    CHECK(found.at("conv2.weight").values == model.parameters.at("conv2.weight").values);
    const std::string message = refusal([&] { parameters_from(file, model.architecture(), "m", "final/"); });
    CHECK(contains(message, "m: has no tensor \"final/conv1.weight\""));
}

TEST_CASE("every golden run is read") {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(SHADENET_SOURCE_FOLDER) / "tests" / "golden")) {
        if (entry.path().extension() != ".safetensors") continue;
        ++count;
        CAPTURE(entry.path().string());
        const SafeTensors file = read_safetensors(entry.path());
        const Network network = two_layer_network(options_from_metadata(file.metadata, "golden"));
        const Parameters first = parameters_from(file, network, "golden", "init/");
        const Parameters last = parameters_from(file, network, "golden", "final/");
        CHECK(first.at("conv1.weight").values != last.at("conv1.weight").values);
        REQUIRE(file.find("losses") != nullptr);
        CHECK(file.find("losses")->dtype == DType::f64);
        CHECK(std::to_string(file.find("losses")->as_doubles().size()) == file.metadata.at("steps"));
    }
    CHECK(count >= 9);
}

}  // namespace shadenet
