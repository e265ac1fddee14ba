#include "model/model_file.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "model/model_test_tools.h"
#include "model/network_metadata.h"
#include "model/network_text.h"
#include "places.h"

namespace shadenet {

namespace {

namespace fs = std::filesystem;
using test::contains;
using test::refusal;
using test::Scratch;

const NetworkOptions small_options{.hidden = 5, .activation = "leaky_relu", .norm = NormPlacement::after};

Model small_model() {
    Model model = test::fresh_model(small_options, 3);
    model.parameters.at("bn1.running_mean").values[4] = -0.0f;
    return model;
}

SafeTensors file_of(const Model& model) {
    SafeTensors file;
    append_network(file.metadata, model.network);
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
        NetworkOptions options = small_options;
        options.norm = norm_placement(norm);
        options.kernel = 7;
        options.residual = false;
        options.decay = std::nextafter(0.9f, 1.0f);
        options.epsilon = std::numeric_limits<float>::denorm_min();
        const Model model = test::fresh_model(options, 9);
        write_model(folder / "m", model);
        const Model read = read_model(folder / "m");
        CHECK(read.network == model.network);
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
    CHECK_THROWS(parameters_from(wide, small_model().network, "m"));
}

TEST_CASE("tensors beside the model's are ignored, and a prefix finds others") {
    const Model model = small_model();
    SafeTensors file = file_of(model);
    file.tensors.push_back({"bn1.num_batches_tracked", DType::i64, {}, std::vector<std::byte>(8)});
    const float nan = std::numeric_limits<float>::quiet_NaN();
    file.tensors.push_back(SafeTensor::floats("adam/m", {1}, std::span(&nan, 1)));
    CHECK(read_refusal(file).empty());
    for (SafeTensor& tensor : file.tensors) tensor.name = "init/" + tensor.name;
    const Parameters found = parameters_from(file, model.network, "m", "init/");
    CHECK(found.at("conv2.weight").values == model.parameters.at("conv2.weight").values);
    const std::string message = refusal([&] { parameters_from(file, model.network, "m", "final/"); });
    CHECK(contains(message, "m: has no tensor \"final/conv1.weight\""));
}

TEST_CASE("a model of any network reads back, and has no entries of two-layer networks") {
    const Scratch folder;
    const Network network = parse_network(
        "input 2 range -1..1, conv 4 3x3 stride 2, norm no-center, relu, conv 4 2x2 valid, norm no-scale",
        "m");
    const Model model{network, initial_parameters(network, 3)};
    write_model(folder / "m", model);
    const SafeTensors file = read_safetensors(folder / "m");
    CHECK(file.metadata == std::map<std::string, std::string>{{"network", to_text(network)}});
    const Model read = read_model(folder / "m");
    CHECK(read.network == network);
    CHECK(read.notes.empty());
    for (std::size_t i = 0; i < file.tensors.size(); ++i) {
        CHECK(file_of(read).tensors[i].bytes == file.tensors[i].bytes);
    }
    CHECK(contains(read_refusal([&] {
                       SafeTensors other = file;
                       other.tensors[0].shape = {4, 2, 9, 1};
                       return other;
                   }()),
                   "is [4,2,9,1], and the architecture needs [4,2,3,3]"));
}

TEST_CASE("a network's entry that is none is passed over, which is noted") {
    SafeTensors file = file_of(small_model());
    CHECK(model_from(file, "m").notes.empty());
    file.metadata["network"] = "imput 3\nconv 3 1x1";
    const Model read = model_from(file, "m");
    CHECK(read.network == small_model().network);
    CHECK(read.notes ==
          std::vector<std::string>{"its metadata 'network' is passed over: it does not begin with "
                                   "\"input\", as a network does"});
}

TEST_CASE("a norm without beta or gamma needs no tensor of it") {
    const Network network = two_layer_network({.hidden = 2, .center = false, .scale = false});
    SafeTensors file = file_of({network, initial_parameters(network, 1)});
    std::erase_if(file.tensors, [](const SafeTensor& tensor) {
        return tensor.name == "bn1.weight" || tensor.name == "bn2.bias";
    });
    const Parameters read = parameters_from(file, network, "m");
    CHECK(read.at("bn1.weight").values == std::vector<float>{1, 1});
    CHECK(read.at("bn2.bias").values == std::vector<float>{0, 0, 0});
    CHECK(read.at("bn2.bias").held);
}

TEST_CASE("every golden run is read") {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(source_folder()) / "tests" / "golden")) {
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
